"""The ledger beside its processes: to find the same trouble again, to look things up, to count."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    case,
    func,
    or_,
    select,
    true,
    update,
)

from engine.store.tables import Instant
from workflows.ledger import rules
from workflows.ledger.model import Entry, Filter, Level, Scope, State, Tally
from workflows.moments import SHANGHAI
from workflows.organisation import store as organisation
from workflows.organisation.rules import seat_group
from workflows.store import metadata, upsert

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("matter_no", String(64), primary_key=True),
    Column("instance_key", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("title", String(255), nullable=False),
    Column("place_type", String(32), nullable=False),
    Column("place", String(255), nullable=False),
    Column("content", Text, nullable=False),
    Column("risk", Integer, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("grid", String(64)),
    Column("source_no", String(64)),
    Column("finder", String(64)),
    Column("state", String(16), nullable=False),
    Column("level", String(16)),
    Column("executor", String(64)),
    Column("responsible", String(64)),
    Column("acceptor", String(64)),
    Column("former", Text, nullable=False),
    Column("measures", Text),
    Column("standard", Text),
    Column("due_at", Instant),
    Column("late", Boolean, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("supervised_at", Instant),
    Column("recurrence_of", String(64)),
    Column("merged_into", String(64)),
    Column("result", Text),
    Column("ended_at", Instant),
    Index("ix_ledger_entry_newest", "community", "registered_at"),
    Index("ix_ledger_entry_state", "community", "state", "due_at"),
    Index("ix_ledger_entry_spot", "community", "kind", "grid", "ended_at"),
    Index("ix_ledger_entry_merged", "community", "merged_into"),
)

_columns = ledger_entry.c
BATCH = 500
"""Rows read at once when the whole ledger goes into a file."""


# -- writing -------------------------------------------------------------------------------------------


def enter(connection: Connection, new: Entry) -> None:
    """Enter a line into the ledger."""
    upsert(connection, ledger_entry, [asdict(new)])


def change(connection: Connection, community: str, matter_no: str, **values: Any) -> None:
    """Change what stands in a line, by the names of :class:`Entry`."""
    match = (_columns.community == community, _columns.matter_no == matter_no)
    connection.execute(update(ledger_entry).where(*match).values(values))


# -- finding -------------------------------------------------------------------------------------------


def by_number(connection: Connection, community: str, matter_no: str) -> Entry | None:
    """The entry of this number."""
    match = (_columns.community == community, _columns.matter_no == matter_no)
    return next(_entries(connection, select(ledger_entry).where(*match)), None)


def same_as(connection: Connection, new: Entry) -> list[Entry]:
    """Open entries that may be about the same thing, newest first."""
    match = (_columns.state.in_(rules.OPEN), _columns.matter_no != new.matter_no)
    found = _entries(connection, _like(new).where(*match).order_by(_columns.registered_at.desc()))
    return [one for one in found if rules.may_be_same(new, one)]


def recurring(connection: Connection, new: Entry) -> Entry | None:
    """The entry struck off last of those the new one is a recurrence of."""
    recent = _columns.ended_at >= new.registered_at - rules.RECURS_WITHIN
    return rules.last_recurring(new, _entries(connection, _like(new).where(recent)))


def merged_into(connection: Connection, community: str, matter_no: str) -> list[Entry]:
    """The entries that are a part of this one, oldest first."""
    match = (_columns.community == community, _columns.merged_into == matter_no)
    return list(_entries(connection, select(ledger_entry).where(*match).order_by(_columns.registered_at)))


def scope(connection: Connection, community: str, person: str, principals: Collection[str]) -> Scope:
    """Whose entries a person may see."""
    around = organisation.place_chain(connection, community)
    council = organisation.body_of(connection, community, None)
    core = next((one for one in organisation.seats(connection, council.id) if one.core), None)
    chair = seat_group(council.id, core.seat) if core else None
    return rules.scope(person, principals, around, chair)


def find(
    connection: Connection,
    community: str,
    scope: Scope,
    wanted: Filter,
    now: datetime,
    *,
    limit: int,
    offset: int = 0,
) -> list[Entry]:
    """A page of what somebody may see and looks for, newest first."""
    statement = select(ledger_entry).where(*_wanted(community, scope, wanted, now))
    newest = statement.order_by(_columns.registered_at.desc(), _columns.matter_no.desc())
    return list(_entries(connection, newest.limit(limit).offset(offset)))


def every(
    connection: Connection, community: str, scope: Scope, wanted: Filter, now: datetime
) -> Iterator[Entry]:
    """All of it, read in batches."""
    statement = select(ledger_entry).where(*_wanted(community, scope, wanted, now))
    newest = statement.order_by(_columns.registered_at.desc(), _columns.matter_no.desc())
    return _entries(connection, newest.execution_options(yield_per=BATCH))


def visible(connection: Connection, community: str, scope: Scope, matter_no: str) -> Entry | None:
    """The entry of this number if the person may see it; one they may not is as good as absent."""
    match = (_columns.community == community, _columns.matter_no == matter_no, _seen_by(scope))
    return next(_entries(connection, select(ledger_entry).where(*match)), None)


# -- counting ------------------------------------------------------------------------------------------


def tallies(
    connection: Connection, community: str, scope: Scope | None, wanted: Filter, now: datetime
) -> Mapping[str | None, Tally]:
    """How many of each sort, by grid; ``None`` are those of the whole community.

    Without a scope everything is counted: a number names nobody.
    """
    again = ledger_entry.alias("again")
    came_back = (
        select(again.c.matter_no)
        .where(again.c.community == _columns.community, again.c.recurrence_of == _columns.matter_no)
        .exists()
    )
    closed = _columns.state == State.CLOSED
    sums = [
        func.sum(case((condition, 1), else_=0))
        for condition in (
            _columns.state.in_(rules.OPEN),
            _overdue(now),
            closed,
            and_(closed, _columns.late.is_(False)),
            and_(closed, came_back),
        )
    ]
    match = _wanted(community, scope, wanted, now)
    rows = connection.execute(select(_columns.grid, *sums).where(*match).group_by(_columns.grid))
    return {row[0]: Tally(*row[1:]) for row in rows}


# -- conditions ----------------------------------------------------------------------------------------


def _like(new: Entry) -> Any:
    same_grid = _columns.grid.is_(None) if new.grid is None else _columns.grid == new.grid
    return select(ledger_entry).where(
        _columns.community == new.community, _columns.kind == new.kind, same_grid
    )


def _overdue(now: datetime) -> ColumnElement[bool]:
    return and_(_columns.state == State.RECTIFYING, _columns.due_at < now)


def _wanted(community: str, scope: Scope | None, wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    found = [_columns.community == community, true() if scope is None else _seen_by(scope)]
    exact = {"level": wanted.level, "state": wanted.state, "grid": wanted.grid, "kind": wanted.kind}
    found += [_columns[name] == value for name, value in exact.items() if value is not None]
    if wanted.overdue:
        found.append(_overdue(now))
    if wanted.since is not None:
        found.append(_columns.registered_at >= datetime.combine(wanted.since, time(), SHANGHAI))
    if wanted.until is not None:
        after = datetime.combine(wanted.until + timedelta(days=1), time(), SHANGHAI)
        found.append(_columns.registered_at < after)
    if wanted.words:
        fields = (_columns.matter_no, _columns.title, _columns.place, _columns.content)
        found.append(or_(*(field.contains(wanted.words, autoescape=True) for field in fields)))
    return found


def _seen_by(scope: Scope) -> ColumnElement[bool]:
    """The one place where it is decided who may see an entry."""
    named = or_(
        _columns.finder == scope.person,
        _columns.responsible == scope.person,
        _columns.acceptor == scope.person,
        _columns.executor.in_(scope.organisations),
    )
    if scope.confidential:
        return true()
    watched = true() if scope.everything else _columns.grid.in_(scope.grids)
    return or_(named, and_(watched, _columns.sensitive.is_(False)))


def _entries(connection: Connection, statement: Any) -> Iterator[Entry]:
    return map(_entry, connection.execute(statement).mappings())


def _entry(row: RowMapping) -> Entry:
    level = row["level"]
    return Entry(**{**row, "state": State(row["state"]), "level": None if level is None else Level(level)})
