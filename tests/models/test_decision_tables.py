"""The decision tables give what their rules say, at their borders above all.

Their cases (:mod:`features.tables`) have to be so complete that no condition of a table can be dropped and no border,
number or base changed without one of them noticing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import decisions
from features import mutants
from features.tables import Case
from features.tables import cases as cases_of
from tests.models.assignment import decision_inputs
from tests.models.source import DMN_FILES, MODELS, find, functions, tree

REFERENCE = MODELS.parent / "docs" / "reference" / "decision_tables.md"

tables = pytest.mark.parametrize("path", DMN_FILES, ids=lambda path: path.stem)


@cache
def cases(path: Path) -> tuple[Case, ...]:
    """The cases of a table."""
    return cases_of(path.stem, find(tree(path), "//dmn:output/@name"))


@cache
def table(path: Path) -> decisions.DecisionModel:
    return decisions.parse(path.read_bytes(), functions=functions())


def named(name: str) -> Path:
    return next(path for path in DMN_FILES if path.stem == name)


def decide(name: str, **inputs: object) -> Any:
    """What a table answers: one value, or a mapping by output name."""
    return table(named(name)).evaluate(name, inputs).value


# -- how the tables are built ------------------------------------------------------------------------


def test_each_table_stands_in_one_place_only() -> None:
    names = [path.stem for path in DMN_FILES]
    assert sorted(set(names)) == sorted(names)


@tables
def test_a_table_stands_in_a_file_of_its_name_without_a_document_type(path: Path) -> None:
    root = tree(path)
    assert find(root, "//dmn:decision/@id") == [path.stem]
    assert root.get("namespace") == f"https://yishi.example/dmn/{path.parent.name}"
    assert root.getroottree().docinfo.internalDTD is None


@tables
def test_a_table_answers_by_its_first_rule_that_fits_and_ends_in_one_that_always_does(path: Path) -> None:
    root = tree(path)
    assert find(root, "//dmn:decisionTable/@hitPolicy") == ["FIRST"]
    last = find(root, "//dmn:rule[last()]/dmn:inputEntry/dmn:text")
    assert [cell.text for cell in last] == [None] * len(last)


@tables
def test_every_rule_says_why_and_the_table_names_its_source(path: Path) -> None:
    root = tree(path)
    assert all(reason.text for reason in find(root, "//dmn:rule/dmn:description"))
    assert len(find(root, "//dmn:rule/dmn:description")) == len(find(root, "//dmn:rule"))
    assert find(root, "//dmn:decision/dmn:description")[0].text.startswith("依据：")


@tables
def test_every_cell_can_be_read_and_every_table_is_drawn(path: Path) -> None:
    model = table(path)
    assert model.problems == model.findings == ()
    things = find(tree(path), "//dmn:decision/@id | //dmn:inputData/@id")
    assert sorted(find(tree(path), "//dmndi:DMNShape/@dmnElementRef")) == sorted(things)


@tables
def test_a_table_requires_exactly_the_inputs_its_columns_read(path: Path) -> None:
    root = tree(path)
    read = {name for column in decision_inputs(path.stem) for name in column.names}
    assert set(find(root, "//dmn:inputData/dmn:variable/@name")) == read
    required = {reference.removeprefix("#") for reference in find(root, "//dmn:requiredInput/@href")}
    assert required == set(find(root, "//dmn:inputData/@id"))


@tables
def test_no_fraction_is_written_as_a_decimal_number_in_a_condition(path: Path) -> None:
    conditions = find(tree(path), "//dmn:inputExpression/dmn:text | //dmn:inputEntry/dmn:text")
    assert not [cell.text for cell in conditions if re.search(r"\d\.\d", cell.text or "")]


# -- what they answer --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case",
    [case for path in DMN_FILES for case in cases(path)],
    ids=lambda case: f"{case.table}-{case.what}",
)
def test_a_table_answers_as_its_case_says(case: Case) -> None:
    model = table(named(case.table))
    result = model.evaluate(case.table, case.inputs)
    assert case.holds(model), (result.value, [rule.why for rule in result.rules])
    assert result.warnings == ()


@tables
def test_every_rule_of_a_table_decides_a_case(path: Path) -> None:
    decisive = {table(path).evaluate(path.stem, case.inputs).matched for case in cases(path)}
    assert decisive == {(number,) for number in range(1, len(find(tree(path), "//dmn:rule")) + 1)}


@tables
def test_no_rule_can_be_changed_unnoticed(path: Path) -> None:
    unnoticed = [
        mutant.question
        for mutant in mutants.of_model(path)
        if all(case.holds(decisions.parse(mutant.content, functions=functions())) for case in cases(path))
    ]
    assert unnoticed == []


# -- what no list of cases covers --------------------------------------------------------------------


@pytest.mark.parametrize("base", range(1, 61))
def test_no_count_of_a_third_is_rounded(base: int) -> None:
    rule = {"quorum_met": True, "base_count": base, "pass_num": 2, "pass_den": 3, "strict_more": False}
    for agree in range(base + 1):
        passed = decide("vote_outcome", agree=agree, disagree=base - agree, **rule) == "passed"
        assert passed == (agree * 3 >= base * 2)


@given(ballots=st.lists(st.sampled_from(["satisfied", "unsatisfied", "unknown"]), min_size=1, max_size=60))
@settings(deadline=None)
def test_a_grade_follows_from_the_exact_shares_of_the_ballots(ballots: list[str]) -> None:
    satisfied, unsatisfied = (
        Fraction(ballots.count(mark), len(ballots)) for mark in ("satisfied", "unsatisfied")
    )
    lines = (
        (Fraction(9, 10), "优秀"),
        (Fraction(3, 4), "称职"),
        (Fraction(3, 5), "基本称职"),
        (Fraction(0), "不称职"),
    )
    expected = next(grade for line, grade in lines if satisfied >= line)
    found = decide(
        "review_grade",
        quorum_met=True,
        valid=len(ballots),
        unsatisfied=ballots.count("unsatisfied"),
        satisfied=ballots.count("satisfied"),
        prev_failed=False,
    )
    assert found["grade"] == ("不称职" if unsatisfied >= Fraction(1, 3) else expected)


HOMES = st.lists(
    st.tuples(st.integers(1, 30_000), st.sampled_from(["同意", "反对", "未参与"])), min_size=1, max_size=30
)
"""Each owner's area in hundredths of a square metre, and what the owner did."""


