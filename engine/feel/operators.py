"""Equality, order, membership and arithmetic over all types (DMN 1.5, tables 50 to 57).

Operands that do not fit give ``None``; whoever compiled the operation words the warning.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from engine.feel import numbers
from engine.feel.numbers import ZERO, Number, as_decimal
from engine.feel.runtime import MAX_NESTING, Run, too_deep
from engine.feel.temporal import (
    SECONDS_PER_DAY,
    UTC_MIDNIGHT,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    floor_divmod,
)
from engine.feel.types import TYPE_NAMES
from engine.feel.values import Range, Value

_ORDERS: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

_ORDER_KEYS: dict[type, Callable[[Value], Value]] = {
    Decimal: lambda value: value,
    Fraction: lambda value: value,
    str: lambda value: value,
    Date: lambda value: value.ordinal,
    Time: lambda value: value.utc_seconds,
    DateTime: lambda value: value.instant,
    DaysDuration: lambda value: value.seconds,
    MonthsDuration: lambda value: value.months,
}

_EQUALITY_KEYS: dict[type, Callable[[Value], Value]] = {
    # Times are equal by their properties, and the property "second" is whole (table 53).
    Time: lambda value: int(value.utc_seconds),
    DateTime: lambda value: value.instant,
}


def equal(left: Value, right: Value, run: Run, depth: int = 0) -> bool | None:
    """``left = right``: ``None`` for values of different types, ``null`` equals ``null`` alone."""
    if left is None or right is None:
        return left is right
    kind = TYPE_NAMES.get(type(left))
    if kind != TYPE_NAMES.get(type(right)) or kind is None:
        return None
    if kind in ("list", "context"):
        return _equal_items(left, right, run, depth)
    if kind == "range":
        return _equal_ranges(left, right, run)
    if kind in ("time", "date and time") and left.is_local != right.is_local:
        return False
    key = _EQUALITY_KEYS.get(type(left))
    return bool(left == right if key is None else key(left) == key(right))


def _equal_items(left: Value, right: Value, run: Run, depth: int) -> bool:
    if depth > MAX_NESTING:
        raise too_deep()
    run.spend(len(left) + 1)
    if type(left) is list:
        return len(left) == len(right) and all(
            equal(mine, theirs, run, depth + 1) for mine, theirs in zip(left, right, strict=True)
        )
    return left.keys() == right.keys() and all(equal(left[k], right[k], run, depth + 1) for k in left)


def _equal_ranges(left: Range, right: Range, run: Run) -> bool:
    return bool(
        left.symbol == right.symbol
        and left.start_included == right.start_included
        and left.end_included == right.end_included
        and equal(left.start, right.start, run)
        and equal(left.end, right.end, run)
    )


def compare(symbol: str, left: Value, right: Value) -> bool | None:
    """``left < right`` and the like; ``None`` for values that have no common order."""
    kind = type(left)
    if kind is Decimal and type(right) is Decimal:
        return _ORDERS[symbol](left, right)
    if kind is not type(right):
        if not (numbers.is_number(left) and numbers.is_number(right)):
            return None
    elif kind in (Time, DateTime) and left.is_local != right.is_local:
        return None
    key = _ORDER_KEYS.get(kind)
    if key is None:
        return None
    return _ORDERS[symbol](key(left), _ORDER_KEYS[type(right)](right))


def contains(interval: Range, value: Value, run: Run) -> bool | None:
    """Whether the value lies in the range; ``None`` if it cannot be compared with an end."""
    if interval.symbol == "!=":
        return negation(equal(value, interval.start, run))
    low, high = (True if interval.symbol and end is None else None for end in (interval.start, interval.end))
    if interval.start is not None:
        low = compare(">=" if interval.start_included else ">", value, interval.start)
    if interval.end is not None:
        high = compare("<=" if interval.end_included else "<", value, interval.end)
    return conjunction(low, high)


def negation(value: Value) -> bool | None:
    """``not``: ``None`` for anything that is not a boolean."""
    return not value if isinstance(value, bool) else None


def conjunction(left: Value, right: Value) -> bool | None:
    """Three-valued ``and``."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def disjunction(left: Value, right: Value) -> bool | None:
    """Three-valued ``or``."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


# --- arithmetic ---------------------------------------------------------------------------------------

Operation = Callable[[Value, Value], Value]


def _date_plus_days(day: Date, duration: DaysDuration) -> Date:
    return day.plus_days(floor_divmod(duration.seconds, SECONDS_PER_DAY)[0])


def _time_plus(time: Time, duration: DaysDuration) -> Time:
    seconds = floor_divmod(time.seconds + duration.seconds, SECONDS_PER_DAY)[1]
    return Time.from_seconds(seconds, time.offset, time.zone)


def _opposite(duration: Value) -> Value:
    if type(duration) is DaysDuration:
        return DaysDuration(-duration.seconds)
    return MonthsDuration(-duration.months)


def _between(later: Value, earlier: Value) -> DaysDuration | None:
    later, earlier = (DateTime(v, UTC_MIDNIGHT) if type(v) is Date else v for v in (later, earlier))
    if later.is_local != earlier.is_local:
        return None
    key = _ORDER_KEYS[type(later)]
    return DaysDuration(key(later) - key(earlier))


def _scaled_days(duration: DaysDuration, factor: Number) -> DaysDuration:
    return DaysDuration(as_decimal(numbers.multiply(duration.seconds, factor)))


def _scaled_months(duration: MonthsDuration, factor: Number) -> MonthsDuration:
    return MonthsDuration(int(as_decimal(numbers.multiply(Decimal(duration.months), factor))))


def _divided_days(duration: DaysDuration, divisor: Number) -> DaysDuration:
    return DaysDuration(as_decimal(numbers.divide(duration.seconds, divisor)))


def _divided_months(duration: MonthsDuration, divisor: Number) -> MonthsDuration:
    return MonthsDuration(int(as_decimal(numbers.divide(Decimal(duration.months), divisor))))


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


def _with_opposite(plus: Operation) -> Operation:
    return lambda left, right: plus(left, _opposite(right))


_PLUS: dict[tuple[type, type], Operation] = {
    (str, str): operator.add,
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.seconds + b.seconds),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months + b.months),
    (Date, DaysDuration): _date_plus_days,
    (Date, MonthsDuration): lambda day, duration: day.plus_months(duration.months),
    (Time, DaysDuration): _time_plus,
    (DateTime, DaysDuration): lambda moment, duration: moment.plus_seconds(duration.seconds),
    (DateTime, MonthsDuration): lambda moment, duration: moment.plus_months(duration.months),
}
_COMMUTED = {(b, a): _swapped(f) for (a, b), f in _PLUS.items() if a is not b}
_MINUS: dict[tuple[type, type], Operation] = {
    kinds: _with_opposite(plus) for kinds, plus in _PLUS.items() if kinds[1] in (DaysDuration, MonthsDuration)
}
_DIFFERENCES: dict[tuple[type, type], Operation] = dict.fromkeys(
    ((Time, Time), (Date, Date), (DateTime, DateTime), (Date, DateTime), (DateTime, Date)), _between
)
_TIMES: dict[tuple[type, type], Operation] = {
    (duration, number): scale
    for duration, scale in ((DaysDuration, _scaled_days), (MonthsDuration, _scaled_months))
    for number in (Decimal, Fraction)
}
_OVER: dict[tuple[type, type], Operation] = {
    (DaysDuration, Decimal): _divided_days,
    (DaysDuration, Fraction): _divided_days,
    (MonthsDuration, Decimal): _divided_months,
    (MonthsDuration, Fraction): _divided_months,
    (DaysDuration, DaysDuration): lambda a, b: numbers.divide(a.seconds, b.seconds),
    (MonthsDuration, MonthsDuration): lambda a, b: numbers.divide(Decimal(a.months), Decimal(b.months)),
}

_MIXED: dict[str, dict[tuple[type, type], Operation]] = {
    "+": _PLUS | _COMMUTED,
    "-": _MINUS | _DIFFERENCES,
    "*": _TIMES | {(b, a): _swapped(f) for (a, b), f in _TIMES.items()},
    "/": _OVER,
}
_NUMBERS = [(left, right) for left in (Decimal, Fraction) for right in (Decimal, Fraction)]
_OPERATIONS: dict[str, dict[tuple[type, type], Operation]] = {
    symbol: {**_MIXED.get(symbol, {}), **dict.fromkeys(_NUMBERS, operation)}
    for symbol, operation in numbers.ARITHMETIC.items()
}


def arithmetic(symbol: str, left: Value, right: Value) -> Value:
    """``+ - * / **`` for any operands; ``None`` where the standard gives ``null``."""
    operation = _OPERATIONS[symbol].get((type(left), type(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except numbers.ArithmeticFailure:
        return None


def negative(value: Value) -> Value:
    """Unary minus; ``None`` for what has none."""
    if numbers.is_number(value):
        return numbers.subtract(ZERO, value)
    if type(value) in (DaysDuration, MonthsDuration):
        return _opposite(value)
    return None
