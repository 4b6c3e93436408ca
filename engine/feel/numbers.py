"""Numbers that do not lose votes.

A number is a ``Decimal`` of 34 digits (IEEE 754-2008 decimal128, as DMN 1.5 section 10.3.2.3.1 asks) as long
as 34 digits hold it exactly. A quotient they cannot hold, such as 1/3, stays an exact ``Fraction`` until it is
shown or stored, so that ``1/3*3 = 1``.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction

Number = Decimal | Fraction

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=_TRAPS)
_EXACT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[*_TRAPS, Inexact])

MAX_FRACTION_BITS = 1024
"""Beyond this size a quotient is rounded to 34 digits: exactness must not cost unbounded memory."""

ArithmeticFailure = (DecimalException, ZeroDivisionError, OverflowError, ValueError)

ZERO = Decimal(0)
ONE = Decimal(1)


def is_number(value: object) -> bool:
    """Whether the value is a FEEL number."""
    return type(value) is Decimal or type(value) is Fraction


def as_fraction(number: Number) -> Fraction:
    """The same number as a quotient of integers."""
    return number if isinstance(number, Fraction) else Fraction(number)


def as_decimal(number: Number) -> Decimal:
    """The number rounded to 34 digits, as it is shown and stored."""
    if isinstance(number, Decimal):
        return number
    return CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def settle(quotient: Fraction) -> Number:
    """The plainest form of an exact result: a ``Decimal`` where 34 digits hold it."""
    numerator, denominator = quotient.numerator, quotient.denominator
    try:
        return _EXACT.divide(Decimal(numerator), Decimal(denominator))
    except Inexact:
        if numerator.bit_length() + denominator.bit_length() > MAX_FRACTION_BITS:
            return as_decimal(quotient)
        return quotient


def add(left: Number, right: Number) -> Number:
    """left + right."""
    if type(left) is Decimal and type(right) is Decimal:
        return CONTEXT.add(left, right)
    return settle(as_fraction(left) + as_fraction(right))


def subtract(left: Number, right: Number) -> Number:
    """left − right."""
    if type(left) is Decimal and type(right) is Decimal:
        return CONTEXT.subtract(left, right)
    return settle(as_fraction(left) - as_fraction(right))


def multiply(left: Number, right: Number) -> Number:
    """left × right."""
    if type(left) is Decimal and type(right) is Decimal:
        return CONTEXT.multiply(left, right)
    return settle(as_fraction(left) * as_fraction(right))


def divide(left: Number, right: Number) -> Number:
    """left ÷ right, exact; raises ``DecimalException`` or ``ZeroDivisionError`` for a zero divisor."""
    if type(left) is Decimal and type(right) is Decimal:
        try:
            return _EXACT.divide(left, right)
        except Inexact:
            if max(abs(left.adjusted()), abs(right.adjusted())) > MAX_FRACTION_BITS // 4:
                return CONTEXT.divide(left, right)
    return settle(as_fraction(left) / as_fraction(right))


def power(base: Number, exponent: Number) -> Number:
    """base to the exponent; exact for small whole exponents, else 34 digits."""
    if base == 0 and exponent < 0:
        raise ZeroDivisionError
    whole = whole_number(exponent)
    if whole == 0:
        return ONE
    if whole is not None and type(base) is Fraction:
        bits = base.numerator.bit_length() + base.denominator.bit_length()
        if bits * abs(whole) <= MAX_FRACTION_BITS:
            return settle(base**whole)
    return CONTEXT.power(as_decimal(base), as_decimal(exponent))


def negate(number: Number) -> Number:
    """−number."""
    return number.copy_negate() + 0 if type(number) is Decimal else -number


def whole_number(number: Number) -> int | None:
    """The number as an ``int`` if it is one of at most 40 digits, else ``None``."""
    if isinstance(number, Fraction):
        return None
    if not -40 <= number.adjusted() <= 40 or number != number.to_integral_value():
        return None
    return int(number)


def number_text(number: Number) -> str:
    """Plain digits without exponent, as ``string()`` shows them."""
    value = as_decimal(number)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


ARITHMETIC: dict[str, Callable[[Number, Number], Number]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
