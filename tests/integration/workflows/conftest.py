"""A database for the topics: SQLite on disk, and PostgreSQL where ``DATABASE_URL`` names one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

import workflows.accounts.store
import workflows.ballots.store
import workflows.calendar.store
import workflows.matters.store
import workflows.meetings.store
import workflows.notices.store
import workflows.organisation.store  # noqa: F401 (each declares its tables)
from engine.store.database import Store
from workflows.store import metadata

POSTGRESQL = os.environ.get("DATABASE_URL", "")
DATABASES = ["sqlite", *(["postgresql"] if POSTGRESQL.startswith("postgresql") else [])]
SCHEMA = "yishi_workflows_test"


@pytest.fixture(params=DATABASES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database with the tables of all topics."""
    if request.param == "sqlite":
        store = Store.open(f"sqlite:///{tmp_path / 'test.db'}")
    else:
        _fresh_schema()
        store = Store.open(f"{POSTGRESQL}?options=-csearch_path%3D{SCHEMA}")
    with store.transaction() as connection:
        metadata.create_all(connection)
    yield store
    store.close()


def _fresh_schema() -> None:
    admin = Store.open(POSTGRESQL)
    with admin.transaction() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    admin.close()


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    """One transaction of that database."""
    with store.transaction() as connection:
        yield connection
