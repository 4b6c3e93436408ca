"""Closures for operators, comparisons, unary tests and ``if``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal, DecimalException
from fractions import Fraction

from engine.feel.compiler import INPUT, RUN, Builder, Code, Env, compiles
from engine.feel.functions import Function
from engine.feel.numbers import CONTEXT
from engine.feel.operators import (
    arithmetic,
    compare,
    conjunction,
    contains,
    disjunction,
    equal,
    negation,
    negative,
)
from engine.feel.runtime import FRACTION_STEPS, FREE_TEXT, Run
from engine.feel.syntax import (
    Arithmetic,
    Between,
    Comparison,
    If,
    In,
    InstanceOf,
    Literal,
    Logic,
    Negative,
    Test,
    UnaryTests,
)
from engine.feel.text import shown
from engine.feel.types import type_name
from engine.feel.values import Range, Value

TestCode = Callable[[Env, Value], "bool | None"]

_FAST_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add,
    "-": CONTEXT.subtract,
    "*": CONTEXT.multiply,
}
_FAST_COMPARISON: dict[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_DIRECTLY_COMPARED: frozenset[type] = frozenset({Decimal, str})
"""Classes whose own operators are FEEL's: comparing two of one such class needs no look at the tables."""


def _warn_operands(run: Run, symbol: str, left: Value, right: Value, at: int) -> None:
    run.warn(
        f"“{symbol}”不能用于 {shown(left)}（{type_name(left)}）和 {shown(right)}（{type_name(right)}）",
        f"{symbol} does not apply to {type_name(left)} and {type_name(right)}",
        at,
        hard=left is not None and right is not None,
    )


@compiles(Arithmetic)
def _arithmetic(node: Arithmetic, build: Builder) -> Code:
    left, right = build.code(node.left), build.code(node.right)
    symbol, at = node.symbol, node.at
    fast = _FAST_ARITHMETIC.get(symbol)

    def general(env: Env, a: Value, b: Value) -> Value:
        result = arithmetic(symbol, a, b)
        if result is None:
            _warn_operands(env[RUN], symbol, a, b, at)
        elif type(result) is str:
            if len(result) >= FREE_TEXT:
                env[RUN].check_text(len(result))
        elif type(result) is Fraction:
            env[RUN].spend(FRACTION_STEPS)
        return result

    if fast is None:
        return lambda env: general(env, left(env), right(env))

    def compute(env: Env) -> Value:
        a, b = left(env), right(env)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return fast(a, b)
            except DecimalException:
                pass
        return general(env, a, b)

    return compute


@compiles(Negative)
def _negative(node: Negative, build: Builder) -> Code:
    operand, at = build.code(node.operand), node.at

    def negate(env: Env) -> Value:
        value = operand(env)
        result = negative(value)
        if result is None:
            env[RUN].warn(
                f"负号不能用于 {shown(value)}",
                f"no negative of {type_name(value)}",
                at,
                hard=value is not None,
            )
        return result

    return negate


@compiles(Comparison)
def _comparison(node: Comparison, build: Builder) -> Code:
    left, right = build.code(node.left), build.code(node.right)
    symbol, at = node.symbol, node.at
    fast = _FAST_COMPARISON[symbol]

    def compute(env: Env) -> bool | None:
        a, b = left(env), right(env)
        kind = type(a)
        if kind is type(b) and kind in _DIRECTLY_COMPARED:
            return fast(a, b)
        result = _compared(symbol, a, b, env[RUN])
        if result is None:
            _warn_operands(env[RUN], symbol, a, b, at)
        return result

    return compute


def _compared(symbol: str, left: Value, right: Value, run: Run) -> bool | None:
    if symbol == "=":
        return equal(left, right, run)
    if symbol == "!=":
        return negation(equal(left, right, run))
    return compare(symbol, left, right)


@compiles(Logic)
def _logic(node: Logic, build: Builder) -> Code:
    left, right = build.code(node.left), build.code(node.right)
    decisive, combine = (False, conjunction) if node.word == "and" else (True, disjunction)

    def compute(env: Env) -> bool | None:
        a = left(env)
        return decisive if a is decisive else combine(a, right(env))

    return compute


