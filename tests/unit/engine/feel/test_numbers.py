"""Votes and floor areas are counted exactly, however the quorum is spelled."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.feel.numbers import CONTEXT, MAX_FRACTION_BITS

SPELLINGS = ["a >= n * k / m", "a >= k / m * n", "a / n >= k / m", "a * m >= n * k"]
FRACTIONS = [(1, 2), (1, 3), (2, 3), (3, 4), (3, 5), (6, 7)]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_k_of_n_is_decided_exactly_at_the_boundary_for_all_n_up_to_2000(spelling: str) -> None:
    expression = feel.compile(spelling)
    wrong = [
        (a, n, k, m)
        for k, m in FRACTIONS
        for n in range(1, 2001)
        for a in (n * k // m, -(-n * k // m))
        if expression.evaluate({"a": a, "n": n, "k": k, "m": m}) is not (a * m >= n * k)
    ]
    assert wrong == []


def test_floor_areas_of_exactly_two_thirds_reach_two_thirds() -> None:
    expression = feel.compile('sum(户[选择="同意"].面积) / sum(户.面积) >= 2/3')
    wrong = 0
    for case in range(3000):
        areas = [Decimal(5000 + (case * 7919 + i * 104_729) % 9000).scaleb(-2) for i in range(4)]
        yes = [{"选择": "同意", "面积": area} for area in areas for _ in range(2)]
        no = [{"选择": "反对", "面积": area} for area in areas]
        wrong += expression.evaluate({"户": yes + no}) is not True
        no[0]["面积"] += Decimal("0.01")
        wrong += expression.evaluate({"户": yes + no}) is not False
    assert wrong == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2 = 0.3", True),
        ("1/3*3 = 1", True),
        ("1/3 + 1/6 = 1/2", True),
        ("12345678901234567890 + 1", Decimal("12345678901234567891")),
        ("(1/7)*7 - 1", Decimal(0)),
        ("mean([1, 2, 2]) * 3", Decimal(5)),
        ("10 / 4", Decimal("2.5")),
        ("string(2/3)", "0.6666666666666666666666666666666667"),
        ("modulo(1/3, 1/6)", Decimal(0)),
        ("0 ** 0", Decimal(1)),
        ("1 / 0", None),
        ("sqrt(-1)", None),
    ],
)
def test_arithmetic_is_exact(text: str, value: object) -> None:
    assert feel.evaluate(text) == value


def test_a_quotient_that_34_digits_hold_is_a_decimal() -> None:
    assert type(feel.evaluate("1/8")) is Decimal
    assert feel.evaluate("1/3") == Fraction(1, 3)


def test_quotients_do_not_grow_without_bound() -> None:
    value = feel.evaluate("sum(for i in 1..900 return 1/i)")
    assert type(value) is Decimal or value.denominator.bit_length() <= MAX_FRACTION_BITS


decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@settings(derandomize=True, deadline=None)
@given(decimals, decimals, st.sampled_from("+-*"))
def test_sums_and_products_are_those_of_decimal_with_34_digits(a: Decimal, b: Decimal, symbol: str) -> None:
    expected = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply}[symbol](a, b)
    assert feel.compile(f"a {symbol} b").evaluate({"a": a, "b": b}) == expected


@settings(derandomize=True, deadline=None)
@given(decimals, decimals.filter(bool))
def test_what_is_divided_and_multiplied_again_is_what_it_was(a: Decimal, b: Decimal) -> None:
    assert feel.compile("a / b * b = a").evaluate({"a": a, "b": b}) is True


@settings(derandomize=True, deadline=None)
@given(decimals, decimals.filter(bool))
def test_modulo_has_the_sign_of_the_divisor_and_is_smaller(a: Decimal, b: Decimal) -> None:
    rest = feel.compile("modulo(a, b)").evaluate({"a": a, "b": b})
    assert abs(rest) < abs(b)
    assert rest == 0 or (rest < 0) == (b < 0)


EXTREMES = ["0", "-1", "0.5", "(1/3)", "400", "-400", "(10 ** 6144)", "(10 ** -6143)"]


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "**"])
def test_no_operation_leaves_the_numbers(symbol: str) -> None:
    """Zero to a negative power is infinite to ``decimal`` without a word; FEEL has no such number."""
    for left, right in product(EXTREMES, repeat=2):
        value = feel.evaluate(f"{left} {symbol} {right}")
        assert value is None or value - value == 0, f"{left} {symbol} {right}"


def test_zero_to_a_negative_power_is_null_with_a_warning() -> None:
    found = feel.compile("0 ** -1").evaluate_with_warnings({})
    assert (found.value, len(found.hard_warnings)) == (None, 1)
