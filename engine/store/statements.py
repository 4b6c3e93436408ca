"""Statements compiled once and then handed to the driver as they are.

A matter's step reads and writes many tables, and preparing an execution through SQLAlchemy costs several times
what the database needs for it. Text, order of the parameters and the conversion of values are the same each
time, so they are worked out once for each statement and dialect. On PostgreSQL statements that do not depend on
each other's answers travel together (the protocol's pipeline), for every exchange with the server costs more
than a statement. Listeners to SQLAlchemy's ``before_cursor_execute`` hear of all of them, and errors are
SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Delete, Insert, Select, Update, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Writing = Insert | Update | Delete
Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


class Query:
    """A SELECT all of whose values are bound parameters; its rows are named tuples."""

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement

    def all(self, connection: Connection, values: Values) -> list[Any]:
        """All rows for these values."""
        return ask(connection, (self, values))[0]

    def first(self, connection: Connection, values: Values) -> Any | None:
        """The first row, if there is any."""
        return next(iter(self.all(connection, values)), None)


Question = tuple[Query, Values]


def ask(connection: Connection, *questions: Question) -> list[list[Any]]:
    """The rows of several queries, asked together; each sees what the ones before it have locked."""
    answers = []
    one_by_one = not _is_pipelined(
        connection
    )  # SQLite uses a statement again only when it has been read to its end
    with together(connection) as driver:
        for query, values in questions:
            text, bind = _prepared(query.statement, connection.dialect)
            cursor = _execute(connection, driver, text, bind(values))
            answers.append(cursor.fetchall() if one_by_one else cursor)
    return [
        _reader(query.statement, connection.dialect)(answer if one_by_one else answer.fetchall())
        for (query, _), answer in zip(questions, answers, strict=True)
    ]


def one_of(column: ColumnElement[Any], name: str, count: int) -> ColumnElement[bool]:
    """That a column has one of ``count`` values, which are bound by :func:`numbered` names."""
    return column.in_([bindparam(f"{name}_{i}", type_=column.type) for i in range(count)])


def numbered(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """Values by the names they have in :func:`one_of`."""
    return {f"{name}_{i}": value for i, value in enumerate(values)}


def write(connection: Connection, writings: Sequence[tuple[Writing, Sequence[Values]]]) -> None:
    """Execute statements in this order, each once for every one of its rows of values."""
    with together(connection) as driver:
        for statement, rows in writings:
            text, bind = _prepared(statement, connection.dialect)
            _execute(connection, driver, text, *[bind(row) for row in rows])


@contextmanager
def together(connection: Connection) -> Iterator[Any]:
    """Let what is done inside reach the server as one message, where there is a server; gives the driver."""
    driver: Any = connection.connection.driver_connection
    dialect = connection.dialect
    try:
        if _is_pipelined(connection):
            with driver.pipeline():
                yield driver
        else:
            yield driver
    except dialect.loaded_dbapi.Error as fault:
        cut = dialect.is_disconnect(fault, driver, None)
        if cut:
            connection.invalidate(fault)
        error = dialect.loaded_dbapi.Error
        raise DBAPIError.instance(
            None, None, fault, error, connection_invalidated=cut, dialect=dialect
        ) from fault


def _is_pipelined(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _execute(connection: Connection, driver: Any, text: str, *rows: Any) -> Any:
    cursor = driver.cursor()
    many = len(rows) != 1
    given = list(rows) if many else rows[0]
    for hear in connection.dispatch.before_cursor_execute:
        hear(connection, cursor, text, given, None, many)
    (cursor.executemany if many else cursor.execute)(text, given)
    return cursor


@lru_cache(maxsize=1024)
def _prepared(statement: Select[Any] | Writing, dialect: Dialect) -> tuple[str, Callable[[Values], Any]]:
    """The text for this dialect, and what makes its parameters of values by name."""
    compiled = statement.compile(dialect=dialect)
    names = compiled.positiontup or []
    convert = _converting([_to_database(compiled.binds[name].type, dialect) for name in names])
    return compiled.string, lambda row: convert([row[name] for name in names])


@lru_cache(maxsize=1024)
def _reader(statement: Select[Any], dialect: Dialect) -> Callable[[Sequence[Any]], list[Any]]:
    """What makes named tuples of the driver's rows."""
    columns = list(statement.selected_columns)
    row = namedtuple("Row", [column.name for column in columns])  # type: ignore[misc]  # noqa: PYI024 - made at run time
    convert = _converting([_from_database(column.type, dialect) for column in columns])
    return lambda rows: [row._make(convert(list(values))) for values in rows]


def _converting(converts: Sequence[Convert | None]) -> Callable[[list[Any]], list[Any]]:
    """What converts those of the values in a list that have to be."""
    some = [(index, to) for index, to in enumerate(converts) if to]

    def convert(values: list[Any]) -> list[Any]:
        for index, to in some:
            values[index] = to(values[index])
        return values

    return convert


def _to_database(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _from_database(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
