"""Conversion functions and ``not`` (DMN 1.5, tables 72 and 73)."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel.builtins.table import builtin
from engine.feel.numbers import CONTEXT, Number, as_decimal, whole_number
from engine.feel.runtime import Run
from engine.feel.temporal import (
    MIDNIGHT,
    UTC_MIDNIGHT,
    Date,
    DateTime,
    DaysDuration,
    Duration,
    MonthsDuration,
    Time,
    zone,
)
from engine.feel.temporal_text import read_date, read_date_time, read_duration, read_time
from engine.feel.text import to_text
from engine.feel.values import Value

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_GROUPING = (" ", ",", ".")
_DECIMAL = (",", ".")


def _whole(number: Number) -> int:
    whole = whole_number(number)
    if whole is None:
        raise ValueError("要求整数")
    return whole


@builtin("date(from: string): date")
def date_from_text(text: str) -> Date:
    """The date the text spells."""
    return read_date(text)


@builtin("date(from: day): date")
def date_from_value(value: Date | DateTime) -> Date:
    """The date of a date and time."""
    return value.date if isinstance(value, DateTime) else value


@builtin("date(year: number, month: number, day: number): date")
def date_from_parts(year: Number, month: Number, day: Number) -> Date:
    """The date of these numbers."""
    return Date(_whole(year), _whole(month), _whole(day))


@builtin("time(from: string): time")
def time_from_text(text: str) -> Time:
    """The time of day the text spells."""
    return read_time(text)


@builtin("time(from: moment): time")
def time_from_value(value: Date | Time | DateTime) -> Time:
    """The time of day of a date and time; of a date, midnight UTC."""
    if isinstance(value, DateTime):
        return value.time
    return UTC_MIDNIGHT if isinstance(value, Date) else value


@builtin("time(hour: number, minute: number, second: number, offset?: days and time duration?): time")
def time_from_parts(hour: Number, minute: Number, second: Number, offset: DaysDuration | None = None) -> Time:
    """The time of day of these numbers."""
    seconds = None if offset is None else int(offset.seconds)
    return Time(_whole(hour), _whole(minute), as_decimal(second), seconds)


@builtin("date and time(from: string): date and time")
def date_time_from_text(text: str) -> DateTime:
    """The moment the text spells."""
    return read_date_time(text)


@builtin("date and time(from: day): date and time")
def date_time_from_value(value: Date | DateTime) -> DateTime:
    """A date's local midnight."""
    return value if isinstance(value, DateTime) else DateTime(value, MIDNIGHT)


@builtin("date and time(date: day, time: time): date and time")
def date_time_from_date_and_time(day: Date | DateTime, time: Time) -> DateTime:
    """That day at that time."""
    return DateTime(date_from_value(day), time)


_PARTS = (
    "date and time(year: number, month: number, day: number, hour: number, minute: number, second: number"
)


@builtin(f"{_PARTS}, offset?: days and time duration?): date and time")
def date_time_from_parts(
    year: Number,
    month: Number,
    day: Number,
    hour: Number,
    minute: Number,
    second: Number,
    offset: DaysDuration | None = None,
) -> DateTime:
    """The moment of these numbers."""
    return DateTime(date_from_parts(year, month, day), time_from_parts(hour, minute, second, offset))


@builtin(f"{_PARTS}, timezone: string): date and time")
def date_time_in_zone(
    year: Number, month: Number, day: Number, hour: Number, minute: Number, second: Number, timezone: str
) -> DateTime:
    """The moment of these numbers in a named time zone."""
    clock = Time(_whole(hour), _whole(minute), as_decimal(second), None, zone(timezone).key)
    return DateTime(date_from_parts(year, month, day), clock)


@builtin("duration(from: string): duration")
def duration_from_text(text: str) -> Duration:
    """The duration the text spells."""
    return read_duration(text)


@builtin("duration(from: duration): duration")
def duration_from_value(value: Duration) -> Duration:
    """A duration is one already."""
    return value


@builtin("years and months duration(from: day, to: day): years and months duration")
def months_between(start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Whole months from one day to another, towards zero."""
    first, last = date_from_value(start), date_from_value(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return MonthsDuration(months)


@builtin("number(from: number): number")
def number_from_value(value: Number) -> Number:
    """A number is one already."""
    return value


@builtin(
    "number(from: string): number",
    "number(from: string, grouping separator: string?, decimal separator: string?): number",
)
def number_from_text(text: str, grouping: str | None = None, decimal: str | None = None) -> Decimal | None:
    """The number the text spells, with the separators given."""
    if grouping is not None and grouping not in _GROUPING:
        raise ValueError("分组符号只能是空格、逗号或句点")
    if decimal is not None and decimal not in _DECIMAL:
        raise ValueError("小数点只能是逗号或句点")
    if grouping is not None and grouping == decimal:
        raise ValueError("分组符号和小数点不能相同")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(decimal, ".") if decimal else plain
    return CONTEXT.create_decimal(plain) if _NUMBER.fullmatch(plain) else None


@builtin("string(from: Any): string", needs_run=True)
def string(run: Run, value: Value) -> str | None:
    """The text of a value."""
    return None if value is None else to_text(value, run)


@builtin("not(negand: boolean): boolean")
def logical_not(negand: bool) -> bool:
    """The opposite."""
    return not negand
