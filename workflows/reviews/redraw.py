"""Drawing a published panel again, from nothing but the published list and seed. Pure, standard library only.

Whoever does not trust this program does the same with a spreadsheet and any tool that knows SHA-256: within a grid
and category the smallest ``sha256(seed|person)`` are drawn, then twice as many alternates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from workflows.lots import lot, pool_digest
from workflows.reviews.rules import verdict

COLUMNS: Mapping[str, str] = {
    "grid": "网格",
    "category": "类别",
    "person": "人员编号",
    "places": "名额",
    "lot": "签（sha256）",
    "position": "次序",
    "verdict": "结果",
}
"""The fields of a lot and what they are called in the published list."""


@dataclass(frozen=True, slots=True)
class Lot:
    """One line of the published list: who may be drawn for how many places, and what the draw gave them."""

    grid: str
    category: str
    person: str
    places: int
    lot: str
    position: int
    verdict: str


def read(text: str) -> list[Lot]:
    """The published list; ``ValueError`` (a sentence) for a file that is not one."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if set(COLUMNS.values()) - set(rows.fieldnames or ()):
        raise ValueError("这个文件不是公布的候选库，请从评议页面下载“候选库和抽签结果”再试。")
    try:
        return [_lot(row) for row in rows]
    except ValueError:
        raise ValueError("候选库里“名额”和“次序”两列要是整数，请重新下载后再试。") from None


def _lot(row: Mapping[str, str]) -> Lot:
    told = {name: row[shown] for name, shown in COLUMNS.items()}
    places, position = int(told.pop("places")), int(told.pop("position"))
    return Lot(places=places, position=position, **told)


def drawn_again(published: Iterable[Lot], seed: str) -> list[Lot]:
    """The same people drawn anew; equal to what was published if that was honest."""
    fresh = [replace(one, lot=lot(seed, one.person)) for one in published]
    ordered = sorted(fresh, key=lambda one: (one.grid, one.category, one.lot))
    return [
        replace(one, position=position, verdict=verdict(position, one.places))
        for _, stratum in groupby(ordered, key=lambda one: (one.grid, one.category))
        for position, one in enumerate(stratum, 1)
    ]


def comparison(published: list[Lot], seed: str) -> tuple[list[Lot], list[str]]:
    """The panel drawn again, and where the published list differs from it (ids)."""
    again = drawn_again(published, seed)
    said = {one.person: one for one in published}
    return again, [one.person for one in again if said[one.person] != one]


def digest(published: Iterable[Lot]) -> str:
    """The digest of the list, to be compared with the one that was announced."""
    return pool_digest(one.person for one in published)
