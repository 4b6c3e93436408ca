"""Group commit: writers who queue for SQLite share one write to the disk.

SQLite has one writer at a time, and each of its commits waits for the disk, which takes longer than what a member's
action writes. So writers come in one by one, in the order they asked, and who leaves hands the open transaction on
to the next; the last one commits for all of them, and only then does any of them hear that it is done. What a member
does lies in a savepoint: if it fails, that alone is undone. A writer nobody waits behind commits at once.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Engine as DatabaseEngine
from sqlalchemy.exc import SQLAlchemyError

LONGEST = 0.03
"""Seconds after which a group takes nobody in any more: so long may the first of it have to wait for the others."""


class Writers:
    """The writers of one process on one SQLite database."""

    def __init__(self, database: DatabaseEngine) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._busy = False
        self._queue: deque[threading.Lock] = deque()
        self._group: _Group | None = None

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that is durable when the block is left without an exception, and leaves nothing otherwise."""
        self._come_in()
        try:
            group = self._group = self._group or _Group(self._database)
            with group.part() as connection:
                yield connection
        finally:
            self._go_out()
        group.wait()

    def _come_in(self) -> None:
        gate = threading.Lock()
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            gate.acquire()
            self._queue.append(gate)
        gate.acquire()

    def _go_out(self) -> None:
        if self._group is not None and not (self._queue and self._group.takes_more):
            self._group.end()
            self._group = None
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._busy = False


class _Group:
    """One transaction of the database and those who share it."""

    def __init__(self, database: DatabaseEngine) -> None:
        self._connection = database.connect()
        self._transaction = self._connection.begin()
        self._until = time.monotonic() + LONGEST
        self._members = 0
        self._intact = True
        self._failure: BaseException | None = None
        self._ended = threading.Event()
        try:
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            self._connection.close()
            raise

    @property
    def takes_more(self) -> bool:
        return self._intact and time.monotonic() < self._until

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """What one member does. A failure undoes that alone, unless the database has undone everything."""
        try:
            with self._connection.begin_nested() if self._members else nullcontext():
                yield self._connection
        except BaseException:
            self._intact = self._members > 0 and self._is_open
            raise
        self._members += 1

    def end(self) -> None:
        """Commit for all members, or note why that cannot be."""
        try:
            self._finish()
        except BaseException as failure:  # noqa: BLE001 - each member raises it in its own thread
            self._failure = failure
        finally:
            self._connection.close()
            self._ended.set()

    def _finish(self) -> None:
        if not self._members:
            self._transaction.rollback()
        elif self._is_open:
            self._transaction.commit()
        else:
            raise SQLAlchemyError("the database has undone the transaction these writers shared")

    def wait(self) -> None:
        """Until everything is on the disk; raises what has kept it from being so."""
        self._ended.wait()
        if self._failure is not None:
            raise self._failure

    @property
    def _is_open(self) -> bool:
        """Whether the database still has the transaction; a full disk, for one, makes it drop all of it."""
        driver: Any = self._connection.connection.driver_connection
        return bool(driver.in_transaction)
