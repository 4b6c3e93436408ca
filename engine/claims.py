"""Claiming what has come due, so that any number of workers share it and none does what another has in hand.

A queue is a table with ``due_at`` and ``held_until``. On PostgreSQL a worker claims a few rows at a time and holds
them for :data:`LEASE`; another takes them over when it died meanwhile. SQLite has one worker, which need not
claim. A claim only says who tries: whoever does a row looks once more, with the matter locked, whether it is due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Update,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from engine.store.database import Store
from engine.store.statements import Query

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Held until then are the rows of a matter that rests: no worker gives them back."""

LEASE = timedelta(seconds=10)
"""How long claimed rows are left to the worker that claimed them; also how long a row rests that failed."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours for a while: its table, its community, and what tells it apart there."""

    table: Table
    community: str
    identity: Mapping[str, Any]


def claim(
    store: Store, table: Table, now: datetime, limit: int, community: str | None, lease: timedelta = LEASE
) -> list[Claimed]:
    """At most ``limit`` rows that are due and nobody holds, earliest first; of one community or all."""
    given = {"now": now, "limit": limit, "place": community}
    if store.is_sqlite:
        with store.snapshot() as connection:
            rows = connection.execute(_free(table, community is not None), given).mappings().all()
    else:
        with store.transaction() as connection:
            taking = _taking(table, community is not None)
            taken = connection.execute(taking, given | {"until": now + lease}).mappings().all()
            rows = sorted(taken, key=lambda row: row["due_at"])
    names = [column.name for column in table.primary_key if column.name != "community"]
    return [Claimed(table, row["community"], {name: row[name] for name in names}) for row in rows]


def hold(connection: Connection, claimed: Sequence[Claimed], until: datetime | None) -> None:
    """Leave rows alone ``until`` then; with ``None`` anybody may have them at once."""
    for one in claimed:
        match = [one.table.c.community == one.community]
        match += [one.table.c[name] == value for name, value in one.identity.items()]
        match.append(_goes_on(one.table))
        connection.execute(one.table.update().where(*match).values(held_until=until))


def next_due(connection: Connection, tables: Sequence[Table], now: datetime) -> dict[str, datetime]:
    """When the first row of each table comes due that nobody holds; only tables that have one."""
    rows = connection.execute(_first(tuple(tables)), {"now": now})
    return {name: due for name, due in rows if due is not None}


def _goes_on(table: Table) -> ColumnElement[bool]:
    """Whether the row's matter does not rest; a worker may have claimed it just before it was suspended."""
    return or_(table.c.held_until.is_(None), table.c.held_until < FOREVER)


def _open(table: Table) -> ColumnElement[bool]:
    return or_(table.c.held_until.is_(None), table.c.held_until <= bindparam("now"))


# Building a statement costs more than running it, so each is built once.


@cache
def still_due(table: Table) -> Query:
    """The row with a ``key``, if it is still there and due ``now``: to be asked once its matter is locked."""
    own = (table.c.community == bindparam("community"), table.c.key == bindparam("key"))
    return Query(select(table).where(*own, table.c.due_at <= bindparam("now")))


@cache
def _free(table: Table, one_community: bool) -> Select[Any]:
    keys = list(table.primary_key)
    found = select(*keys, table.c.due_at).where(table.c.due_at <= bindparam("now"), _open(table))
    if one_community:
        found = found.where(table.c.community == bindparam("place"))
    others = [column for column in keys if column.name != "community"]
    return found.order_by(table.c.due_at, *others).limit(bindparam("limit"))


@cache
def _taking(table: Table, one_community: bool) -> Update:
    free = _free(table, one_community).with_for_update(skip_locked=True).cte("free")
    keys = list(table.primary_key)
    same = [column == free.c[column.name] for column in keys]
    return table.update().where(*same).values(held_until=bindparam("until")).returning(*keys, table.c.due_at)


@cache
def _first(tables: tuple[Table, ...]) -> Any:
    return union_all(
        *(select(literal(table.name), func.min(table.c.due_at)).where(_open(table)) for table in tables)
    )
