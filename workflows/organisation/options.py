"""The option lists that forms offer under fixed names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection

from workflows.organisation import store
from workflows.organisation.model import Body, Organisation, Person, Place, PlaceKind

Option = dict[str, Any]

NAMES = frozenset(
    {"people", "residents", "everybody", "orgs", "agencies", "grids", "buildings", "bodies", "council_seats"}
    | {"memberships"}
)
"""What :func:`options` offers."""


def options(connection: Connection, community: str, variables: Mapping[str, Any]) -> dict[str, list[Option]]:
    """Lists by name, each ``[{value, label}]``, and ``council_seats``, the seat table of the matter's body.

    ``people`` hold a seat or a post, ``residents`` live in a grid, ``everybody`` are both, each once; then
    ``orgs``, ``grids``, ``buildings`` and ``bodies``. ``agencies`` are the organisations of the places around
    the community, departments first of all, and then its own; ``memberships`` say who acts for which of them,
    ``[{organisation, person}]``.
    """
    inside = store.places(connection, community)
    grids = [one for one in inside if one.kind is PlaceKind.GRID]
    body = store.body_of(connection, community, variables.get("body_id"))
    people = store.officials(connection, community)
    residents = store.residents(connection, [grid.id for grid in grids])
    around = store.organisations_at(connection, store.place_chain(connection, community))
    own = [one for one in around if one.community == community]
    departments = [one for one in around if one.community != community]
    return {
        "people": _choices(people),
        "residents": _choices(residents),
        "everybody": _choices({one.id: one for one in [*people, *residents]}.values()),
        "orgs": _choices(own),
        "agencies": _choices([*departments, *own]),
        "grids": _choices(grids),
        "buildings": _choices(one for one in inside if one.kind is PlaceKind.BUILDING),
        "bodies": _choices(store.bodies(connection, community)),
        "council_seats": seat_table(connection, body.id),
        "memberships": [
            {"organisation": one, "person": member}
            for one, member in store.memberships(connection, [agency.id for agency in around])
        ],
    }


def seat_table(connection: Connection, body_id: str) -> list[Option]:
    """The seats of a body with the names of those who hold them, in order."""
    seats = store.seats(connection, body_id)
    people = store.people(
        connection, {id_ for seat in seats for id_ in (seat.titular, seat.alternate) if id_}
    )
    names: dict[str | None, str] = {id_: person.name for id_, person in people.items()}
    return [
        {
            "seat": seat.seat,
            "seat_name": seat.name,
            "core": seat.core,
            "titular": seat.titular,
            "titular_name": names.get(seat.titular, ""),
            "alternate": seat.alternate,
            "alternate_name": names.get(seat.alternate, ""),
        }
        for seat in seats
    ]


def _choices(things: Iterable[Person | Place | Body | Organisation]) -> list[Option]:
    return [{"value": one.id, "label": one.label if isinstance(one, Person) else one.name} for one in things]