@compiles(Between)
def _between(node: Between, build: Builder) -> Code:
    value, low, high, at = build.code(node.value), build.code(node.low), build.code(node.high), node.at

    def compute(env: Env) -> bool | None:
        v, a, b = value(env), low(env), high(env)
        result = conjunction(compare(">=", v, a), compare("<=", v, b))
        if result is None:
            _warn_operands(env[RUN], "between", v, a if compare(">=", v, a) is None else b, at)
        return result

    return compute


@compiles(InstanceOf)
def _instance_of(node: InstanceOf, build: Builder) -> Code:
    value, kind, name, at = build.code(node.value), node.type, node.type_name, node.at

    def compute(env: Env) -> bool | None:
        if kind is None:
            env[RUN].warn(f"没有类型“{name}”", f"no type {name!r}", at)
            return None
        return kind.accepts(value(env), env[RUN])

    return compute


@compiles(If)
def _if(node: If, build: Builder) -> Code:
    condition, then, otherwise = (build.code(part) for part in (node.condition, node.then, node.otherwise))
    at = node.condition.at

    def choose(env: Env) -> Value:
        value = condition(env)
        if value is True:
            return then(env)
        if value is not False:
            env[RUN].warn(
                f"if 的条件不是“是”或“否”，而是 {shown(value)}",
                f"the condition is {type_name(value)}, not boolean",
                at,
                hard=value is not None,
            )
        return otherwise(env)

    return choose


# --- unary tests --------------------------------------------------------------------------------------


@compiles(In)
def _in(node: In, build: Builder) -> Code:
    value, tests = build.code(node.value), [test_code(test, build) for test in node.tests]

    def compute(env: Env) -> bool | None:
        candidate = value(env)
        saved, env[INPUT] = env[INPUT], candidate
        try:
            return _any(tests, env, candidate)
        finally:
            env[INPUT] = saved

    return compute


@compiles(UnaryTests)
def _unary_tests(node: UnaryTests, build: Builder) -> Code:
    if not node.tests:
        return lambda env: True
    tests = [test_code(test, build) for test in node.tests]
    if node.negated:
        return lambda env: negation(_any(tests, env, env[INPUT]))
    return lambda env: _any(tests, env, env[INPUT])


def _any(tests: Sequence[TestCode], env: Env, value: Value) -> bool | None:
    result: bool | None = False
    for test in tests:
        outcome = test(env, value)
        if outcome is True:
            return True
        if outcome is None:
            result = None
    return result


def test_code(test: Test, build: Builder) -> TestCode:
    """What decides one test for a value: a comparison, a condition on ``?``, or membership."""
    operand, symbol, at = build.code(test.operand), test.symbol, test.at
    if not symbol and isinstance(test.operand, Literal) and type(test.operand.value) in _DIRECTLY_COMPARED:
        return _constant_test(test.operand.value)
    if symbol:
        return lambda env, value: _symbol_test(env, symbol, value, operand(env), at)
    if test.uses_input:
        return lambda env, value: _condition(operand(env))
    return lambda env, value: member(value, operand(env), env[RUN])


def _constant_test(constant: Value) -> TestCode:
    kind = type(constant)

    def test(env: Env, value: Value) -> bool | None:
        if type(value) is kind:
            return bool(value == constant)
        return equal(value, constant, env[RUN])

    return test


def _symbol_test(env: Env, symbol: str, value: Value, bound: Value, at: int) -> bool | None:
    result = _compared(symbol, value, bound, env[RUN])
    if result is None:
        _warn_operands(env[RUN], symbol, value, bound, at)
    return result


def _condition(outcome: Value) -> bool | None:
    return outcome if isinstance(outcome, bool) else None


def member(value: Value, allowed: Value, run: Run) -> bool | None:
    """Whether the value is what is allowed, or in it if that is a range or a list (DMN 1.5, table 55)."""
    if type(allowed) is Range:
        return equal(value, allowed, run) if type(value) is Range else contains(allowed, value, run)
    if type(allowed) is list:
        run.spend(len(allowed))
        if any(_is(value, item, run) for item in allowed):
            return True
        return equal(value, allowed, run) is True
    if type(allowed) is Function:
        return _condition(allowed.invoke(run, [value]))
    return equal(value, allowed, run)


def _is(value: Value, item: Value, run: Run) -> bool:
    if type(item) is Range and type(value) is not Range:
        return contains(item, value, run) is True
    return equal(value, item, run) is True
