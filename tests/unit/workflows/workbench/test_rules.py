from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflows.workbench import rules

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("days", "recoverable"), [(0, True), (30, True), (30.01, False)])
def test_a_draft_lies_in_the_bin_for_thirty_days(days: float, recoverable: bool) -> None:
    assert rules.is_recoverable(NOW - timedelta(days=days), NOW) is recoverable


def test_nobody_decides_on_their_own_request() -> None:
    assert not rules.may_decide("a", "a")
    assert rules.may_decide("a", "b")


@pytest.mark.parametrize(
    ("text", "sentence"), [(" ", "请填写依据。"), ("很长", "依据请不要超过 1 个字。"), ("短", None)]
)
def test_what_is_missing_or_too_long_is_said(text: str, sentence: str | None) -> None:
    assert rules.wanting(text, "依据", 1) == sentence
