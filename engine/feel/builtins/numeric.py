"""Numeric functions (DMN 1.5, table 76)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel.builtins.table import builtin
from engine.feel.numbers import CONTEXT, ZERO, Number, as_decimal, as_fraction, settle
from engine.feel.temporal import DaysDuration, Duration, MonthsDuration

_LEAST_SCALE, _GREATEST_SCALE = -6111, 6176


def _rounded(number: Number, scale: Number, mode: str) -> Decimal | None:
    value = as_decimal(number)
    places = int(as_decimal(scale))
    if not _LEAST_SCALE <= places <= _GREATEST_SCALE:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return value
    return value.quantize(Decimal(1).scaleb(-places, CONTEXT), rounding=mode, context=CONTEXT)


@builtin("decimal(n: number, scale: number): number")
def decimal(n: Number, scale: Number) -> Decimal | None:
    """Rounded to so many places, half to even."""
    return _rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: number): number")
def floor(n: Number, scale: Number | None = None) -> Decimal | None:
    """Rounded towards minus infinity."""
    return _rounded(n, ZERO if scale is None else scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: number): number")
def ceiling(n: Number, scale: Number | None = None) -> Decimal | None:
    """Rounded towards plus infinity."""
    return _rounded(n, ZERO if scale is None else scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number): number")
def round_up(n: Number, scale: Number) -> Decimal | None:
    """Rounded away from zero."""
    return _rounded(n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number): number")
def round_down(n: Number, scale: Number) -> Decimal | None:
    """Rounded towards zero."""
    return _rounded(n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number): number")
def round_half_up(n: Number, scale: Number) -> Decimal | None:
    """Rounded to the nearest, half away from zero."""
    return _rounded(n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number): number")
def round_half_down(n: Number, scale: Number) -> Decimal | None:
    """Rounded to the nearest, half towards zero."""
    return _rounded(n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number): number")
def absolute(n: Number) -> Number:
    """Without its sign."""
    return n.copy_abs() if isinstance(n, Decimal) else abs(n)


@builtin("abs(n: duration): duration")
def absolute_duration(n: Duration) -> Duration:
    """A duration without its sign."""
    return DaysDuration(abs(n.seconds)) if isinstance(n, DaysDuration) else MonthsDuration(abs(n.months))


@builtin("modulo(dividend: number, divisor: number): number")
def modulo(dividend: Number, divisor: Number) -> Number:
    """The rest of a division rounded down; it has the divisor's sign."""
    if isinstance(dividend, Decimal) and isinstance(divisor, Decimal):
        rest = CONTEXT.remainder(dividend, divisor)
        return CONTEXT.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest
    return settle(as_fraction(dividend) % as_fraction(divisor))


@builtin("sqrt(number: number): number")
def square_root(number: Number) -> Decimal:
    """The square root."""
    return CONTEXT.sqrt(as_decimal(number))


@builtin("log(number: number): number")
def logarithm(number: Number) -> Decimal | None:
    """The natural logarithm."""
    return CONTEXT.ln(as_decimal(number)) if number > 0 else None


@builtin("exp(number: number): number")
def exponential(number: Number) -> Decimal:
    """e to that power."""
    return CONTEXT.exp(as_decimal(number))


@builtin("odd(number: number): boolean")
def odd(number: Number) -> bool:
    """Whether the number is odd."""
    return abs(CONTEXT.remainder(as_decimal(number), Decimal(2))) == 1


@builtin("even(number: number): boolean")
def even(number: Number) -> bool:
    """Whether the number is even."""
    return CONTEXT.remainder(as_decimal(number), Decimal(2)) == 0
