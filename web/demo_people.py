"""The people of the demo community as the sign-in page offers them: by what they do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Connection

from workflows.organisation import store
from workflows.organisation.model import Person, PlaceKind
from workflows.organisation.options import seat_table
from workflows.organisation.rules import LANES

RESIDENTS_SHOWN = 12
NEEDED = ("secretariat", "recorder", "teller", "supervisor", "ledger_clerk", "process_admin")
"""Posts that have a step in every meeting, and the administrator."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as."""

    id: str
    name: str
    title: str


Group = tuple[str, Sequence[DemoPerson]]


def groups(connection: Connection, community: str, today: date) -> list[Group]:
    """Those a meeting cannot do without, seat holders of each body, then staff, then residents; everybody once."""
    seen: set[str] = set()
    grids = [grid.id for grid in store.places(connection, community, PlaceKind.GRID)]
    staff, residents = store.officials(connection, community), store.residents(connection, grids)
    needed = _indispensable(connection, community, residents, today)
    found = [(_("办一次议事会要用到的人"), _new(needed, seen))]
    found += [
        (body.name, _new(_seated(connection, body.id), seen)) for body in store.bodies(connection, community)
    ]
    found += [
        (_("社区、街道工作人员和各岗位"), _new(_people(staff), seen)),
        (_("居民"), _new(_people(residents), seen)[:RESIDENTS_SHOWN]),
    ]
    return [(name, people) for name, people in found if people]


def _indispensable(
    connection: Connection, community: str, residents: Sequence[Person], today: date
) -> list[DemoPerson]:
    proposer = [DemoPerson(one.id, one.name, _("居民，可以提出议题")) for one in residents[:1]]
    holders = [(LANES[role].title, store.holders(connection, role, community, today)) for role in NEEDED]
    return proposer + [DemoPerson(one.id, one.name, title) for title, people in holders for one in people[:2]]


def _seated(connection: Connection, body: str) -> list[DemoPerson]:
    rows = seat_table(connection, body)
    titular = [
        DemoPerson(row["titular"], row["titular_name"], row["seat_name"]) for row in rows if row["titular"]
    ]
    alternate = [
        DemoPerson(row["alternate"], row["alternate_name"], _("%(seat)s候补", seat=row["seat_name"]))
        for row in rows
        if row["alternate"]
    ]
    return [*titular, *alternate]


def _people(people: Iterable[Person]) -> list[DemoPerson]:
    return [DemoPerson(one.id, one.name, one.title) for one in people]


def _new(people: Iterable[DemoPerson], seen: set[str]) -> list[DemoPerson]:
    fresh = [one for one in {person.id: person for person in people}.values() if one.id not in seen]
    seen.update(one.id for one in fresh)
    return fresh
