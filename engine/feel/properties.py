"""Fields of contexts and properties of dates, times, durations and ranges (DMN 1.5, table 65)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.feel.numbers import CONTEXT
from engine.feel.runtime import Run
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.text import shown
from engine.feel.values import Range, Value

_Getter = Callable[[Value], Value]


def _offset(seconds: int | None) -> DaysDuration | None:
    return None if seconds is None else DaysDuration(Decimal(seconds))


def _part(seconds: Decimal, unit: int, limit: int | None = None) -> Decimal:
    """One unit of a duration, with the duration's sign."""
    amount = CONTEXT.divide_int(abs(seconds), Decimal(unit))
    if limit is not None:
        amount = CONTEXT.remainder(amount, Decimal(limit))
    return -amount if seconds < 0 and amount else amount


def _months(months: int) -> tuple[int, int]:
    years, rest = divmod(abs(months), 12)
    return (-years, -rest) if months < 0 else (years, rest)


def _second(seconds: Decimal) -> Decimal:
    rest = CONTEXT.remainder(seconds, Decimal(60))
    return CONTEXT.normalize(rest) if rest else Decimal(0)


def _of_part(part: str, get: _Getter) -> _Getter:
    return lambda moment: get(getattr(moment, part))


_DATE: dict[str, _Getter] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday),
}
_TIME: dict[str, _Getter] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: time.second,
    "time offset": lambda time: _offset(time.offset),
    "timezone": lambda time: time.zone,
}
_PROPERTIES: dict[type, dict[str, _Getter]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_part("date", get) for name, get in _DATE.items()},
        **{name: _of_part("time", get) for name, get in _TIME.items()},
        "time offset": lambda moment: _offset(moment.offset),
    },
    DaysDuration: {
        "days": lambda duration: _part(duration.seconds, 86_400),
        "hours": lambda duration: _part(duration.seconds, 3_600, 24),
        "minutes": lambda duration: _part(duration.seconds, 60, 60),
        "seconds": lambda duration: _second(duration.seconds),
    },
    MonthsDuration: {
        "years": lambda duration: Decimal(_months(duration.months)[0]),
        "months": lambda duration: Decimal(_months(duration.months)[1]),
    },
    Range: {
        "start": lambda interval: interval.start,
        "end": lambda interval: interval.end,
        "start included": lambda interval: interval.start_included,
        "end included": lambda interval: interval.end_included,
    },
}


def read_property(run: Run, value: Value, name: str, at: int) -> Value:
    """``value.name``; for a list, the list of its elements' fields. ``null`` and a warning if there is none."""
    if type(value) is list:
        run.spend(len(value))
        return [_field(run, item, name, at, hard=False) for item in value]
    return _field(run, value, name, at, hard=value is not None)


def _field(run: Run, value: Value, name: str, at: int, *, hard: bool) -> Value:
    if type(value) is dict:
        if name in value:
            return value[name]
    else:
        getter = _PROPERTIES.get(type(value), {}).get(name)
        if getter is not None:
            return getter(value)
    run.warn(f"{shown(value)} 没有字段“{name}”", f"no field {name!r}", at, hard=hard)
    return None
