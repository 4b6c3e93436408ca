"""What everybody may know of a review: how the panel was drawn, the results with their arithmetic, the report."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from workflows.organisation import store as organisation
from workflows.organisation.model import PlaceKind
from workflows.reviews import redraw, rules, store
from workflows.reviews.errors import UnknownReview
from workflows.reviews.model import Candidate, Category, Review, Standing
from workflows.reviews.redraw import Lot
from workflows.reviews.rosters import box_id


@dataclass(frozen=True, slots=True)
class Publication:
    """A review as the public sees it; ``results`` are empty until they are published."""

    review: Review
    results: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Standings:
    """How far one grid's panel is, in numbers only."""

    grid: str
    places: int
    invited: int
    accepted: int
    out: int
    present: int
    handed_in: int


def publication(connection: Connection, community: str, matter_no: str) -> Publication:
    """What is public of a review; :class:`UnknownReview` before its panel was drawn."""
    review = store.get(connection, community, matter_no)
    if review.drawn_at is None:
        raise UnknownReview
    results = store.results(connection, community, matter_no) if review.results_at else []
    return Publication(review, results)


def lots(connection: Connection, review: Review) -> list[Lot]:
    """Everybody in the pool with what the draw gave them; nobody's name."""
    names = _grid_names(connection, review.community)
    return [
        Lot(
            grid=names.get(one.grid, one.grid),
            category=str(one.category),
            person=one.person,
            places=review.quota.get(one.category, 0),
            lot=one.lot,
            position=one.position,
            verdict=rules.verdict(one.position, review.quota.get(one.category, 0)),
        )
        for one in store.pool(connection, review.community, review.matter_no)
    ]


def as_csv(lots: Iterable[Lot]) -> str:
    """The lots as a spreadsheet opens them: UTF-8 with a mark, one line each."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(redraw.COLUMNS.values())
    writer.writerows([getattr(one, name) for name in redraw.COLUMNS] for one in lots)
    return f"\ufeff{lines.getvalue()}"


def standings(connection: Connection, review: Review) -> list[Standings]:
    """How far every grid's panel is, for those who hold the review."""
    matter_no = review.matter_no
    names = _grid_names(connection, review.community)
    panels: dict[str, list[Candidate]] = {}
    for one in store.pool(connection, review.community, matter_no):
        panels.setdefault(one.grid, []).append(one)
    forms = store.handed_in(connection, review.community, [box_id(matter_no, grid) for grid in panels])
    return [
        Standings(
            grid=names.get(grid, grid),
            places=sum(review.quota.get(category, 0) for category in Category),
            invited=_count(members, Standing.INVITED),
            accepted=_count(members, Standing.ACCEPTED),
            out=_count(members, Standing.DECLINED, Standing.SILENT, Standing.EXCLUDED, Standing.WITHDRAWN),
            present=sum(one.way is not None for one in members),
            handed_in=forms.get(box_id(matter_no, grid), 0),
        )
        for grid, members in panels.items()
    ]


def _count(members: Iterable[Candidate], *standings: Standing) -> int:
    return sum(one.standing in standings for one in members)


def _grid_names(connection: Connection, community: str) -> dict[str, str]:
    return {place.id: place.name for place in organisation.places(connection, community, PlaceKind.GRID)}
