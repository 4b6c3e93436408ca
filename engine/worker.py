"""The worker: fires what has come due, each in a transaction of its own.

On SQLite it lives in the web process; on PostgreSQL any number of them may run, each taking what no other
holds.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from engine import jobs, timers
from engine.runtime import Actor

if TYPE_CHECKING:
    from engine.runtime import Engine

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
            self._wake.wait(self._pause())
            self._wake.clear()

    def _pause(self) -> float:
        """Seconds until the next timer or job is due, at most :data:`IDLE_SECONDS`: others may plan one meanwhile."""
        with self._engine.store.snapshot() as connection:
            instants = (timers.next_due(connection), jobs.next_due(connection))
        now = self._engine.clock.now()
        waits = [(instant - now).total_seconds() for instant in instants if instant is not None]
        return max(0.0, min([*waits, IDLE_SECONDS]))


def _round(engine: Engine, community: str | None, limit: int) -> int:
    """One look at what is due; what fails is told after everything else was served."""
    with engine.store.snapshot() as connection:
        now = engine.clock.now()
        found = timers.due(connection, now, community, limit) + jobs.due(connection, now, community, limit)
    done = 0
    failures: list[Exception] = []
    for place, act in found:
        try:
            done += _once(engine, place, act)
        except Exception as failure:  # noqa: BLE001 - one broken row must not hold up the others
            failures.append(failure)
    if failures and not done:
        raise ExceptionGroup("nothing that is due can be done", failures)
    for each in failures:
        _log.error("one of the due timers and jobs failed and is tried again", exc_info=each)
    return done


def _once(engine: Engine, community: str, act: timers.Act) -> bool:
    with engine.work(Actor.system(), community) as work:
        return act(work)
