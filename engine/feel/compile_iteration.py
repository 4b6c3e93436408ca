"""Closures for filters and loops, and what can be gone through one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from engine.feel.compiler import RUN, Builder, Code, Env, compiles
from engine.feel.numbers import is_number, whole_number
from engine.feel.operators import contains
from engine.feel.runtime import Run
from engine.feel.syntax import Filter, For, Literal, Quantified
from engine.feel.syntax import Iterator as IteratorNode
from engine.feel.temporal import Date
from engine.feel.text import shown
from engine.feel.types import type_name
from engine.feel.values import Range, Value

# --- filters ------------------------------------------------------------------------------------------


@compiles(Filter)
def _filter(node: Filter, build: Builder) -> Code:
    source = build.code(node.source)
    with build.scope(row=True) as scope:
        condition = build.code(node.condition)
    row, at = scope.row or 0, node.at
    constant = node.condition.value if isinstance(node.condition, Literal) else None

    def select(env: Env) -> Value:
        rows = _as_rows(source(env), env[RUN])
        if rows is None:
            return None
        if is_number(constant):
            return _element(rows, constant, env[RUN], at)
        return _selected(env, rows, row, condition, at)

    return select


def _as_rows(value: Value, run: Run) -> list[Value] | None:
    if type(value) is list:
        return value
    if type(value) is Range:
        return items_of_range(value, run)
    return None if value is None else [value]


def _selected(env: Env, rows: list[Value], row: int, condition: Code, at: int) -> Value:
    run: Run = env[RUN]
    selected = []
    for position, item in enumerate(rows):
        run.spend()
        env[row] = item
        outcome = condition(env)
        if outcome is True:
            selected.append(item)
        elif outcome is False:
            continue
        elif position == 0 and is_number(outcome):
            return _element(rows, outcome, run, at)
        elif type(outcome) is Range:
            if contains(outcome, item, run) is True:
                selected.append(item)
        else:
            run.warn(
                f"筛选条件不是“是”或“否”，而是 {shown(outcome)}",
                f"the filter gives {type_name(outcome)}, not boolean",
                at,
                hard=False,
            )
    return selected


def _element(rows: list[Value], index: Value, run: Run, at: int) -> Value:
    position = whole_number(index)
    if position is None or position == 0 or abs(position) > len(rows):
        run.warn(f"列表没有第 {shown(index)} 项", f"no element {shown(index)}", at, hard=False)
        return None
    return rows[position - 1 if position > 0 else position]


# --- loops --------------------------------------------------------------------------------------------

_Loop = tuple[int, Callable[[Env], "Sequence[Value] | None"]]


class _NotIterable(Exception):
    """A source of a loop is null."""


def _loops(iterators: Sequence[IteratorNode], build: Builder) -> list[_Loop]:
    loops = []
    for iterator in iterators:
        source = build.code(iterator.source)
        end = build.code(iterator.end) if iterator.end is not None else None
        loops.append((build.bind(iterator.name), _items(source, end, iterator.at)))
    return loops


def _items(source: Code, end: Code | None, at: int) -> Callable[[Env], Sequence[Value] | None]:
    def items(env: Env) -> Sequence[Value] | None:
        value = source(env)
        found = _as_rows(value, env[RUN]) if end is None else numbers_between(value, end(env), env[RUN])
        if found is None:
            env[RUN].warn(
                f"{shown(value)} 不能逐个取出",
                f"cannot iterate over {type_name(value)}",
                at,
                hard=value is not None,
            )
        return found

    return items


def _walk(env: Env, loops: Sequence[_Loop], level: int = 0) -> Iterator[None]:
    slot, items = loops[level]
    values = items(env)
    if values is None:
        raise _NotIterable
    run, innermost = env[RUN], level + 1 == len(loops)
    for value in values:
        run.spend()
        env[slot] = value
        if innermost:
            yield
        else:
            yield from _walk(env, loops, level + 1)


@compiles(For)
def _for(node: For, build: Builder) -> Code:
    with build.scope():
        loops = _loops(node.iterators, build)
        partial = build.bind("partial")
        body = build.code(node.body)
    needs_partial = partial in build.read_slots

    def run_loop(env: Env) -> Value:
        results: list[Value] = []
        try:
            for _ in _walk(env, loops):
                if needs_partial:
                    env[RUN].spend(len(results))
                    env[partial] = results.copy()
                results.append(body(env))
        except _NotIterable:
            return None
        return results

    return run_loop


@compiles(Quantified)
def _quantified(node: Quantified, build: Builder) -> Code:
    with build.scope():
        loops = _loops(node.iterators, build)
        condition = build.code(node.condition)
    decisive = node.word == "some"

    def decide(env: Env) -> bool | None:
        result: bool | None = not decisive
        try:
            for _ in _walk(env, loops):
                outcome: Value = condition(env)
                if isinstance(outcome, bool) and outcome is decisive:
                    return decisive
                if not isinstance(outcome, bool):
                    result = None
        except _NotIterable:
            return None
        return result

    return decide


def items_of_range(value: Range, run: Run) -> list[Value] | None:
    """The whole numbers or days a range holds, ``None`` if it has no first or last."""
    items = numbers_between(value.start, value.end, run)
    if items is None:
        return None
    return items[0 if value.start_included else 1 : len(items) if value.end_included else -1]


def numbers_between(first: Value, last: Value, run: Run) -> list[Value] | None:
    """All whole numbers, or all days, from the first to the last, up or down."""
    if type(first) is Date and type(last) is Date:
        return [Date.from_ordinal(day) for day in _steps(first.ordinal, last.ordinal, run)]
    if not (is_number(first) and is_number(last)):
        return None
    low, high = whole_number(first), whole_number(last)
    if low is None or high is None:
        return None
    return [Decimal(number) for number in _steps(low, high, run)]


def _steps(first: int, last: int, run: Run) -> range:
    run.spend(abs(last - first) + 1)
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)
