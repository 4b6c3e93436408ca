"""Which versions run here."""

from __future__ import annotations

import platform
from importlib.metadata import version

from sqlalchemy import Connection, text

from engine.store.database import Store


def versions(store: Store) -> dict[str, str]:
    """Product, schema revision, interpreter, database and Python; asks the database, so it proves that it answers."""
    with store.snapshot() as connection:
        return {
            "product": version("yishi-bpmn"),
            "schema": _revision(connection),
            "spiffworkflow": version("SpiffWorkflow"),
            "database": _database(connection),
            "python": platform.python_version(),
        }


def _revision(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _database(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
