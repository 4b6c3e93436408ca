"""How the engine uses PostgreSQL: connections that are alive, commits nobody else has to wait for."""

from __future__ import annotations

import selectors
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DisconnectionError

from engine.store.statements import together


def require_alive(connection: Any, _record: object, _proxy: object) -> None:
    """A pooled connection on which something arrives unasked was cut by the server: a new one takes its place.

    Looking at the socket costs a tenth of asking the server.
    """
    with selectors.DefaultSelector() as waiting:
        waiting.register(connection.fileno(), selectors.EVENT_READ)
        if waiting.select(0):
            raise DisconnectionError


def commit(connection: Connection) -> None:
    """Commit, let the locks go, and come back when the log is on the disk.

    A commit that waits for the disk keeps its rows locked meanwhile, and members who vote on one matter would
    queue for one write to the disk each. So the transaction ends without waiting, and a second, empty one waits:
    the log is written in order, and all who wait share one write. What others see in between is lost in a crash
    only together with everything that came after it, so nothing acknowledged ever rests on it.
    """
    with together(connection) as driver:
        driver.execute("SET LOCAL synchronous_commit TO off")
        connection.commit()
    with together(connection) as driver:
        driver.execute("SELECT pg_logical_emit_message(true, 'yishi', '')")  # the least that has to be logged
        driver.commit()
