"""The option lists that the forms of a review offer under fixed names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from workflows.ballots import store as ballots
from workflows.organisation import store as organisation
from workflows.organisation.model import PlaceKind
from workflows.reviews import store
from workflows.reviews.model import Candidate, Standing, Way
from workflows.reviews.rosters import box_id
from workflows.reviews.rules import SEATED

NAMES = frozenset({"review_grids", "drawn_people", "panel_members", "review_suggestions"})
"""What :func:`options` offers."""

Option = dict[str, Any]


def options(connection: Connection, community: str, variables: Mapping[str, Any]) -> dict[str, list[Option]]:
    """``review_grids`` [{value, label}] may be reviewed; ``drawn_people`` [{value, label, grid, category, name}] hold a
    place on a panel; ``panel_members`` [{person, code, name, way}] are those of the variable ``panel`` who come;
    ``review_suggestions`` [{grid, words}] is what reviewers wrote, once the boxes are closed.
    """
    number = variables.get("matter_no")
    places = organisation.places(connection, community, PlaceKind.GRID)
    names = {place.id: place.name for place in places}
    pool = store.pool(connection, community, number, SEATED) if number else []
    panel = variables.get("panel") or {}
    return {
        "review_grids": [{"value": place.id, "label": place.name} for place in places],
        "drawn_people": [_drawn(one, names) for one in pool],
        "panel_members": members(pool, panel.get("grid")),
        "review_suggestions": _suggestions(connection, community, number, names) if number else [],
    }


def members(pool: list[Candidate], grid: str | None) -> list[Option]:
    """The panel of a grid with the numbers its members are called by."""
    coming = [one for one in pool if one.grid == grid and one.standing is Standing.ACCEPTED]
    return [
        {
            "person": one.person,
            "code": f"{number:02d}",
            "name": f"{one.name}（{one.category}）",
            "way": str(Way.PAPER if one.needs_paper else Way.PHONE),
        }
        for number, one in enumerate(coming, 1)
    ]


def _drawn(one: Candidate, names: Mapping[str, str]) -> Option:
    where = names.get(one.grid, one.grid)
    return {
        "value": one.person,
        "label": f"{where} {one.category} {one.name}",
        "grid": where,
        "category": str(one.category),
        "name": one.name,
    }


def _suggestions(
    connection: Connection, community: str, number: str, names: Mapping[str, str]
) -> list[Option]:
    boxes = [box for box in ballots.of_matter(connection, community, number) if box.closed_at]
    by_box = {box_id(number, grid): name for grid, name in names.items()}
    return [
        {"grid": by_box.get(box.id, ""), "words": words}
        for box in boxes
        for words in store.suggestions(connection, box)
    ]
