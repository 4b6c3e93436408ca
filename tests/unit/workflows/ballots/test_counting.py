"""Thresholds to the single vote, and the sentences that explain them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.ballots import rules
from workflows.ballots.model import Count, PaperSheet, Threshold

TWO_THIRDS = Threshold(2, 3, strict=False)
THREE_QUARTERS = Threshold(3, 4, strict=False)


@pytest.mark.parametrize("base", range(1, 61))
def test_two_thirds_or_more_begins_at_the_smallest_whole_number_not_below_two_thirds(base: int) -> None:
    smallest = -(-2 * base // 3)
    assert rules.meets(smallest, base, TWO_THIRDS)
    assert not rules.meets(smallest - 1, base, TWO_THIRDS)


@pytest.mark.parametrize("base", range(1, 61))
def test_a_majority_is_one_more_than_half_rounded_down(base: int) -> None:
    assert rules.majority(base // 2 + 1, base)
    assert not rules.majority(base // 2, base)


@pytest.mark.parametrize("seats", range(1, 61))
def test_exactly_two_thirds_reaches_but_does_not_exceed(seats: int) -> None:
    exact = Fraction(2 * seats, 3)
    assert rules.reaches(exact, seats, 2, 3)
    assert not rules.meets(exact, seats, Threshold(2, 3, strict=True))


@pytest.mark.parametrize(("present", "met"), [(5, False), (6, True), (8, True)])
def test_of_eight_seats_six_are_two_thirds(present: int, met: bool) -> None:
    assert rules.reaches(present, 8, 2, 3) is met


def test_when_all_are_recused_nothing_passes() -> None:
    assert not rules.reaches(0, 0, 2, 3)
    assert not rules.majority(0, 0)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 12), st.integers(1, 12))
def test_whole_numbers_and_fractions_agree(part: int, base: int, numerator: int, denominator: int) -> None:
    share = Fraction(part, base)
    assert rules.reaches(part, base, numerator, denominator) == (share >= Fraction(numerator, denominator))
    strict = Threshold(numerator, denominator, strict=True)
    assert rules.meets(part, base, strict) == (share > Fraction(numerator, denominator))


@given(st.integers(0, 100), st.integers(0, 100))
def test_one_more_yes_never_turns_a_pass_into_a_failure(agree: int, base: int) -> None:
    for threshold in (rules.SIMPLE_MAJORITY, TWO_THIRDS, THREE_QUARTERS):
        assert rules.meets(agree, base, threshold) <= rules.meets(agree + 1, base, threshold)


def test_areas_are_compared_without_rounding() -> None:
    area, total = Decimal("31960.2"), Decimal("44120.3")
    assert rules.double_majority(area, total, 331, 452)
    assert not rules.reaches(area, total, 3, 4)
    assert rules.reaches(Decimal("33090.225"), total, 3, 4)
    assert not rules.reaches(Decimal("33090.224"), total, 3, 4)


def test_both_lines_must_have_a_majority() -> None:
    assert not rules.double_majority(51, 100, 50, 100)
    assert not rules.double_majority(50, 100, 51, 100)
    assert rules.double_majority(51, 100, 51, 100)


def test_a_passed_vote_is_explained_with_its_arithmetic_and_its_article() -> None:
    lines = rules.explain(Count(agree=4, disagree=2, abstain=1), 7, rules.SIMPLE_MAJORITY)
    assert lines[0] == "计票基数 7 票：同意 4 票，反对 2 票，弃权 1 票，无效 0 票，未投 0 票。"
    assert lines[1] == "同意 4 票 × 2 = 8 > 基数 7 票 × 1 = 7，达到“过半数”，通过。"
    assert "居民委员会组织法" in lines[2]


def test_a_tie_is_exactly_half_and_not_enough() -> None:
    lines = rules.explain(Count(agree=3, disagree=3, abstain=0), 6, rules.SIMPLE_MAJORITY)
    assert lines[1] == "同意 3 票 × 2 = 6 = 基数 6 票 × 1 = 6，未达到“过半数”，不通过。"


def test_exactly_two_thirds_is_explained_as_reached() -> None:
    lines = rules.explain(Count(agree=4, disagree=2), 6, TWO_THIRDS)
    assert lines[1] == "同意 4 票 × 3 = 12 = 基数 6 票 × 2 = 12，达到“三分之二以上”，通过。"
    assert "一千二百五十九条" in lines[2]


def test_who_did_not_vote_is_counted_apart_from_abstentions() -> None:
    lines = rules.explain(Count(agree=3, abstain=1), 6, rules.SIMPLE_MAJORITY)
    assert "弃权 1 票" in lines[0]
    assert "未投 2 票" in lines[0]


def test_nobody_left_to_vote_is_said_in_words() -> None:
    assert rules.explain(Count(), 0, TWO_THIRDS)[1] == "没有可表决的席位，不能形成决定。"


def test_an_unusual_threshold_has_a_name_too() -> None:
    assert rules.name(Threshold(3, 5, strict=True)) == "超过 5 分之 3"
    assert rules.name(Threshold(3, 5, strict=False)) == "5 分之 3以上"


@pytest.mark.parametrize(
    ("sheet", "online", "problem"),
    [
        (PaperSheet(6, 7, Count(agree=7)), 0, "大于发出"),
        (PaperSheet(6, 6, Count(agree=5)), 0, "不符"),
        (PaperSheet(6, 6, Count(agree=6)), 2, "一席一票"),
    ],
)
def test_a_sheet_that_does_not_balance_is_refused(sheet: PaperSheet, online: int, problem: str) -> None:
    assert problem in "".join(rules.sheet_problems(sheet, online, 7))


def test_a_sheet_that_balances_has_no_problem() -> None:
    assert rules.sheet_problems(PaperSheet(5, 4, Count(3, 1, 0, 0)), 2, 7) == []
