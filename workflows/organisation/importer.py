"""Takes an organisation over from one JSON document.

``{places: [{id, kind, name, parent}], people: [{id, name, title, phone, home, gender, born}],
organisations: [{id, community, name, members: [person]}], posts: [{person, role, place}],
bodies: [{id, community, place, kind, name, seats: [{seat, name, core, titular, alternate, …}]}]}``

Outer places come before inner ones. What is there already under the same ids is overwritten, nothing is
deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table

from workflows.organisation import store
from workflows.organisation.rules import LANES
from workflows.store import upsert

Document = Mapping[str, Any]
Row = dict[str, Any]


def import_organisation(connection: Connection, document: Document) -> None:
    """Enter everything the document names; ``ValueError`` for a post the lane table does not know."""
    for table, rows in _tables(document):
        upsert(connection, table, rows)


def _tables(document: Document) -> Iterable[tuple[Table, list[Row]]]:
    """In the order the foreign keys ask for."""
    organisations, bodies = document["organisations"], document["bodies"]
    yield store.place, [{"parent": None, **one, "position": n} for n, one in enumerate(document["places"])]
    yield store.person, [_person(one) for one in document["people"]]
    yield store.organisation, [_without(one, "members") for one in organisations]
    yield (
        store.organisation_member,
        [{"organisation": one["id"], "person": member} for one in organisations for member in one["members"]],
    )
    yield store.post, [_post(one) for one in [*document["posts"], *_resident_posts(document)]]
    yield store.body, [_without(one, "seats") for one in bodies]
    yield store.seat, [_seat(one["id"], n, seat) for one in bodies for n, seat in enumerate(one["seats"])]


def _person(person: Row) -> Row:
    unknown = {"title": "", "phone": None, "home": None, "gender": None}
    return {**unknown, **person, "born": date.fromisoformat(person["born"]) if person.get("born") else None}


def _post(post: Row) -> Row:
    if post["role"] not in LANES:
        raise ValueError(f"没有“{post['role']}”这个岗位，请用岗位表中的名称。")
    return {"valid_from": None, "valid_until": None, **post}


def _resident_posts(document: Document) -> Iterable[Row]:
    """Whoever has a home in a grid is a resident of its community."""
    parents = {one["id"]: one.get("parent") for one in document["places"]}
    for person in document["people"]:
        if home := person.get("home"):
            yield {"person": person["id"], "role": store.RESIDENT, "place": parents[home]}


def _seat(body: str, position: int, seat: Row) -> Row:
    defaults = {"core": False, "titular": None, "alternate": None, "vacant_reason": ""}
    dates = {"mandate_from": None, "mandate_until": None}
    return {**defaults, **dates, **seat, "body": body, "position": position}


def _without(row: Row, name: str) -> Row:
    return {key: value for key, value in row.items() if key != name}
