"""Correlating a message at once: to a matter that waits for it now, or to one it starts; never kept for later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import messages
from engine.errors import NotFound
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work


def correlate(work: Work, name: str, correlation_key: str, variables: Mapping[str, Any]) -> int:
    """The key of the matter the message reached or started; :class:`NotFound` when there is none.

    When it reaches several (one for each process that waits) the first that waited is told.
    """
    work.flush()
    waiting = _waiting(work, name, correlation_key)
    before = work.engine.keys.next()
    if not messages.publish(work, name, correlation_key, variables, ttl=None):
        raise NotFound("消息的接收者")
    return _started(work, before) if waiting is None else waiting


def _waiting(work: Work, name: str, correlation_key: str) -> int | None:
    table = tables.subscription
    own = {"community": work.community, "kind": "message", "name": name, "correlation_key": correlation_key}
    statement = select(table.c.instance_key).filter_by(**own).order_by(table.c.key).limit(1)
    return work.connection.execute(statement).scalar_one_or_none()


def _started(work: Work, before: int) -> int:
    """The first matter this transaction has started."""
    table = tables.instance
    statement = (
        select(table.c.key)
        .where(table.c.community == work.community, table.c.key > before, table.c.started_at == work.now)
        .order_by(table.c.key)
        .limit(1)
    )
    return int(work.connection.execute(statement).scalar_one())
