"""Functions that sum up a list, given as one list or as several arguments (DMN 1.5, table 75)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import reduce

from engine.feel import numbers
from engine.feel.builtins.table import builtin
from engine.feel.numbers import CONTEXT, Number, as_decimal, is_number
from engine.feel.operators import arithmetic, compare
from engine.feel.runtime import FRACTION_STEPS, Run
from engine.feel.temporal import DaysDuration, MonthsDuration
from engine.feel.values import Value


def _numbers(items: list[Value]) -> list[Number] | None:
    """The items if there are some and all are numbers."""
    return items if items and all(map(is_number, items)) else None


def _combined(run: Run, operation: Callable[[Number, Number], Number], items: list[Number]) -> Number:
    """All items put together from left to right; exact quotients cost more than decimals."""
    result = items[0]
    for item in items[1:]:
        result = operation(result, item)
        if type(result) is Fraction:
            run.spend(FRACTION_STEPS)
    return result


def _total(run: Run, items: list[Number]) -> Number:
    return _combined(run, numbers.add, items)


def _extreme(items: list[Value], symbol: str) -> Value:
    best: Value = None
    for place, item in enumerate(items):
        better = compare(symbol, item, best) if place else compare("<=", item, item)
        if better is None:
            return None
        best = item if better else best
    return best


@builtin("min(list: list): Any", "min(*c: Any): Any")
def minimum(items: list[Value]) -> Value:
    """The least; ``null`` for an empty list or for values without a common order."""
    return _extreme(items, "<")


@builtin("max(list: list): Any", "max(*c: Any): Any")
def maximum(items: list[Value]) -> Value:
    """The greatest; ``null`` for an empty list or for values without a common order."""
    return _extreme(items, ">")


@builtin("sum(list: list): Any", "sum(*n: Any): Any", needs_run=True)
def total(run: Run, items: list[Value]) -> Value:
    """The sum of numbers or of durations of one kind."""
    if not items:
        return None
    if all(map(is_number, items)):
        return _total(run, items)
    kinds = {type(item) for item in items}
    if kinds in ({DaysDuration}, {MonthsDuration}):
        return reduce(lambda left, right: arithmetic("+", left, right), items)
    return None


@builtin("product(list: list): number", "product(*n: Any): number", needs_run=True)
def product(run: Run, items: list[Value]) -> Number | None:
    """All numbers multiplied."""
    found = _numbers(items)
    return _combined(run, numbers.multiply, found) if found else None


@builtin("mean(list: list): number", "mean(*n: Any): number", needs_run=True)
def mean(run: Run, items: list[Value]) -> Number | None:
    """The arithmetic mean, exact."""
    found = _numbers(items)
    return numbers.divide(_total(run, found), Decimal(len(found))) if found else None


@builtin("median(list: list): number", "median(*n: Any): number")
def median(items: list[Value]) -> Number | None:
    """The number in the middle, or the mean of the two in the middle."""
    found = _numbers(items)
    if found is None:
        return None
    ordered = sorted(found)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return numbers.divide(numbers.add(ordered[middle - 1], ordered[middle]), Decimal(2))


@builtin("stddev(list: list): number", "stddev(*n: Any): number", needs_run=True)
def standard_deviation(run: Run, items: list[Value]) -> Number | None:
    """The standard deviation of a sample of at least two."""
    found = _numbers(items)
    if found is None or len(found) < 2:
        return None
    centre = numbers.divide(_total(run, found), Decimal(len(found)))
    deviations = [numbers.subtract(item, centre) for item in found]
    run.spend(FRACTION_STEPS * len(found))
    squares = _total(run, [numbers.multiply(deviation, deviation) for deviation in deviations])
    return CONTEXT.sqrt(as_decimal(numbers.divide(squares, Decimal(len(found) - 1))))


@builtin("mode(list: list): list", "mode(*n: Any): list")
def mode(items: list[Value]) -> list[Number] | None:
    """The most frequent numbers, from small to large."""
    if not all(map(is_number, items)):
        return None
    frequency: dict[Number, int] = {}
    for item in items:
        frequency[item] = frequency.get(item, 0) + 1
    most = max(frequency.values(), default=0)
    return sorted(item for item, times in frequency.items() if times == most)
