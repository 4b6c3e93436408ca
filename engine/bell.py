"""Wakes those who wait as soon as there is something for them, in this process and in others.

A transaction notes for whom it leaves something (:meth:`engine.runtime.Work.tell`). After its commit the bell rings:
on PostgreSQL by NOTIFY, which is part of the commit, to every process that listens; on SQLite, where one
process works, within it. Whoever waits looks by itself from time to time as well: a bell may be missed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, text

from engine.store.database import Store

CHANNEL = "yishi"
HORIZON = 10.0
"""Seconds: who hears the bell looks this often by itself, so only what is due sooner needs a ring."""

DEAF = 1.0
"""Seconds between two looks of those who cannot hear other processes."""

BREATH = 0.5
"""Seconds the listener waits at a time; so long does it take to end, and to try a lost connection again."""

KEEPALIVE: dict[str, Any] = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
"""A connection that nobody answers on any more is given up within seconds."""

_log = logging.getLogger(__name__)


class Topic(StrEnum):
    """Who is waited for: the worker's timers and tries, programs outside, what is to leave the database."""

    DUE = "due"
    JOBS = "jobs"
    LETTERS = "letters"


class Bell:
    """One for each engine; it listens from the first :meth:`subscribe` until :meth:`close`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._subscribers: dict[Topic, list[Callable[[], None]]] = {topic: [] for topic in Topic}
        self._listener: threading.Thread | None = None
        self._closed = threading.Event()
        self._hears = False

    @property
    def patience(self) -> float:
        """Seconds that one who waits may sleep before looking by itself."""
        return HORIZON if self._hears else DEAF

    def subscribe(self, topic: Topic, wake: Callable[[], None]) -> None:
        """Call ``wake``, from any thread, whenever the bell rings for ``topic``."""
        self._subscribers[topic].append(wake)
        if self._listener is None and not self._store.is_sqlite:
            self._listener = threading.Thread(target=self._listen, name="yishi-bell", daemon=True)
            self._listener.start()

    def unsubscribe(self, topic: Topic, wake: Callable[[], None]) -> None:
        """Undo :meth:`subscribe`; the last one out stops the listening."""
        self._subscribers[topic].remove(wake)
        if not any(self._subscribers.values()):
            self.close()

    def announce(self, connection: Connection, topics: Collection[Topic]) -> None:
        """Let other processes hear it once the transaction of ``connection`` commits."""
        if not self._store.is_sqlite:
            for topic in topics:
                connection.execute(_NOTIFY, {"channel": CHANNEL, "topic": topic.value})

    def ring(self, topics: Collection[Topic]) -> None:
        """Wake those of this process who would not hear it otherwise."""
        if not self._hears:
            self._wake(topics)

    def close(self) -> None:
        """Stop listening."""
        self._closed.set()
        if self._listener is not None:
            self._listener.join()
        self._listener, self._closed = None, threading.Event()

    def _wake(self, topics: Collection[Topic]) -> None:
        for topic in topics:
            for wake in list(self._subscribers[topic]):
                wake()

    def _listen(self) -> None:
        closed = self._closed
        while not closed.is_set():
            try:
                self._hear(closed)
            except psycopg.OperationalError as failure:
                _log.warning("the bell cannot be heard and is tried again: %s", failure)
            finally:
                self._hears = False
            closed.wait(BREATH)

    def _hear(self, closed: threading.Event) -> None:
        """Listen on a connection of its own, until it breaks or the bell is closed."""
        with psycopg.connect(self._address(), autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}".encode())
            self._hears = True
            self._wake(list(Topic))  # whatever was missed meanwhile
            while not closed.is_set():
                for note in connection.notifies(timeout=BREATH):
                    self._wake([topic for topic in Topic if topic == note.payload])

    def _address(self) -> str:
        url = self._store.database.url.set(drivername="postgresql")
        return make_conninfo(url.render_as_string(hide_password=False), **KEEPALIVE)


_NOTIFY = text("SELECT pg_notify(:channel, :topic)")
