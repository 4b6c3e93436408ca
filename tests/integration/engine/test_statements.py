"""Statements handed to the driver as they are behave as through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, Table, event, select
from sqlalchemy.exc import IntegrityError, OperationalError

from engine.store.database import Store
from engine.store.statements import Query, ask, numbered, one_of, write
from engine.store.tables import Instant

_thing = Table(
    "thing",
    MetaData(),
    Column("key", Integer, primary_key=True),
    Column("at", Instant),
    Column("open", Boolean),
)
_NOON = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8)))
_ALL = Query(select(_thing).order_by(_thing.c.key))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url)
    with store.transaction() as connection:
        _thing.create(connection)
    yield store
    store.close()


def thing(key: int, **values: Any) -> dict[str, Any]:
    return {"key": key, "at": _NOON, "open": True} | values


def test_values_come_back_as_they_went_in(store: Store) -> None:
    with store.transaction() as connection:
        write(connection, [(_thing.insert(), [thing(1), thing(2, at=None, open=None)])])
    with store.snapshot() as connection:
        first, second = _ALL.all(connection, {})
    assert first == (1, _NOON, True)
    assert first.at.tzinfo is UTC
    assert first.open is True
    assert (second.at, second.open) == (None, None)


def test_each_of_several_queries_gets_its_own_rows(store: Store) -> None:
    with store.transaction() as connection:
        write(connection, [(_thing.insert(), [thing(key) for key in range(5)])])
        some = Query(select(_thing.c.key).where(one_of(_thing.c.key, "key", 2)))
        found = ask(connection, (some, numbered("key", [3, 9])), (_ALL, {}))
    assert [row.key for row in found[0]] == [3]
    assert len(found[1]) == 5


def test_a_broken_rule_is_reported_as_sqlalchemy_does_and_undoes_the_transaction(store: Store) -> None:
    with store.transaction() as connection:
        write(connection, [(_thing.insert(), [thing(1)])])
    with pytest.raises(IntegrityError), store.transaction() as connection:
        write(connection, [(_thing.insert(), [thing(2)]), (_thing.insert(), [thing(1)])])
    with store.transaction() as connection:
        assert [row.key for row in _ALL.all(connection, {})] == [1]


def test_a_savepoint_undoes_only_its_own_statements(store: Store) -> None:
    with store.transaction() as connection:
        write(connection, [(_thing.insert(), [thing(1)])])
        with pytest.raises(IntegrityError), connection.begin_nested():
            write(connection, [(_thing.insert(), [thing(2), thing(1)])])
        write(connection, [(_thing.insert(), [thing(3)])])
    with store.snapshot() as connection:
        assert [row.key for row in _ALL.all(connection, {})] == [1, 3]


def test_listeners_hear_each_statement_once(store: Store) -> None:
    heard: list[str] = []

    @event.listens_for(store.database, "before_cursor_execute")
    def hear(connection: object, cursor: object, text: str, *_: object) -> None:
        heard.append(text.split(maxsplit=1)[0])

    with store.transaction() as connection:
        write(connection, [(_thing.insert(), [thing(1), thing(2)])])
        _ALL.all(connection, {})
    assert [word for word in heard if word != "BEGIN"] == ["INSERT", "SELECT"]


def test_a_cut_connection_is_given_up_and_the_next_one_works(store: Store) -> None:
    if store.is_sqlite:
        pytest.skip("there is no connection to cut")
    with pytest.raises(OperationalError) as failure, store.transaction() as connection:
        _write_on_a_cut_connection(store, connection)
    assert failure.value.connection_invalidated
    with store.transaction() as connection:
        assert _ALL.all(connection, {}) == []


def _write_on_a_cut_connection(store: Store, connection: Connection) -> None:
    write(connection, [(_thing.insert(), [thing(1)])])
    own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with store.database.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
    write(connection, [(_thing.insert(), [thing(2)])])
