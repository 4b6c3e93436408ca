"""The worker: fires what has come due, each in a transaction of its own, and sends what leaves the database.

On SQLite it lives in the web process; on PostgreSQL any number of them share the work (:mod:`engine.claims`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table

from engine import claims, jobs, outbox, timers
from engine.bell import Topic
from engine.claims import Claimed
from engine.runtime import Actor, Work
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Engine

BATCH = 10
"""Rows claimed at a time: few, so that workers share what comes due at one moment."""

MOST = 10_000
"""Rounds of one call: a model whose timers never end must not keep the caller for ever."""

BUSY_SECONDS = 0.05
"""How long to wait for a matter that others have in hand."""

Act = Callable[..., bool]
"""Does one due thing in a transaction, given what identifies it; whether the matter was free."""

ACTS: dict[Table, Act] = {
    tables.timer: timers.fire,
    tables.start_timer: timers.start,
    tables.job: jobs.retry,
}

_log = logging.getLogger(__name__)


def run_due(engine: Engine, community: str | None = None, limit: int = MOST) -> int:
    """Fire all timers and retry all jobs that are due now, of one community or all; returns how many.

    What comes due through them (a timer of zero length) is fired as well, up to ``limit`` rounds.
    """
    done = 0
    for _ in range(limit):
        fired = _round(engine, community)
        if not fired:
            break
        done += fired
    return done


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next timer, start or try is due that nobody has in hand."""
    return min(claims.next_due(connection, list(ACTS), now).values(), default=None)


def _round(engine: Engine, community: str | None) -> int:
    """Claim a few of each kind and do them; what fails rests, and is told after the others were served."""
    with engine.store.snapshot() as connection:
        now = engine.clock.now()
        first = claims.next_due(connection, list(ACTS), now)
    waiting = [table for table in ACTS if table.name in first and first[table.name] <= now]
    found = [one for table in waiting for one in claims.claim(engine.store, table, now, BATCH, community)]
    done = 0
    busy: list[Claimed] = []
    failures: dict[int, Exception] = {}
    for index, one in enumerate(found):
        try:
            if _once(engine, one):
                done += 1
            else:
                busy.append(one)
        except Exception as failure:  # noqa: BLE001 - one broken row must not hold up the others
            failures[index] = failure
    _give_back(engine, busy, [found[index] for index in failures])
    if failures and not done:
        raise ExceptionGroup("nothing that is due can be done", list(failures.values()))
    for each in failures.values():
        _log.error("one of the due timers and jobs failed and is tried again", exc_info=each)
    return done


def _once(engine: Engine, claimed: Claimed) -> bool:
    def act(work: Work) -> bool:
        return ACTS[claimed.table](work, **claimed.identity)

    return engine.do(Actor.system(), claimed.community, act)


def _give_back(engine: Engine, busy: Sequence[Claimed], failed: Sequence[Claimed]) -> None:
    if busy or failed:
        with engine.store.transaction() as connection:
            claims.hold(connection, busy, None)
            claims.hold(connection, failed, engine.clock.now() + claims.LEASE)


class Worker:
    """Two threads: one for what comes due, one for what leaves the database, which may wait for others."""

    def __init__(self, engine: Engine) -> None:
        self._shifts = [
            _Shift(engine, Topic.DUE, lambda: _round(engine, None), next_due),
            _Shift(engine, Topic.LETTERS, lambda: outbox.deliver_due(engine), outbox.next_due),
        ]

    def start(self) -> None:
        for shift in self._shifts:
            shift.start()

    def stop(self) -> None:
        """Finish what is in hand and end."""
        for shift in self._shifts:
            shift.stop()

    def wake(self) -> None:
        """Something may have come due."""
        for shift in self._shifts:
            shift.wake()


class _Shift:
    """A thread that does round after round until nothing is left, and again when the bell rings or something is due."""

    def __init__(
        self,
        engine: Engine,
        topic: Topic,
        work: Callable[[], int],
        next_due: Callable[[Connection, datetime], datetime | None],
    ) -> None:
        self._engine, self._topic, self._work, self._next_due = engine, topic, work, next_due
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"yishi-{topic}", daemon=True)
        self.wake = self._woken.set

    def start(self) -> None:
        self._engine.bell.subscribe(self._topic, self.wake)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self.wake()
        self._thread.join()
        self._engine.bell.unsubscribe(self._topic, self.wake)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                if self._work():
                    continue
                pause = self._pause()
            except Exception:  # noqa: BLE001 - the thread must outlive any single failure
                _log.exception("the worker could not do its round and tries again")
                pause = self._engine.bell.patience
            self._woken.wait(pause)

    def _pause(self) -> float:
        """Seconds until something comes due, or until it is time to look by oneself."""
        with self._engine.store.snapshot() as connection:
            now = self._engine.clock.now()
            due = self._next_due(connection, now)
        patience = self._engine.bell.patience
        if due is None:
            return patience
        return min(max(BUSY_SECONDS, (due - now).total_seconds()), patience)
