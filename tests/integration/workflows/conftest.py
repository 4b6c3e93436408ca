"""Databases with the tables of all topics, of each kind the product runs on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, make_url

import workflows.accounts.store
import workflows.ballots.store
import workflows.calendar.store
import workflows.matters.store
import workflows.meetings.store
import workflows.notices.store
import workflows.organisation.store
import workflows.reviews.store  # noqa: F401 (each declares its tables)
from engine.store.database import Store
from workflows.store import metadata

SCHEMA = "workflows_shared"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty database, for tests that commit."""
    store = Store.open(database_url)
    with store.transaction() as connection:
        metadata.create_all(connection)
    yield store
    store.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database that stays empty: every test rolls back what it wrote."""
    if request.param == "sqlite":
        store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('stores') / 'shared.db'}")
    else:
        store = Store.open(_own_schema(request.getfixturevalue("postgres_server")))
    with store.transaction() as connection:
        metadata.create_all(connection)
    yield store
    store.close()


def _own_schema(server: str) -> str:
    admin = Store.open(server)
    with admin.transaction() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    admin.close()
    address = make_url(server).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return address.render_as_string(hide_password=False)


@pytest.fixture
def connection(shared_store: Store) -> Iterator[Connection]:
    """One transaction, rolled back at the end."""
    with shared_store.snapshot() as connection:
        yield connection