@given(homes=HOMES, is_major=st.booleans())
@settings(deadline=None)
def test_owners_decide_by_both_area_and_heads_never_by_one_alone(
    homes: list[tuple[int, str]], is_major: bool
) -> None:
    def area_and_heads(*choices: str) -> tuple[int, int]:
        areas = [area for area, choice in homes if choice in choices]
        return sum(areas), len(areas)

    total = area_and_heads("同意", "反对", "未参与")
    part, agree = area_and_heads("同意", "反对"), area_and_heads("同意")
    sums = {"total": total, "part": part, "agree": agree}
    areas = {f"{who}_area": Decimal(area) / 100 for who, (area, _) in sums.items()}
    heads = {f"{who}_cnt": count for who, (_, count) in sums.items()}
    found = decide("owners_vote_outcome", is_major=is_major, **areas, **heads)
    enough = all(Fraction(part[i], total[i]) >= Fraction(2, 3) for i in (0, 1))
    shares = [Fraction(agree[i], part[i] or 1) for i in (0, 1)]
    agreed = all(share >= Fraction(3, 4) if is_major else share > Fraction(1, 2) for share in shares)
    assert found["owners_outcome"] == ("invalid" if not enough else "passed" if agreed else "rejected")


# -- what is written about them ----------------------------------------------------------------------


def test_the_reference_speaks_of_every_table_and_of_no_other() -> None:
    assert sorted(reference_rows()) == sorted(path.stem for path in DMN_FILES)


@tables
def test_the_reference_says_what_the_table_says(path: Path) -> None:
    root = tree(path)
    decides, inputs, source = reference_rows()[path.stem]
    link = f"[`{path.stem}`](../../{path.relative_to(MODELS.parent).as_posix()})"
    assert decides.startswith(f"{link} {find(root, '//dmn:decision/@name')[0]}：")
    assert names_in(decides.removeprefix(link)) == find(root, "//dmn:output/@name")
    assert sorted(names_in(inputs)) == sorted(find(root, "//dmn:inputData/dmn:variable/@name"))
    assert f"依据：{source}" == find(root, "//dmn:decision/dmn:description")[0].text


@cache
def reference_rows() -> dict[str, list[str]]:
    """Table → what it decides, its inputs and who produces them, its source."""
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| [`")]
    return {names_in(row[0])[0]: row for row in rows}


def names_in(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)
