"""Counting the forms of one grid, with every step of the arithmetic in words. Pure; whole numbers and fractions only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from workflows.reviews.model import Counts, Rating, Sheet

OVERALL = "总体评价"
"""The question that decides the grade; the others are the criteria of the plan."""

_STEPS = (("优秀", 9, 10, "九成"), ("称职", 3, 4, "七成五"), ("基本称职", 3, 5, "六成"))
"""The shares of table review_grade, to show beside its verdict."""

_FIELDS = {
    Rating.SATISFIED: "satisfied",
    Rating.BASICALLY: "basically",
    Rating.UNSATISFIED: "unsatisfied",
    Rating.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of one grid before it is graded.

    ``criteria`` are the weights of the plan, which add up to 100; ``sheet`` is everything counted, phone and paper.
    """

    entitled: int
    present: int
    quorum_met: bool
    sheet: Sheet
    criteria: Mapping[str, int] = field(default_factory=dict)

    @property
    def overall(self) -> Counts:
        return self.sheet.answers.get(OVERALL, Counts())

    @property
    def weighted(self) -> Fraction | None:
        """满意度 over the criteria by their weights, in hundredths; ``None`` where nobody answered."""
        parts = [(weight, self.sheet.answers.get(name, Counts())) for name, weight in self.criteria.items()]
        if not parts or any(counts.total == 0 for _, counts in parts):
            return None
        return sum((Fraction(weight * counts.content, counts.total) for weight, counts in parts), Fraction(0))


def counts(ratings: Mapping[str, int]) -> Counts:
    """Numbers of forms by rating."""
    return Counts(**{name: ratings.get(rating, 0) for rating, name in _FIELDS.items()})


def combined(sheets: Iterable[Sheet]) -> Sheet:
    """Everything counted together."""
    every = list(sheets)
    answers: dict[str, Counts] = {}
    for sheet in every:
        for question, given in sheet.answers.items():
            answers[question] = answers.get(question, Counts()) + given
    return Sheet(
        sum(one.issued for one in every),
        sum(one.returned for one in every),
        sum(one.invalid for one in every),
        answers,
    )


def differences(first: Sheet, second: Sheet) -> list[str]:
    """Where two entries differ, in words and without the numbers: each of the two counts again by themselves."""
    figures = {
        "发出票数": first.issued == second.issued,
        "收回票数": first.returned == second.returned,
        "无效票": first.invalid == second.invalid,
    }
    found = [name for name, same in figures.items() if not same]
    for question in dict.fromkeys([*first.answers, *second.answers]):
        one, other = first.answers.get(question, Counts()), second.answers.get(question, Counts())
        found += [
            f"{question}的“{rating}”"
            for rating, name in _FIELDS.items()
            if getattr(one, name) != getattr(other, name)
        ]
    return found


def imbalances(sheet: Sheet) -> list[str]:
    """What forbids to count a sheet, as Chinese sentences; empty when it balances."""
    found = []
    if sheet.returned > sheet.issued:
        found.append(f"收回 {sheet.returned} 张大于发出 {sheet.issued} 张，请重新清点。")
    if sheet.valid < 0:
        found.append(f"无效 {sheet.invalid} 张大于收回 {sheet.returned} 张，请重新清点。")
    found += [
        f"“{question}”各项合计 {given.total} 张，与有效票 {sheet.valid} 张不符，请重新清点。"
        for question, given in sheet.answers.items()
        if given.total != sheet.valid
    ]
    return found


def reconciliation(sheet: Sheet) -> str:
    """发出＝收回＋未收回；收回＝有效＋无效, with the numbers."""
    return (
        f"发出 {sheet.issued} = 收回 {sheet.returned} + 未收回 {sheet.issued - sheet.returned}；"
        f"收回 {sheet.returned} = 有效 {sheet.valid} + 无效 {sheet.invalid}"
    )


def explanation(tally: Tally, prev_failed: bool) -> list[str]:
    """The whole way to the grade, line by line, so that anybody can check it with pencil and paper."""
    lines = [_quorum(tally)]
    if not tally.quorum_met:
        return lines
    lines.append(f"对账：{reconciliation(tally.sheet)}。")
    valid = tally.sheet.valid
    if valid == 0:
        return [*lines, "没有有效票，不能评定等次。"]
    overall = tally.overall
    added = f"满意 {overall.satisfied} + 基本满意 {overall.basically} = {overall.content} 张"
    lines += [
        f"{added}；满意率 {_share(overall.content, valid)}。",
        _third(overall.unsatisfied, valid),
        f"不了解 {overall.unknown} 张，不了解率 {_share(overall.unknown, valid)}（计入有效票，不算满意也不算不满意）。",
        _grade_steps(overall.content, valid),
    ]
    if prev_failed:
        lines.append("上一期为不称职。")
    return [*lines, *_weighted(tally)]


def percent(share: Fraction) -> str:
    """A share in per cent with two decimals, rounded half up; ``≈`` says that it was rounded."""
    exact = share * 100
    shown = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{'=' if Fraction(shown) == exact else '≈'} {shown}%"


def _share(part: int, whole: int) -> str:
    return f"{part} ÷ {whole} {percent(Fraction(part, whole))}"


def _quorum(tally: Tally) -> str:
    have, need = tally.present * 3, tally.entitled * 2
    sign = ">" if have > need else "=" if have == need else "<"
    verdict = "三分之二以上到会，有效" if tally.quorum_met else "不足三分之二，无效"
    return (
        f"应到 {tally.entitled} 人，实到 {tally.present} 人：{tally.present} × 3 = {have} {sign} "
        f"{tally.entitled} × 2 = {need}，{verdict}。"
    )


def _third(unsatisfied: int, valid: int) -> str:
    left = unsatisfied * 3
    reached = "达到三分之一" if left >= valid else "不到三分之一"
    sign = ">" if left > valid else "=" if left == valid else "<"
    return f"不满意 {unsatisfied} 张：{unsatisfied} × 3 = {left} {sign} 有效 {valid}，{reached}。"


def _grade_steps(content: int, valid: int) -> str:
    """The first share that is reached, and the one above it that is not."""
    said = []
    for grade, numerator, denominator, words in _STEPS:
        have, need = content * denominator, valid * numerator
        reached = have >= need
        sign = ">" if have > need else "=" if have == need else "<"
        said.append(
            f"{content} × {denominator} = {have} {sign} {valid} × {numerator} = {need}，"
            f"{'达到' if reached else '不到'}“{grade}”的{words}"
        )
        if reached:
            break
    return "满意率对照：" + "；".join(said) + "。"


def _weighted(tally: Tally) -> Sequence[str]:
    total = tally.weighted
    if total is None:
        return []
    terms = " + ".join(
        f"{weight} × {tally.sheet.answers[name].content}/{tally.sheet.answers[name].total}"
        for name, weight in tally.criteria.items()
    )
    return [f"分项满意度按权重：{terms} {percent(total / 100)}（供参考，不定等次）。"]
