"""The DMN Technology Compatibility Kit passes, but for the cases that call Java."""

from __future__ import annotations

from itertools import groupby

import pytest

from tests.conformance.dmn_tck.tck import TCK, Case, cases, run

CASES = sorted(cases(), key=lambda case: str(case.model)) if TCK.is_dir() else []
MODELS = [(model.stem, list(group)) for model, group in groupby(CASES, key=lambda case: case.model)]


@pytest.mark.skipif(not CASES, reason="没有 ../shared/dmn-tck，跳过一致性测试")
def test_the_kit_is_whole() -> None:
    assert len(CASES) > 2000


@pytest.mark.parametrize(("name", "group"), MODELS, ids=[name for name, _ in MODELS])
def test_the_cases_of_a_model_have_the_expected_results(name: str, group: list[Case]) -> None:
    outcomes = [run(case) for case in group if not (case.needs_java and case.expected is not None)]
    assert [outcome for outcome in outcomes if not outcome.passed] == []
