"""Periods, the stratified draw, and who takes the place of those who do not come. Pure: everything comes in as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from workflows.lots import lot
from workflows.reviews.model import Candidate, Category, Standing

OF_AGE = 18
ALTERNATES = 2
"""For each place so many alternates are drawn and published with the panel."""
WOMEN = 3, 10
"""At least three of ten on a panel are women (design value, table panel_check)."""

SEATED = frozenset({Standing.INVITED, Standing.ACCEPTED})
"""Those who hold a place on the panel, or may still take it."""

DRAWN, ALTERNATE, NOT_DRAWN = "正式", "候补", "未抽中"

_GAPS = {
    "缺人大代表": Category.DEPUTY,
    "缺政协委员": Category.CPPCC,
    "缺驻区代表": Category.UNIT,
    "居民代表不足半数": Category.RESIDENT,
    "女性代表偏少": Category.RESIDENT,
}
"""What the table panel_check finds missing, and the category more are drawn from."""
TOO_FEW_WOMEN = "女性代表偏少"

Quota = Mapping[str, int]


def period_of(day: date) -> str:
    """The half-year a day lies in: ``2026上半年``."""
    return f"{day.year}{'上' if day.month <= 6 else '下'}半年"


def periods(day: date) -> list[str]:
    """The half-years a review may be held for: this one, and the last, which may be made up for."""
    this = period_of(day)
    return [this, previous(this)]


def previous(period: str) -> str:
    """The half-year before."""
    year, first = int(period[:4]), period[4] == "上"
    return f"{year - 1}下半年" if first else f"{year}上半年"


def of_age(born: date | None, today: date) -> bool:
    """Whether somebody has turned eighteen; who is not known to be younger is looked at by those who verify."""
    if born is None:
        return True
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (not had_birthday) >= OF_AGE


def drawn(pool: Iterable[Candidate], seed: str, quota: Quota) -> list[Candidate]:
    """The pool in the order of the lots, stratum by stratum; the first of each are invited.

    A stratum is a category in a grid. The draw does not depend on the order the pool comes in.
    """
    lots = [replace(one, lot=lot(seed, one.person)) for one in pool]
    ordered = sorted(lots, key=lambda one: (*_stratum(one), one.lot))
    found = []
    for _, members in groupby(ordered, key=_stratum):
        for position, one in enumerate(members, 1):
            invited = position <= quota.get(one.category, 0)
            standing = Standing.INVITED if invited else Standing.POOL
            found.append(replace(one, position=position, standing=standing))
    return found


def verdict(position: int, places: int) -> str:
    """What the draw says to a position of a stratum with so many places."""
    if position <= places:
        return DRAWN
    return ALTERNATE if position <= places * (1 + ALTERNATES) else NOT_DRAWN


def successors(pool: Iterable[Candidate], quota: Quota) -> list[Candidate]:
    """The alternates who take the places that are free, in the order of their lots."""
    found: list[Candidate] = []
    for _, stratum in groupby(sorted(pool, key=_order), key=_stratum):
        members = list(stratum)
        places = quota.get(members[0].category, 0)
        free = places - sum(one.standing in SEATED for one in members)
        waiting = [one for one in members if verdict(one.position, places) != NOT_DRAWN]
        found += [one for one in waiting if one.standing is Standing.POOL][: max(0, free)]
    return found


def supplement(panel: Sequence[Candidate], gap: str, quota: Quota) -> list[Candidate]:
    """Whom a further draw calls in to close the gap of one grid's panel: the next lots, beyond the alternates too."""
    category = _GAPS.get(gap)
    if category is None:
        return []
    waiting = [
        one for one in sorted(panel, key=_order) if one.category is category and one.standing is Standing.POOL
    ]
    seated = [one for one in panel if one.standing in SEATED]
    if gap == TOO_FEW_WOMEN:
        return [one for one in waiting if one.gender == "女"][: _women_missing(seated)]
    held = sum(one.category is category for one in seated)
    return waiting[: max(1, quota.get(category, 0) - held)]


def released(panel: Iterable[Candidate], quota: Quota) -> list[Candidate]:
    """Who gives up a place when a category has more than its share: of those who accepted the last men, then the last."""
    accepted = [one for one in panel if one.standing is Standing.ACCEPTED]
    found: list[Candidate] = []
    for _, stratum in groupby(sorted(accepted, key=_order), key=_stratum):
        members = list(stratum)
        surplus = len(members) - quota.get(members[0].category, 0)
        by_turn = sorted(members, key=lambda one: (one.gender == "女", -one.position))
        found += by_turn[: max(0, surplus)]
    return found


def _women_missing(seated: Sequence[Candidate]) -> int:
    """How many women a panel lacks when each of them takes a man's place."""
    known = [one.gender for one in seated if one.gender is not None]
    numerator, denominator = WOMEN
    needed = -(-len(known) * numerator // denominator)
    return max(0, needed - known.count("女"))


def _stratum(one: Candidate) -> tuple[str, int]:
    return one.grid, list(Category).index(one.category)


def _order(one: Candidate) -> tuple[str, int, int]:
    return (*_stratum(one), one.position)
