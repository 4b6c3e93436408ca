"""The SQLite the product runs on: the newer of Python's own and the one installed with the product."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Engine as DatabaseEngine

SAFE = (3, 51, 3)
"""From this version on a checkpoint that meets a writer at the start of a new log cannot spoil the database."""

LONGEST_START = 600
"""Seconds a process waits while another one prepares the database."""

OPTIONS = {"timeout": 30, "cached_statements": 1000}
"""Seconds to wait for a writer in another process; statements kept ready. The driver keeps the first ones it sees
and prepares all others anew each time, so there must be room for every statement there is."""


def driver() -> Any:
    """The DB-API module; where nobody offers a ready-made newer one it is Python's own."""
    try:
        installed = import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3
    return max((sqlite3, installed), key=lambda module: module.sqlite_version_info)


def prepare(connection: Any, _record: object) -> None:
    """A new connection: a write-ahead log, nothing acknowledged before it is on the disk."""
    connection.isolation_level = None  # we say BEGIN ourselves; the driver's own habit breaks savepoints
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection) -> None:
    """Open a transaction, past SQLAlchemy, whose way to a statement costs more than this one."""
    driver_connection: Any = connection.connection.driver_connection
    driver_connection.execute("BEGIN")


@contextmanager
def lock(database: DatabaseEngine) -> Iterator[None]:
    """An exclusive lock on an empty database beside the real one: it goes with the process, on every system."""
    with closing(driver().connect(f"{database.url.database}-starting", timeout=LONGEST_START)) as beside:
        beside.isolation_level = None
        beside.execute("BEGIN EXCLUSIVE")
        yield
