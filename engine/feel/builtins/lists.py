"""List functions (DMN 1.5, table 75). Positions count from 1, from the end if negative."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cmp_to_key

from engine.feel.builtins.table import builtin
from engine.feel.functions import Function
from engine.feel.numbers import Number, as_decimal
from engine.feel.operators import compare, equal
from engine.feel.runtime import MAX_NESTING, Run, too_deep
from engine.feel.values import Value

_List = list[Value]


def _index(position: Number, items: _List) -> int | None:
    """A position as an index of Python's, ``None`` if the list does not reach so far."""
    place = int(as_decimal(position))
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@builtin("list contains(list: list, element: Any): boolean", needs_run=True)
def list_contains(run: Run, items: _List, element: Value) -> bool:
    """Whether an element of the list equals the value."""
    run.spend(len(items))
    return any(equal(item, element, run) is True for item in items)


@builtin("count(list: list): number")
def count(items: _List) -> Decimal:
    """How many elements, nulls included."""
    return Decimal(len(items))


@builtin("all(list: list): boolean", "all(*list: Any): boolean")
def all_true(items: _List) -> bool | None:
    """Whether all are true; ``null`` if that hangs on something that is no boolean."""
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any(list: list): boolean", "any(*list: Any): boolean")
def any_true(items: _List) -> bool | None:
    """Whether one is true; ``null`` if that hangs on something that is no boolean."""
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@builtin("sublist(list: list, start position: number, length?: number?): list")
def sublist(items: _List, start: Number, length: Number | None = None) -> _List | None:
    """Part of a list."""
    first = _index(start, items)
    if first is None:
        return None
    if length is None:
        return items[first:]
    size = int(as_decimal(length))
    return items[first : first + size] if size >= 1 and first + size <= len(items) else None


@builtin("append(list: list, *item: Any): list")
def append(items: _List, added: _List) -> _List:
    """The list and the items after it."""
    return items + added


@builtin("concatenate(*list: list): list", needs_run=True)
def concatenate(run: Run, lists: list[_List]) -> _List:
    """All lists one after the other."""
    run.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: Any): list")
def insert_before(items: _List, position: Number, added: Value) -> _List | None:
    """The list with an item put before a position."""
    index = _index(position, items)
    return None if index is None else [*items[:index], added, *items[index:]]


@builtin("remove(list: list, position: number): list")
def remove(items: _List, position: Number) -> _List | None:
    """The list without the item of a position."""
    index = _index(position, items)
    return None if index is None else items[:index] + items[index + 1 :]


@builtin("list replace(list: list, position: number, newItem: Any): list")
def replace_at(items: _List, position: Number, added: Value) -> _List | None:
    """The list with another item at a position."""
    index = _index(position, items)
    return None if index is None else [*items[:index], added, *items[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem: Any): list", needs_run=True)
def replace_matching(run: Run, items: _List, match: Function, added: Value) -> _List | None:
    """The list with every item replaced for which ``match(item, newItem)`` is true."""
    if len(match.parameters) != 2:
        return None
    replaced = []
    for item in items:
        verdict = match.invoke(run, [item, added])
        if not isinstance(verdict, bool):
            return None
        replaced.append(added if verdict else item)
    return replaced


@builtin("reverse(list: list): list")
def reverse(items: _List) -> _List:
    """The list backwards."""
    return items[::-1]


@builtin("index of(list: list, match: Any): list", needs_run=True)
def index_of(run: Run, items: _List, match: Value) -> list[Decimal]:
    """The positions of all elements that equal the value."""
    run.spend(len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match, run) is True]


@builtin("union(*list: list): list", needs_run=True)
def union(run: Run, lists: list[_List]) -> _List:
    """All lists one after the other, without repetitions."""
    return distinct_values(run, concatenate(run, lists))


@builtin("distinct values(list: list): list", needs_run=True)
def distinct_values(run: Run, items: _List) -> _List:
    """The list without repetitions."""
    distinct: _List = []
    for item in items:
        run.spend(1 + len(distinct) // 8)
        if not any(equal(item, other, run) is True for other in distinct):
            distinct.append(item)
    return distinct


@builtin("flatten(list: list): list", needs_run=True)
def flatten(run: Run, items: _List) -> _List:
    """The list with all lists inside it taken apart."""
    return list(_flattened(run, items, 0))


def _flattened(run: Run, items: _List, depth: int) -> Iterable[Value]:
    if depth > MAX_NESTING:
        raise too_deep()
    for item in items:
        run.spend()
        if type(item) is list:
            yield from _flattened(run, item, depth + 1)
        else:
            yield item


@builtin("sort(list: list, precedes?: function?): list", needs_run=True)
def sort(run: Run, items: _List, precedes: Function | None = None) -> _List:
    """The list in the order ``precedes(a, b)`` gives, or from small to large; equal elements keep their place."""

    def before(left: Value, right: Value) -> bool:
        if precedes is not None:
            return precedes.invoke(run, [left, right]) is True
        run.spend()
        return compare("<", left, right) is True

    def order(left: Value, right: Value) -> int:
        return -1 if before(left, right) else 1 if before(right, left) else 0

    return sorted(items, key=cmp_to_key(order))
