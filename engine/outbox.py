"""What leaves the database: messages to other systems, mail, printing.

A letter is put in the transaction of the action that causes it, so it exists exactly if that was committed.
A worker hands it to the courier of its topic afterwards, outside any transaction, until the courier has returned once
without an error: at least once. A courier passes :attr:`Letter.idempotency_key` on, so that the receiver can tell a
second delivery from a second letter. What cannot be delivered is tried again with growing pauses; after
:data:`TRIES` it is given up and waits for an administrator.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from engine import claims, values
from engine.bell import Topic
from engine.errors import NotFound
from engine.store import tables

if TYPE_CHECKING:
    from engine.claims import Claimed
    from engine.registry import Courier
    from engine.runtime import Engine, Work

TRIES = 10
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = timedelta(seconds=10), timedelta(hours=6), 3
"""Ten tries fill about a day."""

BATCH = 5
LEASE = timedelta(minutes=5)
"""How long a worker has for a batch before another takes it over; couriers give up on a receiver much earlier."""

_log = logging.getLogger(__name__)
_outbox = tables.outbox


class Undeliverable(Exception):
    """Raised by a courier: no later try can succeed either (the address does not exist, say)."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing to deliver. ``attempts`` counts the failed tries so far, ``error`` says why the last one failed.

    ``due_at`` is when it is tried next: ``None`` once it was delivered or given up.
    """

    key: int
    community: str
    topic: str
    idempotency_key: str
    payload: Mapping[str, Any]
    created_at: datetime
    due_at: datetime | None
    delivered_at: datetime | None
    attempts: int
    error: str | None


def put(
    work: Work,
    topic: str,
    payload: Mapping[str, Any],
    *,
    idempotency_key: str | None = None,
    due_at: datetime | None = None,
) -> int:
    """Leave a letter to be delivered at once or from ``due_at`` on; returns its key.

    Of two letters of a topic with the same ``idempotency_key`` the second is not written: the key of the first comes
    back. Without one every letter is its own. ``LookupError`` for a topic that nobody delivers.
    """
    _courier(work.engine, topic)
    due = due_at or work.now
    key = work.engine.keys.next()
    mark = idempotency_key or str(key)
    own = {"community": work.community, "topic": topic, "idempotency_key": mark}
    work.flush()
    known = work.connection.execute(select(_outbox.c.key).filter_by(**own)).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = {
        **own,
        "key": key,
        "payload": values.dump(dict(payload)),
        "created_at": work.now,
        "due_at": due,
        "attempts": 0,
    }
    work.changes.insert(_outbox, row)
    work.tell(Topic.LETTERS, due)
    return key


# -- delivering --------------------------------------------------------------------------------------


def deliver_due(engine: Engine) -> int:
    """Try a few of the letters that are due; returns how many were tried."""
    found = claims.claim(engine.store, _outbox, engine.clock.now(), BATCH, None, LEASE)
    for one in found:
        _deliver(engine, one)
    return len(found)


def next_due(connection: Connection, now: datetime) -> datetime | None:
    """When the next letter is to be tried that no worker has in hand."""
    return claims.next_due(connection, [_outbox], now).get(_outbox.name)


def _deliver(engine: Engine, claimed: Claimed) -> None:
    own = {"community": claimed.community, **claimed.identity}
    with engine.store.snapshot() as connection:
        letter = _letter(connection.execute(select(_outbox).filter_by(**own)).one())
    try:
        _courier(engine, letter.topic)(letter)
    except Exception as failure:  # noqa: BLE001 - whatever a courier raises, the letter stays
        _log.warning("letter %s (%s) was not delivered: %s", letter.key, letter.topic, failure)
        told = _failed(letter, failure, engine.clock.now())
    else:
        told = {"delivered_at": engine.clock.now(), "due_at": None, "error": None}
    with engine.store.transaction() as connection:
        connection.execute(_outbox.update().filter_by(**own).values(**told, held_until=None))


def _courier(engine: Engine, topic: str) -> Courier:
    found = engine.registry.courier(topic)
    if found is None:
        raise LookupError(f"nobody delivers {topic}")
    return found


def _failed(letter: Letter, failure: Exception, now: datetime) -> dict[str, Any]:
    attempts = letter.attempts + 1
    hopeless = isinstance(failure, Undeliverable) or attempts >= TRIES
    pause = min(FIRST_PAUSE * GROWTH**letter.attempts, LONGEST_PAUSE)
    error = f"{type(failure).__name__}: {failure}"[:2000]
    return {"attempts": attempts, "error": error, "due_at": None if hopeless else now + pause}


# -- administering -----------------------------------------------------------------------------------


def undelivered(work: Work, limit: int = 200) -> list[Letter]:
    """Letters of the community that are not delivered, those given up among them; newest first."""
    match = (_outbox.c.community == work.community, _outbox.c.delivered_at.is_(None))
    rows = work.connection.execute(select(_outbox).where(*match).order_by(_outbox.c.key.desc()).limit(limit))
    return [_letter(row) for row in rows]


def retry(work: Work, key: int) -> None:
    """Try an undelivered letter again at once, with all its tries."""
    match = (_outbox.c.community == work.community, _outbox.c.key == key, _outbox.c.delivered_at.is_(None))
    anew = _outbox.update().where(*match).values(due_at=work.now, attempts=0, held_until=None)
    if work.connection.execute(anew).rowcount == 0:
        raise NotFound("外发信件")
    work.tell(Topic.LETTERS, work.now)


def _letter(row: Any) -> Letter:
    return Letter(
        key=row.key,
        community=row.community,
        topic=row.topic,
        idempotency_key=row.idempotency_key,
        payload=values.load(row.payload),
        created_at=row.created_at,
        due_at=row.due_at,
        delivered_at=row.delivered_at,
        attempts=row.attempts,
        error=row.error,
    )
