"""Closures for lists, contexts, ranges, paths, functions and calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.feel.checker import Checker
from engine.feel.compiler import RUN, Builder, Code, Env, compiles
from engine.feel.functions import Function, Parameter, Signature
from engine.feel.operators import compare
from engine.feel.properties import read_property
from engine.feel.runtime import Run
from engine.feel.syntax import (
    Call,
    ContextLiteral,
    FunctionLiteral,
    ListLiteral,
    Literal,
    Name,
    Node,
    Path,
    RangeLiteral,
)
from engine.feel.text import shown
from engine.feel.types import UNKNOWN, FunctionType
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
        invoke, evaluate = known.invoke, _all_of(arguments)
        return lambda env: invoke(env[RUN], evaluate(env), at)

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


def _all_of(arguments: Sequence[Code]) -> Callable[[Env], Sequence[Value]]:
    """What works out all arguments; for a few of them a loop would take longer than they do."""
    match arguments:
        case [first]:
            return lambda env: (first(env),)
        case [first, second]:
            return lambda env: (first(env), second(env))
        case [first, second, third]:
            return lambda env: (first(env), second(env), third(env))
    return lambda env: [argument(env) for argument in arguments]


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
