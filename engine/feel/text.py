"""Values as text: what ``string()`` gives and what a message shows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from engine.feel.numbers import number_text
from engine.feel.runtime import MAX_NESTING, Run, too_deep
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.tokens import is_plain_name
from engine.feel.types import type_name
from engine.feel.values import Range, Value

_SHOWN = 40


def quoted(text: str) -> str:
    """The text as a FEEL string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def to_text(value: Value, run: Run) -> str:
    """The text of a value: a string as it is, everything else as FEEL that could be read back."""
    if type(value) is str:
        return value
    if isinstance(value, (Date, Time, DateTime, DaysDuration, MonthsDuration)):
        return str(value)
    return literal(value, run)


def literal(value: Value, run: Run, depth: int = 0) -> str:
    """The value as a FEEL literal; bounded by the run's budget."""
    run.spend()
    if depth > MAX_NESTING:
        raise too_deep()
    writer = _WRITERS.get(type(value))
    text = "function" if writer is None else writer(value, run, depth + 1)
    run.check_text(len(text))
    return text


def _range_text(value: Range, run: Run, depth: int) -> str:
    start, end = ("" if limit is None else literal(limit, run, depth) for limit in (value.start, value.end))
    if value.symbol:
        return f"({value.symbol} {start or end})"
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"


def _entry_text(key: str, value: Value, run: Run, depth: int) -> str:
    return f"{key if is_plain_name(key) else quoted(key)}: {literal(value, run, depth)}"


def _temporal_text(value: Value, run: Run, depth: int) -> str:
    return f'@"{value}"'


_WRITERS: dict[type, Callable[[Value, Run, int], str]] = {
    type(None): lambda value, run, depth: "null",
    bool: lambda value, run, depth: "true" if value else "false",
    Decimal: lambda value, run, depth: number_text(value),
    Fraction: lambda value, run, depth: number_text(value),
    str: lambda value, run, depth: quoted(value),
    list: lambda value, run, depth: f"[{', '.join(literal(item, run, depth) for item in value)}]",
    dict: lambda value, run, depth: (
        "{" + ", ".join(_entry_text(key, item, run, depth) for key, item in value.items()) + "}"
    ),
    Range: _range_text,
    Date: _temporal_text,
    Time: _temporal_text,
    DateTime: _temporal_text,
    DaysDuration: _temporal_text,
    MonthsDuration: _temporal_text,
}


def shown(value: Value) -> str:
    """A short form for messages: small values themselves, big ones by their type."""
    if type(value) in (list, dict) or type(value) not in _WRITERS:
        return type_name(value)
    text = literal(value, Run())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
