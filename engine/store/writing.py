"""Statements that change rows, compiled once and then handed to the driver as they are.

A matter's step writes to many tables, and preparing an execution through SQLAlchemy costs several times what
the database needs for it. Text, order of the parameters and their conversion are the same each time, so they
are worked out once for each statement and dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Delete, Insert, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

Writing = Insert | Update | Delete
Row = Mapping[str, Any]


def write(connection: Connection, statement: Writing, rows: Sequence[Row]) -> None:
    """Execute ``statement``, all of whose values are bound parameters, once for each row of values."""
    text, bind = _prepared(statement, connection.dialect)
    connection.exec_driver_sql(text, [bind(row) for row in rows])


@lru_cache(maxsize=1024)
def _prepared(statement: Writing, dialect: Dialect) -> tuple[str, Callable[[Row], Any]]:
    compiled = statement.compile(dialect=dialect)
    convert = {name: _converter(compiled, name, dialect) for name in compiled.binds}
    if compiled.positiontup is None:
        return compiled.string, lambda row: {name: to(row[name]) for name, to in convert.items()}
    ordered = [(name, convert[name]) for name in compiled.positiontup]
    return compiled.string, lambda row: tuple([to(row[name]) for name, to in ordered])


def _converter(compiled: SQLCompiler, name: str, dialect: Dialect) -> Callable[[Any], Any]:
    return compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) or _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
