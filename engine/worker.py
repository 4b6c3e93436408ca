"""The worker: fires what has come due, each in a transaction of its own.

On SQLite it lives in the web process; on PostgreSQL any number of them may run, each taking what no other
holds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine import jobs, timers
from engine.runtime import Actor
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Engine, Work

BATCH = 100
IDLE_SECONDS = 1.0

_log = logging.getLogger(__name__)


def run_due(engine: Engine, community: str | None = None, limit: int = BATCH) -> int:
    """Fire all timers and retry all jobs that are due now, of one community or all; returns how many.

    What comes due through them (a timer of zero length) is fired as well, up to ``limit`` rounds.
    """
    done = 0
    for _ in range(limit):
        fired = _round(engine, community, limit)
        if not fired:
            break
        done += fired
    return done


class Worker:
    """A thread that runs :func:`run_due` whenever there may be something to do."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="yishi-worker", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the transaction in hand and end."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def wake(self) -> None:
        """Something may have come due."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                run_due(self._engine)
            except Exception:  # noqa: BLE001 - the thread must outlive any single failure
                _log.exception("the worker could not do its round and tries again")
            self._wake.wait(IDLE_SECONDS)
            self._wake.clear()


def _round(engine: Engine, community: str | None, limit: int) -> int:
    with engine.store.snapshot() as connection:
        now = engine.clock.now()
        due_timers = timers.due(connection, now, limit)
        table = tables.job
        statement = (
            select(table.c.community, table.c.key).where(table.c.due_at <= now).order_by(table.c.due_at)
        )
        due_jobs = [(row.community, row.key) for row in connection.execute(statement.limit(limit))]
    found = [(place, key, timers.fire) for place, key in due_timers] + [(p, k, _retry) for p, k in due_jobs]
    return sum(_once(engine, place, key, act) for place, key, act in found if community in (None, place))


def _once(engine: Engine, community: str, key: int, act: Callable[[Work, int], bool]) -> bool:
    with engine.work(Actor.system(), community) as work:
        return act(work, key)


def _retry(work: Work, key: int) -> bool:
    table = tables.job
    match = (table.c.community == work.community, table.c.key == key, table.c.due_at <= work.now)
    statement = select(table).where(*match).with_for_update(skip_locked=True)
    row = work.connection.execute(statement).mappings().one_or_none()
    if row is None:
        return False
    jobs.retry(work.execution(row["instance_key"]), dict(row))
    work.settle()
    return True
