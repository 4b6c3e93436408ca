"""Definitions read once and shared: models, decision tables and form schemas by their keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, select

from engine import decisions
from engine.expressions import Expressions
from engine.interpreter import parser
from engine.interpreter.model import ProcessModel
from engine.store import tables

T = TypeVar("T")


class Catalogue:
    """What was deployed never changes, so it is kept in memory for as long as the process lives."""

    def __init__(self, expressions: Expressions) -> None:
        self._expressions = expressions
        self._models: dict[int, ProcessModel] = {}
        self._forms: dict[int, Mapping[str, Any]] = {}
        self._decisions: dict[int, decisions.DecisionModel] = {}
        self._bindings: dict[int, dict[tuple[str, str], int]] = {}

    def model(self, connection: Connection, definition_key: int) -> ProcessModel:
        """The process model of a definition."""
        return _once(self._models, definition_key, lambda: self._read_model(connection, definition_key))

    def form(self, connection: Connection, form_key: int) -> Mapping[str, Any]:
        """The form-js schema of a form version."""
        return _once(self._forms, form_key, lambda: json.loads(_content(connection, tables.form, form_key)))

    def decision(self, connection: Connection, decision_key: int) -> decisions.DecisionModel:
        """The decision model that holds a decision version."""

        def read() -> decisions.DecisionModel:
            content = _content(connection, tables.decision, decision_key)
            return decisions.parse(content, functions=self._expressions.functions)

        return _once(self._decisions, decision_key, read)

    def bound(self, connection: Connection, definition_key: int, kind: str, name: str) -> int | None:
        """The key of the form or decision version a process version was deployed with."""
        bindings = _once(self._bindings, definition_key, lambda: _read_bindings(connection, definition_key))
        return bindings.get((kind, name))

    def _read_model(self, connection: Connection, definition_key: int) -> ProcessModel:
        row = connection.execute(
            select(tables.definition.c.process_id, tables.resource.c.content, tables.resource.c.name)
            .join(tables.resource, tables.resource.c.key == tables.definition.c.resource_key)
            .where(tables.definition.c.key == definition_key)
        ).one()
        models = parser.parse(row.content, row.name, self._expressions)
        return next(model for model in models if model.process_id == row.process_id)


def _once(cache: dict[int, T], key: int, read: Callable[[], T]) -> T:
    found = cache.get(key)
    if found is None:
        found = cache[key] = read()
    return found


def _content(connection: Connection, table: Table, key: int) -> bytes:
    statement = (
        select(tables.resource.c.content)
        .join(table, table.c.resource_key == tables.resource.c.key)
        .where(table.c.key == key)
    )
    content: bytes = connection.execute(statement).scalar_one()
    return content


def _read_bindings(connection: Connection, definition_key: int) -> dict[tuple[str, str], int]:
    rows = connection.execute(select(tables.binding).where(tables.binding.c.definition_key == definition_key))
    return {(row.kind, row.name): row.target_key for row in rows}
