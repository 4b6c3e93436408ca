"""Filter operators: one table from their names to SQL, and which kinds of fields know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields
from sqlalchemy import ColumnElement, false, true

from web.api.fields import Flag, Instant, Key, Text, Whole

Row = dict[str, Any]
Rows = list[Row]
Column = ColumnElement[Any]

MAX_VALUES = 1000
"""How many values a list in a filter may have."""

KEY, TEXT, NUMBER, INSTANT, FLAG = "key", "text", "number", "instant", "flag"
_KINDS: dict[type[fields.Field[Any]], str] = {
    Key: KEY,
    Instant: INSTANT,
    Flag: FLAG,
    Whole: NUMBER,
    Text: TEXT,
}


def kind(of: fields.Field[Any]) -> str | None:
    """Which operators a field knows; ``None`` for those nobody can filter by."""
    return _KINDS.get(type(of))


def _like(column: Column, pattern: str) -> Column:
    """``*`` stands for any text and ``?`` for one character; a backslash takes their meaning away."""
    return column.like(_sql_pattern(pattern), escape="\\")


def _sql_pattern(pattern: str) -> str:
    wild = {"*": "%", "?": "_"}
    parts: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            parts.append(_literal(next(characters, "\\")))
        else:
            parts.append(wild.get(character) or _literal(character))
    return "".join(parts)


def _literal(character: str) -> str:
    return f"\\{character}" if character in "%_\\" else character


_ALL = (KEY, TEXT, NUMBER, INSTANT, FLAG)
_RANGED = (NUMBER, INSTANT)

OPERATORS: Mapping[str, tuple[Callable[[Column, Any], Column], tuple[str, ...]]] = {
    "$eq": (lambda column, value: column == value, _ALL),
    "$neq": (lambda column, value: column.is_distinct_from(value), (KEY, TEXT, NUMBER, INSTANT)),
    "$exists": (lambda column, value: column.is_not(None) if value else column.is_(None), _ALL),
    "$in": (lambda column, value: column.in_(value), (KEY, TEXT, NUMBER, INSTANT)),
    "$notIn": (lambda column, value: column.not_in(value) | column.is_(None), (KEY, TEXT, NUMBER, INSTANT)),
    "$like": (_like, (TEXT,)),
    "$gt": (lambda column, value: column > value, _RANGED),
    "$gte": (lambda column, value: column >= value, _RANGED),
    "$lt": (lambda column, value: column < value, _RANGED),
    "$lte": (lambda column, value: column <= value, _RANGED),
}
_LISTS = ("$in", "$notIn")


def operators(of: fields.Field[Any]) -> list[str]:
    """The operators of a field, for the reference."""
    return [name for name, (_act, kinds) in OPERATORS.items() if kind(of) in kinds]


def condition(column: Column, of: fields.Field[Any], given: Any) -> Column:
    """A filter value (a scalar, meaning equal, or operators that must all hold) as SQL."""
    asked = given if isinstance(given, Mapping) else {"$eq": given}
    if not asked:
        raise ValidationError("没有写条件。")
    found: Column = true()
    for name, value in asked.items():
        act, kinds = OPERATORS.get(name, (None, ()))
        if act is None or kind(of) not in kinds:
            raise ValidationError(f"这个字段不支持“{name}”。")
        found = found & act(column, _value(name, of, value))
    return found


def constant(known: str, given: Any) -> Column:
    """A condition on something that is the same for every row."""
    asked = given if isinstance(given, Mapping) else {"$eq": given}
    verdicts: dict[str, Callable[[Any], bool]] = {
        "$eq": lambda value: value == known,
        "$neq": lambda value: value != known,
        "$exists": lambda value: value is True,
        "$in": lambda value: known in value,
        "$notIn": lambda value: known not in value,
        "$like": lambda value: known == value,
    }
    try:
        holds = all(verdicts[name](value) for name, value in asked.items())
    except (KeyError, TypeError) as fault:
        raise ValidationError("条件无法理解。") from fault
    return true() if holds else false()


def _value(operator: str, of: fields.Field[Any], value: Any) -> Any:
    if operator == "$exists":
        return Flag().deserialize(value)
    if operator in _LISTS:
        if not isinstance(value, list) or len(value) > MAX_VALUES:
            raise ValidationError(f"应为列表，最多 {MAX_VALUES} 项。")
        return [_scalar(of, item) for item in value]
    return _scalar(of, value)


def _scalar(of: fields.Field[Any], value: Any) -> Any:
    if value is None:
        raise ValidationError("不能为 null，判断有无请用 $exists。")
    return type(of)().deserialize(value)
