"""Closures for lists, contexts, paths, filters, loops, functions and calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from engine.feel.checker import Checker
from engine.feel.compiler import RUN, Builder, Code, Env, compiles
from engine.feel.functions import Function, Parameter, Signature
from engine.feel.numbers import is_number, whole_number
from engine.feel.operators import compare, contains
from engine.feel.properties import read_property
from engine.feel.runtime import Run
from engine.feel.syntax import (
    Call,
    ContextLiteral,
    Filter,
    For,
    FunctionLiteral,
    ListLiteral,
    Literal,
    Name,
    Node,
    Path,
    Quantified,
    RangeLiteral,
)
from engine.feel.syntax import Iterator as IteratorNode
from engine.feel.temporal import Date
from engine.feel.text import shown
from engine.feel.types import UNKNOWN, FunctionType, type_name
from engine.feel.values import Range, Value

_CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration"})


@compiles(ListLiteral)
def _list(node: ListLiteral, build: Builder) -> Code:
    items = [build.code(item) for item in node.items]

    def make(env: Env) -> Value:
        env[RUN].spend(len(items))
        return [item(env) for item in items]

    return make


@compiles(ContextLiteral)
def _context(node: ContextLiteral, build: Builder) -> Code:
    at, keys = node.at, [key for key, _ in node.entries]
    with build.scope():
        entries = []
        for key, value in node.entries:
            code = build.code(value)
            entries.append((key, build.bind(key), code))
    repeated = next((key for key in keys if keys.count(key) > 1), None)

    def make(env: Env) -> Value:
        if repeated is not None:
            env[RUN].warn(f"名称“{repeated}”重复", f"duplicate key {repeated!r}", at)
            return None
        env[RUN].spend(len(entries))
        context = {}
        for key, slot, code in entries:
            context[key] = env[slot] = code(env)
        return context

    return make


@compiles(RangeLiteral)
def _range(node: RangeLiteral, build: Builder) -> Code:
    start = build.code(node.start) if node.start is not None else None
    end = build.code(node.end) if node.end is not None else None
    at = node.at

    def make(env: Env) -> Value:
        low = start(env) if start is not None else None
        high = end(env) if end is not None else None
        if low is not None and high is not None and compare("<=", low, high) is not True:
            env[RUN].warn(
                f"区间的两端不对：{shown(low)} 和 {shown(high)}", "the ends of the range do not fit", at
            )
            return None
        return Range(
            low,
            high,
            node.start_included and low is not None,
            node.end_included and high is not None,
            node.symbol,
        )

    if all(end is None or isinstance(end, Literal) for end in (node.start, node.end)):
        run = Run()
        constant = make([run])
        if not run.warnings:
            return lambda env: constant
    return make


@compiles(Path)
def _path(node: Path, build: Builder) -> Code:
    source, name, at = build.code(node.source), node.name, node.at

    def read(env: Env) -> Value:
        value = source(env)
        if type(value) is dict and name in value:
            return value[name]
        return read_property(env[RUN], value, name, at)

    return read


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


# --- functions ----------------------------------------------------------------------------------------


@compiles(FunctionLiteral)
def _function(node: FunctionLiteral, build: Builder) -> Code:
    with build.scope():
        slots = [build.bind(parameter.name) for parameter in node.parameters]
        body = build.code(node.body)
    parameters = tuple(Parameter(p.name, p.type, nullable=True) for p in node.parameters)
    declared = Checker(build.functions).infer(node)
    result = declared.result if isinstance(declared, FunctionType) else UNKNOWN

    def make(env: Env) -> Value:
        if node.external:
            env[RUN].warn("不支持外部函数", "external functions are not run", node.at)
            return None
        captured = env.copy()

        def call(run: Run, *arguments: Value) -> Value:
            frame = captured.copy()
            frame[RUN] = run
            for slot, argument in zip(slots, arguments, strict=True):
                frame[slot] = argument
            return body(frame)

        return Function("function", (Signature(parameters, call, result),))

    return make


@compiles(Call)
def _call(node: Call, build: Builder) -> Code:
    arguments = [build.code(argument) for argument in node.arguments]
    known = _known_function(node.function, build)
    hidden = _hidden_function(node.function, build)
    function = build.code(node.function) if known is None else None
    at, names, what = node.at, node.names, _spelled(node.function)

    if known is not None and names is None:
        if known.builtin and known.name in _CONSTRUCTORS:
            constant = _constant(known, node.arguments)
            if constant is not None:
                return lambda env: constant
        return lambda env: known.invoke(env[RUN], [argument(env) for argument in arguments], at)

    def call(env: Env) -> Value:
        target = known if function is None else function(env)
        if type(target) is not Function:
            target = hidden
        if target is None:
            env[RUN].warn(f"“{what}”不是函数", f"{what!r} is not a function", at)
            return None
        values = [argument(env) for argument in arguments]
        if names is None:
            return target.invoke(env[RUN], values, at)
        return target.invoke_named(env[RUN], dict(zip(names, values, strict=True)), at)

    return call


def _known_function(node: Node, build: Builder) -> Function | None:
    """The function of that name, unless the caller's variables may hold another under it."""
    if not isinstance(node, Name) or build.is_local(node.name) or node.name in build.shadowing:
        return None
    return build.functions.get(node.name)


def _hidden_function(node: Node, build: Builder) -> Function | None:
    """The function a variable of the same name hides; a call reaches it if that variable is no function."""
    return build.functions.get(node.name) if isinstance(node, Name) else None


def _constant(function: Function, arguments: Sequence[Node]) -> Value:
    """``date("2026-01-31")`` and its like, worked out once."""
    if not all(isinstance(argument, Literal) for argument in arguments):
        return None
    return function.invoke(Run(), [argument.value for argument in arguments if isinstance(argument, Literal)])


def _spelled(node: Node) -> str:
    return node.name if isinstance(node, Name | Path) else "这个值"
