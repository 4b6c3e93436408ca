"""The worker: fires what has come due, a few timers in one transaction, and sends what leaves the database.

On SQLite it lives in the web process; on PostgreSQL any number of them share the work (:mod:`engine.claims`).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table

from engine import claims, jobs, outbox, timers
from engine.bell import Topic
from engine.claims import Claimed
from engine.runtime import Actor, Work
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Engine

BATCH = 25
"""Rows claimed at a time: few, so that workers share what comes due at one moment."""

MOST = 10_000
"""Rounds of one call: a model whose timers never end must not keep the caller for ever."""

BUSY_SECONDS = 0.05
"""How long to wait for a matter that others have in hand."""

Act = Callable[[Work, Sequence[Mapping[str, Any]]], list[bool]]
"""Does due things in one transaction, given what identifies each; of each, whether its matter was free."""

ACTS: dict[Table, Act] = {
    tables.timer: lambda work, due: timers.fire(work, [one["key"] for one in due]),
    tables.start_timer: lambda work, due: [timers.start(work, **one) for one in due],
    tables.job: lambda work, due: [jobs.retry(work, **one) for one in due],
}

TOGETHER = {tables.timer}
"""Of which several are done in one transaction; the others call programs that take what time they take."""

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
    outcome = _Outcome()
    for batch in _batches(found):
        _do(engine, batch, outcome)
    _give_back(engine, outcome.busy, [one for one, _ in outcome.failed])
    failures = [failure for _, failure in outcome.failed]
    if failures and not outcome.done:
        raise ExceptionGroup("nothing that is due can be done", failures)
    for each in failures:
        _log.error("one of the due timers and jobs failed and is tried again", exc_info=each)
    return outcome.done


@dataclass(slots=True)
class _Outcome:
    """How many of the claimed were done, which were in other hands, which failed and why."""

    done: int = 0
    busy: list[Claimed] = field(default_factory=list)
    failed: list[tuple[Claimed, Exception]] = field(default_factory=list)


def _batches(found: Sequence[Claimed]) -> Iterator[list[Claimed]]:
    """What is done in one transaction each."""
    groups: dict[tuple[Table, str], list[Claimed]] = {}
    for one in found:
        if one.table in TOGETHER:
            groups.setdefault((one.table, one.community), []).append(one)
        else:
            yield [one]
    yield from groups.values()


def _do(engine: Engine, batch: Sequence[Claimed], outcome: _Outcome) -> None:
    """Do a batch; when it fails each of it by itself, for one broken row must not hold up the others."""
    act, identities = ACTS[batch[0].table], [one.identity for one in batch]
    try:
        free = engine.do(Actor.system(), batch[0].community, lambda work: act(work, identities))
    except Exception as failure:  # noqa: BLE001 - told after the others were served
        if len(batch) == 1:
            outcome.failed.append((batch[0], failure))
            return
        for one in batch:
            _do(engine, [one], outcome)
        return
    outcome.done += sum(free)
    outcome.busy += [one for one, was_free in zip(batch, free, strict=True) if not was_free]


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
