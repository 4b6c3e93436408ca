"""What stands in a field before anybody answers, and what stands in a locked one whatever is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import feel
from web.forms.conversion import typed
from web.forms.fields import Field, level
from web.forms.level import Level

ROW = "#"
"""Key of a row's token among its answers; no field can have this name."""


def blank(field: Field, place: Level, *, locked: bool = False) -> Any:
    """The raw answer of a field nobody has touched: the default's, or when ``locked`` first the process's."""
    if field.nests:
        return answers(field.children, place.inner(place.trusted.get(field.key)).unanswered(), locked=locked)
    value = place.trusted.get(field.key) if locked else None
    value = _default(field, place) if value is None else value
    if field.type == "dynamiclist":
        return _rows(field, place, value)
    if field.type == "checkbox":
        return value is True
    if field.component.many:
        return [typed("", one) for one in value] if isinstance(value, list) else []
    return typed(field.subtype, value)


def answers(fields: tuple[Field, ...], place: Level, *, locked: bool = False) -> dict[str, Any]:
    """Raw answers for all fields of one place."""
    return {one.key: blank(one, place, locked=locked) for one in level(fields) if _stores(one)}


def new_row(field: Field, place: Level, token: str, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A row of a dynamic list: what is ``known`` of it, defaults for the rest."""
    inner = place.unanswered()
    inner.trusted = known or {}
    filled = {
        one.key: blank(one, inner, locked=inner.trusted.get(one.key) is not None)
        for one in level(field.children)
        if _stores(one)
    }
    return {ROW: token, **filled}


def _rows(field: Field, place: Level, value: object) -> list[dict[str, Any]]:
    known: list[Any] = value if isinstance(value, list) else [None] * field.repetitions
    return [
        new_row(field, place, str(index), row if isinstance(row, Mapping) else None)
        for index, row in enumerate(known)
    ]


def _default(field: Field, place: Level) -> Any:
    if field.default_expression is None:
        return field.default
    return feel.to_json(place.unanswered().evaluate(field.default_expression))


def _stores(field: Field) -> bool:
    return field.asks or field.component.many or field.nests
