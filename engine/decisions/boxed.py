"""Boxed expressions (DMN 1.5, section 10.2) as evaluators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.decisions import definitions as d
from engine.decisions.compiler import Compiler, nothing
from engine.decisions.scope import Evaluator, Scope, Session
from engine.decisions.tables import compile_table
from engine.feel.compile_iteration import items_of_range
from engine.feel.functions import Function, Parameter, Signature
from engine.feel.runtime import Run
from engine.feel.text import shown
from engine.feel.types import UNKNOWN
from engine.feel.values import Range, Value


def compile_boxed(boxed: d.Boxed | None, build: Compiler) -> Evaluator:
    """The evaluator of a boxed expression, its value converted to the declared type."""
    if boxed is None:
        return nothing
    evaluate = _COMPILERS[type(boxed)](boxed, build)
    if isinstance(boxed, d.FunctionExpression):
        return evaluate
    return build.typed(evaluate, boxed.type_ref, build.owner)


def _literal(boxed: d.LiteralExpression, build: Compiler) -> Evaluator:
    return build.text(boxed.text)


def _context(boxed: d.ContextExpression, build: Compiler) -> Evaluator:
    entries = []
    for variable, value in boxed.entries:
        evaluate = compile_boxed(value, build)
        if variable is None:
            entries.append(("", evaluate))
        else:
            entries.append((variable.name, build.typed(evaluate, variable.type_ref, variable.name)))

    def context(scope: Scope) -> Value:
        made: dict[str, Value] = {}
        for name, evaluate in entries:
            value = evaluate(scope.with_variables(made))
            if not name:
                return value
            made[name] = value
        return made

    return context


def _list(boxed: d.ListExpression, build: Compiler) -> Evaluator:
    items = [compile_boxed(item, build) for item in boxed.items]
    return lambda scope: [item(scope) for item in items]


def _relation(boxed: d.RelationExpression, build: Compiler) -> Evaluator:
    rows = [[compile_boxed(cell, build) for cell in row] for row in boxed.rows]
    columns = boxed.columns
    return lambda scope: [
        {name: cell(scope) for name, cell in zip(columns, row, strict=False)} for row in rows
    ]


def _conditional(boxed: d.ConditionalExpression, build: Compiler) -> Evaluator:
    condition, then, otherwise = (
        compile_boxed(part, build) for part in (boxed.condition, boxed.then, boxed.otherwise)
    )
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _invocation(boxed: d.InvocationExpression, build: Compiler) -> Evaluator:
    function = compile_boxed(boxed.function, build)
    owner = build.owner
    bindings = [
        (parameter.name, build.typed(compile_boxed(value, build), parameter.type_ref, parameter.name))
        for parameter, value in boxed.bindings
    ]

    def invoke(scope: Scope) -> Value:
        target = function(scope)
        if type(target) is not Function:
            scope.run.warn(f"“{owner}”调用的不是函数", f"{owner!r} invokes something that is no function")
            return None
        return target.invoke_named(scope.run, {name: value(scope) for name, value in bindings})

    return invoke


def _iterable(value: Value, run: Run) -> Sequence[Value] | None:
    if isinstance(value, Range):
        return items_of_range(value, run)
    if value is None or type(value) is list:
        return value
    return [value]


def _refuse(scope: Scope, what: str, outcome: Value) -> None:
    scope.run.warn(
        f"{what} 的条件不是“是”或“否”，而是 {shown(outcome)}", f"the condition of {what} is not boolean"
    )


def _filter(boxed: d.FilterExpression, build: Compiler) -> Evaluator:
    source, match = compile_boxed(boxed.source, build), compile_boxed(boxed.match, build)

    def select(scope: Scope) -> Value:
        items = _iterable(source(scope), scope.run)
        if items is None:
            return []
        selected = []
        for item in items:
            scope.run.spend()
            fields = item if type(item) is dict else {}
            outcome = match(scope.with_variables({"item": item, **fields}))
            if outcome is not None and not isinstance(outcome, bool):
                _refuse(scope, "filter", outcome)
                return None
            if outcome:
                selected.append(item)
        return selected

    return select


def _iteration(boxed: d.IterationExpression, build: Compiler) -> Evaluator:
    source, body = compile_boxed(boxed.source, build), compile_boxed(boxed.body, build)
    return _LOOPS[boxed.word](boxed.variable, source, body)


def _for(variable: str, source: Evaluator, body: Evaluator) -> Evaluator:
    def collect(scope: Scope) -> Value:
        items = _iterable(source(scope), scope.run)
        if items is None:
            return None
        results: list[Value] = []
        for item in items:
            scope.run.spend(1 + len(results))
            results.append(body(scope.with_variables({variable: item, "partial": results.copy()})))
        return results

    return collect


def _quantified(decisive: bool) -> Callable[[str, Evaluator, Evaluator], Evaluator]:
    def make(variable: str, source: Evaluator, body: Evaluator) -> Evaluator:
        def decide(scope: Scope) -> bool | None:
            items = _iterable(source(scope), scope.run)
            if items is None:
                return None
            result: bool | None = not decisive
            for item in items:
                scope.run.spend()
                outcome = body(scope.with_variables({variable: item}))
                if outcome is not None and not isinstance(outcome, bool):
                    _refuse(scope, "some/every", outcome)
                    return None
                if outcome is decisive:
                    return decisive
                if outcome is None:
                    result = None
            return result

        return decide

    return make


_LOOPS: dict[str, Callable[[str, Evaluator, Evaluator], Evaluator]] = {
    "for": _for,
    "some": _quantified(True),
    "every": _quantified(False),
}


def _function(boxed: d.FunctionExpression, build: Compiler) -> Evaluator:
    make = compile_function(boxed, build)
    return lambda scope: make(scope.session, lambda: scope.variables, build.owner)


FunctionMaker = Callable[[Session, Callable[[], dict[str, Value]], str], "Function | None"]


def compile_function(boxed: d.FunctionExpression, build: Compiler, result: str = "") -> FunctionMaker:
    """What makes the function value, given the variables its body sees and a name."""
    body = build.typed(compile_boxed(boxed.body, build), result, build.owner)
    parameters = tuple(Parameter(p.name, build.type(p.type_ref), nullable=True) for p in boxed.parameters)
    result_type = build.type(result) if result else UNKNOWN

    def make(session: Session, variables: Callable[[], dict[str, Value]], name: str) -> Function | None:
        if boxed.kind != "FEEL":
            session.run.warn(
                f"函数“{name}”的类型 {boxed.kind} 不受支持，只能用 FEEL", "only FEEL functions run"
            )
            return None

        def call(run: Run, *arguments: Value) -> Value:
            given = dict(zip((p.name for p in parameters), arguments, strict=True))
            inner = Session(run, session.tables)
            return body(Scope(inner, {**variables(), **given}))

        return Function(name, (Signature(parameters, call, result_type),))

    return make


_COMPILERS: dict[type[d.Boxed], Callable[[Any, Compiler], Evaluator]] = {
    d.LiteralExpression: _literal,
    d.ContextExpression: _context,
    d.ListExpression: _list,
    d.RelationExpression: _relation,
    d.ConditionalExpression: _conditional,
    d.InvocationExpression: _invocation,
    d.FilterExpression: _filter,
    d.IterationExpression: _iteration,
    d.FunctionExpression: _function,
    d.DecisionTable: compile_table,
}
