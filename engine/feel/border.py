"""Values crossing between Python or JSON and FEEL.

Inwards: ``int`` becomes ``Decimal``; ``datetime``, ``date``, ``time`` and ``timedelta`` become FEEL's own
(instants keep their zone); mappings and sequences are converted all through. A ``float`` is refused: 0.1 is
none of its values, and votes are counted here.

JSON knows numbers only as text, and Python's reader makes a ``float`` of every one that is not whole. A decimal
of at most 15 significant digits survives that way unharmed (IEEE 754 binary64), so :func:`to_json` writes whole
numbers as ``int``, others rounded to 15 significant digits as the ``float`` whose ``repr`` is that decimal, and
:func:`from_json`, it alone, reads a ``float`` back by its ``repr``. Temporal values and ranges are their text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date as python_date
from datetime import datetime as python_datetime
from datetime import time as python_time
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException
from fractions import Fraction
from zoneinfo import ZoneInfo

from engine.feel.errors import FeelBudgetExceeded, FeelValueError
from engine.feel.functions import Function
from engine.feel.numbers import CONTEXT, Number, as_decimal, settle
from engine.feel.runtime import MAX_NESTING, Run, too_deep
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.text import literal
from engine.feel.values import Range, Value

_Table = dict[type, Callable[..., Value]]

MAX_VALUES = 200_000
_PLAIN_INTEGERS = 10**CONTEXT.prec
_MAX_INTEGER_BITS = 20_000  # below 10**CONTEXT.Emax
_JSON_CONTEXT = Context(prec=15, rounding=ROUND_HALF_EVEN)

_AS_THEY_ARE: frozenset[type] = frozenset(
    {type(None), bool, str, Date, Time, DateTime, DaysDuration, MonthsDuration, Range, Function}
)


def from_python(value: object) -> Value:
    """A value of Python as FEEL's; raises :class:`FeelValueError` for floats and foreign classes."""
    return value if type(value) in _AS_THEY_ARE else _inwards(value, 0, _CONVERSIONS)


def from_json(value: object) -> Value:
    """JSON data, as Python's reader gives it, as FEEL values; a ``float`` stands for its shortest decimal."""
    return _inwards(value, 0, _JSON_CONVERSIONS)


def _inwards(value: object, depth: int, conversions: _Table) -> Value:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if depth > MAX_NESTING:
        raise too_deep()
    convert = conversions.get(kind)
    if convert is not None:
        return convert(value, depth + 1, conversions)
    for base, convert in conversions.items():
        if isinstance(value, base):
            return convert(value, depth + 1, conversions)
    if isinstance(value, Mapping):
        return _context(value, depth + 1, conversions)
    raise FeelValueError(f"表达式不接受 {kind.__name__} 类型的值：{value!r:.40}")


def _refuse_float(value: float, depth: int, conversions: _Table) -> Value:
    raise FeelValueError(f"表达式不接受浮点数 {value!r}，请改用 Decimal 或整数")


def _decimal(value: Decimal, depth: int, conversions: _Table) -> Value:
    if not value.is_finite():
        raise FeelValueError(f"表达式不接受 {value}")
    try:
        return CONTEXT.plus(value)
    except DecimalException as error:
        raise FeelValueError(f"数字超出范围：{value!r:.60}") from error


def _integer(value: int, depth: int, conversions: _Table) -> Value:
    if -_PLAIN_INTEGERS < value < _PLAIN_INTEGERS:
        return Decimal(value)
    if value.bit_length() > _MAX_INTEGER_BITS:
        raise FeelValueError("整数太大")
    return CONTEXT.create_decimal(int(value))


def _text(value: str, depth: int, conversions: _Table) -> Value:
    return str.__str__(value)  # the text itself, also of an enumeration


def _context(value: Mapping[object, object], depth: int, conversions: _Table) -> Value:
    converted = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise FeelValueError(f"上下文的键必须是文字，不能是 {key!r:.40}")
        converted[key] = item if type(item) in _AS_THEY_ARE else _inwards(item, depth, conversions)
    return converted


def _list(value: list[object] | tuple[object, ...], depth: int, conversions: _Table) -> Value:
    return [_inwards(item, depth, conversions) for item in value]


def _zone(moment: python_datetime | python_time) -> tuple[int | None, str | None]:
    if isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC":
        return None, moment.tzinfo.key
    offset = moment.utcoffset()
    return (None if offset is None else int(offset.total_seconds())), None


def _seconds(second: int, microsecond: int) -> Decimal:
    return second + Decimal(microsecond).scaleb(-6) if microsecond else Decimal(second)


def _time(value: python_time | python_datetime, depth: int, conversions: _Table) -> Time:
    return Time(value.hour, value.minute, _seconds(value.second, value.microsecond), *_zone(value))


def _date(value: python_date, depth: int, conversions: _Table) -> Date:
    return Date(value.year, value.month, value.day)


def _date_time(value: python_datetime, depth: int, conversions: _Table) -> DateTime:
    return DateTime(_date(value, depth, conversions), _time(value, depth, conversions))


def _duration(value: timedelta, depth: int, conversions: _Table) -> DaysDuration:
    return DaysDuration(value.days * 86_400 + _seconds(value.seconds, value.microseconds))


def _json_decimal(value: float, depth: int, conversions: _Table) -> Value:
    return _decimal(Decimal(repr(value)), depth, conversions)


_CONVERSIONS: _Table = {
    Decimal: _decimal,
    int: _integer,
    list: _list,
    tuple: _list,
    dict: _context,
    str: _text,
    Fraction: lambda value, depth, conversions: settle(value),
    float: _refuse_float,
    python_datetime: _date_time,
    python_date: _date,
    python_time: _time,
    timedelta: _duration,
}
_JSON_CONVERSIONS: _Table = {**_CONVERSIONS, float: _json_decimal}


def to_json(value: Value) -> object:
    """A FEEL value as JSON data; functions cannot be stored and are refused."""
    return _Outwards().json(value, 0)


def json_number(number: Number) -> int | float:
    """Whole numbers exactly, others to 15 significant digits."""
    value = as_decimal(number)
    if value == value.to_integral_value():
        return int(value)
    return float(_JSON_CONTEXT.plus(value))


class _Outwards:
    """Counts what it writes: values shared inside FEEL are written once for every place they stand."""

    def __init__(self) -> None:
        self.left = MAX_VALUES

    def json(self, value: Value, depth: int) -> object:
        self.left -= 1
        if self.left < 0:
            raise FeelBudgetExceeded("结果太大，无法保存", "the result is too large to store")
        if depth > MAX_NESTING:
            raise too_deep()
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, (Decimal, Fraction)):
            return json_number(value)
        if isinstance(value, list):
            return [self.json(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self.json(item, depth + 1) for key, item in value.items()}
        if isinstance(value, Function):
            raise FeelValueError(f"函数“{value.name}”不能作为数据保存")
        return literal(value, Run()) if isinstance(value, Range) else str(value)


def check_size(value: Value) -> None:
    """Refuse a value that is too large or too deep to be handed out."""
    if type(value) is list or type(value) is dict:
        _measure(value, MAX_VALUES, 0)


def _measure(value: Value, left: int, depth: int) -> int:
    if depth > MAX_NESTING:
        raise too_deep()
    left -= len(value)
    if left < 0:
        raise FeelBudgetExceeded("结果太大", "the result is too large")
    for item in value.values() if type(value) is dict else value:
        if type(item) is list or type(item) is dict:
            left = _measure(item, left, depth + 1)
    return left
