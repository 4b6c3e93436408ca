"""Counting the forms of a review: whole numbers and fractions, every step in words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.reviews import arithmetic
from workflows.reviews.arithmetic import OVERALL, Tally
from workflows.reviews.model import Counts, Sheet

DEMO = Sheet(17, 16, 1, {OVERALL: Counts(9, 4, 1, 1)})
"""The twelfth grid's review of the first half of 2026: 发 17、收 16、有效 15."""

counts = st.builds(Counts, *[st.integers(0, 40)] * 4)


def tally(
    sheet: Sheet, present: int = 17, entitled: int = 21, quorum_met: bool = True, **criteria: int
) -> Tally:
    return Tally(entitled, present, quorum_met, sheet, criteria)


def test_the_whole_way_to_the_grade_is_written_out() -> None:
    assert arithmetic.explanation(tally(DEMO), prev_failed=False) == [
        "应到 21 人，实到 17 人：17 × 3 = 51 > 21 × 2 = 42，三分之二以上到会，有效。",
        "对账：发出 17 = 收回 16 + 未收回 1；收回 16 = 有效 15 + 无效 1。",
        "满意 9 + 基本满意 4 = 13 张；满意率 13 ÷ 15 ≈ 86.67%。",
        "不满意 1 张：1 × 3 = 3 < 有效 15，不到三分之一。",
        "不了解 1 张，不了解率 1 ÷ 15 ≈ 6.67%（计入有效票，不算满意也不算不满意）。",
        (
            "满意率对照：13 × 10 = 130 < 15 × 9 = 135，不到“优秀”的九成；"
            "13 × 4 = 52 > 15 × 3 = 45，达到“称职”的七成五。"
        ),
    ]


def test_without_a_quorum_nothing_else_is_counted() -> None:
    lines = arithmetic.explanation(tally(Sheet(0, 0, 0, {}), present=13, quorum_met=False), prev_failed=True)
    assert lines == ["应到 21 人，实到 13 人：13 × 3 = 39 < 21 × 2 = 42，不足三分之二，无效。"]


def test_without_a_valid_form_there_is_no_grade() -> None:
    lines = arithmetic.explanation(tally(Sheet(3, 3, 3, {})), prev_failed=False)
    assert lines[-1] == "没有有效票，不能评定等次。"


def test_a_bad_grade_before_is_said() -> None:
    assert "上一期为不称职。" in arithmetic.explanation(tally(DEMO), prev_failed=True)


def test_the_criteria_count_by_their_weights_without_rounding() -> None:
    answers = {OVERALL: Counts(2, 1, 0, 0), "走访": Counts(1, 1, 1, 0), "办事": Counts(3, 0, 0, 0)}
    found = tally(Sheet(3, 3, 0, answers), 走访=60, 办事=40)
    assert found.weighted == 60 * Fraction(2, 3) + 40
    assert arithmetic.explanation(found, prev_failed=False)[-1] == (
        "分项满意度按权重：60 × 2/3 + 40 × 3/3 = 80.00%（供参考，不定等次）。"
    )


@pytest.mark.parametrize(
    ("share", "shown"),
    [(Fraction(1, 3), "≈ 33.33%"), (Fraction(2, 3), "≈ 66.67%"), (Fraction(1, 8), "= 12.50%")],
)
def test_a_rounded_share_says_that_it_is(share: Fraction, shown: str) -> None:
    assert arithmetic.percent(share) == shown


def test_two_entries_differ_in_words_without_numbers() -> None:
    other = Sheet(17, 16, 1, {OVERALL: Counts(9, 3, 1, 2)})
    found = arithmetic.differences(DEMO, other)
    assert found == ["总体评价的“基本满意”", "总体评价的“不了解”"]
    assert arithmetic.differences(DEMO, DEMO) == []
    assert arithmetic.differences(DEMO, Sheet(16, 15, 0, DEMO.answers)) == ["发出票数", "收回票数", "无效票"]


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (Sheet(16, 17, 0, {OVERALL: Counts(17)}), "收回 17 张大于发出 16 张"),
        (Sheet(3, 2, 3, {}), "无效 3 张大于收回 2 张"),
        (Sheet(3, 3, 0, {OVERALL: Counts(2)}), "合计 2 张，与有效票 3 张不符"),
    ],
)
def test_a_sheet_that_does_not_balance_says_what_to_count_again(sheet: Sheet, said: str) -> None:
    (sentence,) = arithmetic.imbalances(sheet)
    assert said in sentence
    assert "请重新清点" in sentence
    assert arithmetic.imbalances(DEMO) == []


@given(st.lists(st.tuples(counts, st.integers(0, 5), st.integers(0, 5)), max_size=5))
def test_sheets_add_up_and_stay_balanced(parts: list[tuple[Counts, int, int]]) -> None:
    sheets = [
        Sheet(one.total + invalid + missing, one.total + invalid, invalid, {OVERALL: one})
        for one, invalid, missing in parts
    ]
    found = arithmetic.combined(sheets)
    assert found.valid == sum(one.total for one, _, _ in parts)
    assert found.issued == sum(sheet.issued for sheet in sheets)
    assert arithmetic.imbalances(found) == []
