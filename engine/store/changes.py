"""The row changes of one transaction, written together at its end.

A step of a matter touches few rows, some of them several times. They are collected here, the
last word on each row wins, and one ``executemany`` per table and kind of change writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Delete, Insert, Table, Update, bindparam

from engine.store.statements import Values, Writing, write

Row = dict[str, Any]
Identity = tuple[Any, ...]
Columns = tuple[str, ...]


class Changes:
    """Inserts, updates and deletes by table and primary key."""

    def __init__(self) -> None:
        self._inserts: dict[Table, dict[Identity, Row]] = {}
        self._updates: dict[Table, dict[Identity, Row]] = {}
        self._deletes: dict[Table, set[Identity]] = {}
        self._purges: dict[Table, dict[Identity, Row]] = {}
        self._revisions: dict[tuple[Table, Columns, Columns], list[Row]] = {}

    def insert(self, table: Table, row: Row) -> None:
        """A new row; if the same row was deleted in this transaction it is written over."""
        identity = _identity(table, row)
        if identity in self._deletes.get(table, ()):
            self._deletes[table].discard(identity)
            self._updates.setdefault(table, {})[identity] = _rest(table, row)
            return
        self._inserts.setdefault(table, {})[identity] = row

    def update(self, table: Table, key: Mapping[str, Any], values: Row) -> None:
        """New values for some columns of a row."""
        identity = _identity(table, key)
        pending = self._inserts.get(table, {}).get(identity)
        if pending is not None:
            pending.update(values)
            return
        self._updates.setdefault(table, {}).setdefault(identity, {}).update(values)

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        """The row goes; a row that was only inserted here never existed."""
        identity = _identity(table, key)
        if self._inserts.get(table, {}).pop(identity, None) is not None:
            return
        self._updates.get(table, {}).pop(identity, None)
        self._deletes.setdefault(table, set()).add(identity)

    def purge(self, table: Table, match: Row) -> None:
        """All rows that have these values go, written or pending."""
        pending = self._inserts.get(table, {})
        for identity in [i for i, row in pending.items() if match.items() <= row.items()]:
            del pending[identity]
        self._purges.setdefault(table, {})[tuple(match.values())] = match

    def revise(self, table: Table, match: Row, values: Row) -> None:
        """All rows that have the values of ``match`` get new ``values``, written or pending."""
        for row in self._inserts.get(table, {}).values():
            if match.items() <= row.items():
                row.update(values)
        bound = {f"k_{name}": value for name, value in match.items()} | _renamed(values)
        self._revisions.setdefault((table, tuple(match), tuple(values)), []).append(bound)

    def flush(self, connection: Connection) -> None:
        """Write everything and start afresh."""
        writings = list(self._writings())
        if writings:
            write(connection, writings)
        self._purges.clear()
        self._inserts.clear()
        self._updates.clear()
        self._deletes.clear()
        self._revisions.clear()

    def _writings(self) -> Iterator[tuple[Writing, Sequence[Values]]]:
        for table, matches in self._purges.items():
            for columns, batch in _by_columns(matches).items():
                yield _purging(table, columns), [_renamed(row) for _, row in batch]
        for table, identities in self._deletes.items():
            if identities:
                yield _deleting(table), [_bound(table, identity) for identity in identities]
        for table, rows in self._inserts.items():
            if rows:
                new = list(rows.values())
                yield _inserting(table, tuple(new[0])), new
        for table, updates in self._updates.items():
            for columns, batch in _by_columns(updates).items():
                yield _updating(table, columns), [_bound(table, i) | _renamed(row) for i, row in batch]
        for kind, bound in self._revisions.items():
            yield _revising(*kind), bound


def _identity(table: Table, row: Mapping[str, Any]) -> Identity:
    return tuple([row[name] for name in _names(table)])


def _rest(table: Table, row: Row) -> Row:
    own = _names(table)
    return {name: value for name, value in row.items() if name not in own}


# Building a statement costs more than running it, so each is built once.


@cache
def _inserting(table: Table, columns: Columns) -> Insert:
    return table.insert().values({name: bindparam(name) for name in columns})


@cache
def _deleting(table: Table) -> Delete:
    return table.delete().where(*_match(table, _names(table)))


@cache
def _purging(table: Table, columns: Columns) -> Delete:
    return table.delete().where(*(table.c[name] == bindparam(f"v_{name}") for name in columns))


@cache
def _updating(table: Table, columns: Columns) -> Update:
    return table.update().where(*_match(table, _names(table))).values(_new(columns))


@cache
def _revising(table: Table, match: Columns, columns: Columns) -> Update:
    return table.update().where(*_match(table, match)).values(_new(columns))


@cache
def _names(table: Table) -> Columns:
    return tuple(column.name for column in table.primary_key.columns)


def _match(table: Table, names: Columns) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(f"k_{name}") for name in names]


def _new(columns: Columns) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(f"v_{name}") for name in columns}


def _bound(table: Table, identity: Identity) -> Row:
    return {f"k_{name}": value for name, value in zip(_names(table), identity, strict=True)}


def _renamed(row: Row) -> Row:
    return {f"v_{name}": value for name, value in row.items()}


def _by_columns(updates: dict[Identity, Row]) -> dict[Columns, list[tuple[Identity, Row]]]:
    batches: dict[Columns, list[tuple[Identity, Row]]] = {}
    for identity, row in updates.items():
        if row:
            batches.setdefault(tuple(sorted(row)), []).append((identity, row))
    return batches
