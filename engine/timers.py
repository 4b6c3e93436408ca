"""Timers: due instants of running matters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from engine.interpreter import triggers
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[str, int]]:
    """Community and key of the timers whose instant has come, earliest first."""
    table = tables.timer
    statement = (
        select(table.c.community, table.c.key)
        .where(table.c.due_at <= now)
        .order_by(table.c.due_at, table.c.key)
    )
    return [(row.community, row.key) for row in connection.execute(statement.limit(limit))]


def next_due(connection: Connection) -> datetime | None:
    """When the next timer is due."""
    table = tables.timer
    statement = select(table.c.due_at).order_by(table.c.due_at).limit(1)
    return connection.execute(statement).scalar_one_or_none()


def next_of(work: Work, instance_key: int) -> datetime | None:
    """When the next timer of one matter is due."""
    table = tables.timer
    match = (table.c.community == work.community, table.c.instance_key == instance_key)
    return work.connection.execute(select(func.min(table.c.due_at)).where(*match)).scalar_one_or_none()


def fire(work: Work, key: int) -> bool:
    """Fire one timer if it is still there and due; whether it was."""
    table = tables.timer
    match = (table.c.community == work.community, table.c.key == key, table.c.due_at <= work.now)
    statement = select(table).where(*match).with_for_update(skip_locked=True)
    row = work.connection.execute(statement).mappings().one_or_none()
    if row is None:
        return False
    triggers.timer_fired(work.execution(row["instance_key"]), dict(row))
    work.settle()
    return True
