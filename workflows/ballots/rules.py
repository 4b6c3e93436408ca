"""Counting votes with whole numbers and fractions only. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from workflows.ballots.model import Count, PaperSheet, Threshold

Number = int | Decimal | Fraction

SIMPLE_MAJORITY = Threshold(1, 2, strict=True)

_NAMES = {
    SIMPLE_MAJORITY: "过半数",
    Threshold(2, 3, strict=False): "三分之二以上",
    Threshold(3, 4, strict=False): "四分之三以上",
}
_BASIS = {
    SIMPLE_MAJORITY: "《城市居民委员会组织法》（2018年修正）第九条：由出席人的过半数通过",
    Threshold(2, 3, strict=False): (
        "社区协商议事会议制度：重大事项须三分之二以上同意；《民法典》第一千二百五十九条：“以上”包括本数"
    ),
    Threshold(
        3, 4, strict=False
    ): "《民法典》第二百七十八条：须四分之三以上同意；第一千二百五十九条：“以上”包括本数",
}


def meets(part: Number, base: Number, threshold: Threshold) -> bool:
    """Whether ``part`` carries against ``base``. An empty base carries nothing."""
    have = Fraction(part) * threshold.denominator
    need = Fraction(base) * threshold.numerator
    return base > 0 and (have > need if threshold.strict else have >= need)


def majority(part: Number, base: Number) -> bool:
    """过半数: more than half."""
    return meets(part, base, SIMPLE_MAJORITY)


def reaches(part: Number, base: Number, numerator: int, denominator: int) -> bool:
    """达到: so many parts of the base or more (以上含本数)."""
    return meets(part, base, Threshold(int(numerator), int(denominator), strict=False))


def double_majority(area: Number, area_base: Number, heads: Number, heads_base: Number) -> bool:
    """双过半: more than half of the area and of the owners (Civil Code, article 278)."""
    return majority(area, area_base) and majority(heads, heads_base)


def name(threshold: Threshold) -> str:
    """The threshold in words."""
    plain = f"{threshold.denominator} 分之 {threshold.numerator}"
    return _NAMES.get(threshold, f"超过 {plain}" if threshold.strict else f"{plain}以上")


def basis(threshold: Threshold) -> str:
    """The article the threshold rests on."""
    return _BASIS.get(
        threshold, "本事项的表决规则；《民法典》第一千二百五十九条：“以上”包括本数，“超过”不包括本数"
    )


def explain(count: Count, base: int, threshold: Threshold) -> list[str]:
    """The whole arithmetic as Chinese lines: what was counted, how it compares, what the result rests on."""
    return [
        _counted(count, base),
        _comparison(count.agree, base, threshold),
        f"依据：{basis(threshold)}。",
    ]


def sheet_problems(sheet: PaperSheet, cast_online: int, base: int) -> list[str]:
    """What forbids a teller's sheet to be counted, as Chinese sentences; empty when it balances."""
    checks = [
        (sheet.returned > sheet.issued, f"收回 {sheet.returned} 张大于发出 {sheet.issued} 张，请重新清点。"),
        (
            sheet.count.returned != sheet.returned,
            f"同意、反对、弃权、无效合计 {sheet.count.returned} 张，与收回 {sheet.returned} 张不符。",
        ),
        (
            sheet.returned + cast_online > base,
            f"纸质票 {sheet.returned} 张加线上票 {cast_online} 张超过可表决席位 {base} 席，请核对一席一票。",
        ),
    ]
    return [sentence for wrong, sentence in checks if wrong]


def _counted(count: Count, base: int) -> str:
    return (
        f"计票基数 {base} 票：同意 {count.agree} 票，反对 {count.disagree} 票，弃权 {count.abstain} 票，"
        f"无效 {count.invalid} 票，未投 {base - count.returned} 票。"
    )


def _comparison(agree: int, base: int, threshold: Threshold) -> str:
    have, need = agree * threshold.denominator, base * threshold.numerator
    left = f"同意 {agree} 票 × {threshold.denominator} = {have}"
    right = f"基数 {base} 票 × {threshold.numerator} = {need}"
    if base == 0:
        return "没有可表决的席位，不能形成决定。"
    if meets(agree, base, threshold):
        sign = ">" if have > need else "="
        return f"{left} {sign} {right}，达到“{name(threshold)}”，通过。"
    sign = "=" if have == need else "<"
    return f"{left} {sign} {right}，未达到“{name(threshold)}”，不通过。"
