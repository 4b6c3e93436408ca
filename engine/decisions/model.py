"""The public face: a parsed decision model that answers questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.decisions.compiler import Problem
from engine.decisions.definitions import DecisionTable
from engine.decisions.errors import DecisionModelError, DecisionNotFoundError
from engine.decisions.graph import Case, CompiledDecision, Graph
from engine.decisions.reader import read_definitions
from engine.decisions.results import Result
from engine.decisions.scope import Session
from engine.feel.border import check_size, from_python
from engine.feel.functions import Function
from engine.feel.registry import NO_FUNCTIONS, FunctionRegistry
from engine.feel.runtime import Run, too_deep
from engine.feel.types import ANY, ContextType, FeelType
from engine.feel.values import Value

MAX_IMPORTS = 20
_MANY = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
"""Hit policies whose tables give a list, or what an aggregation makes of it."""

Resolve = Callable[[str], bytes]
"""Gives the bytes of an imported model, asked for by its ``locationURI``, or its namespace if it has none."""


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A decision of a model: ``inputs`` are the names of what it requires, ``names`` what its expressions read.

    ``reads`` are the variables it needs from outside, those of the decisions it requires among them, and
    ``type`` is that of its value.
    """

    id: str
    name: str
    inputs: tuple[str, ...]
    names: tuple[str, ...]
    reads: Mapping[str, FeelType]
    type: FeelType


class DecisionModel:
    """A parsed model; immutable, safe to share between threads.

    ``problems`` lists the FEEL texts that could not be read, ``findings`` those that can never work, such as a
    name nothing provides or a number compared with a string; a deployment should refuse a model that has any.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.name = graph.definitions.name
        self.namespace = graph.definitions.namespace
        self.problems: tuple[Problem, ...] = tuple(graph.compiler.problems)
        self.findings: tuple[Problem, ...] = tuple(graph.compiler.findings)
        self.decisions: tuple[DecisionInfo, ...] = tuple(
            _info(compiled, graph) for compiled in graph.decisions.values()
        )

    def evaluate(
        self, decision: str, context: Mapping[str, object], *, now: datetime | None = None
    ) -> Result:
        """The value of a decision, by id or name, for these inputs.

        Raises :class:`DecisionNotFoundError`, and ``FeelBudgetExceeded`` or ``FeelValueError`` of FEEL.
        """
        found = self._find(self._graph.definitions.decisions, decision)
        if found is None:
            return self.invoke(decision, context, now=now)
        session = Session(Run(now))
        value = _bounded(lambda: Case(self._graph, context, session).decision(found))
        return self._result(value, session, self._graph.decisions[found].source.name)

    def invoke(self, name: str, inputs: Mapping[str, object], *, now: datetime | None = None) -> Result:
        """Call a decision service or business knowledge model, by id or name, with named arguments.

        Parameters that are not given are ``null``; raises as :meth:`evaluate` does.
        """
        session = Session(Run(now))
        case = Case(self._graph, inputs, session)
        function = self._function(case, name)

        def call() -> Value:
            arguments = [from_python(inputs.get(parameter)) for parameter in function.parameters]
            return function.invoke(session.run, arguments)

        return self._result(_bounded(call), session, name)

    def _function(self, case: Case, name: str) -> Function:
        definitions = self._graph.definitions
        reference = self._find(definitions.services, name) or self._find(definitions.knowledge, name)
        found = None if reference is None else case.named_function(reference)
        if found is None:
            raise DecisionNotFoundError(f"决策模型“{self.name}”里没有“{name}”")
        function = found[1]
        if not isinstance(function, Function):
            raise DecisionNotFoundError(f"“{name}”没有可以运行的内容")
        return function

    @staticmethod
    def _find(items: Mapping[str, object], wanted: str) -> str | None:
        if wanted in items:
            return wanted
        return next((i for i, item in items.items() if getattr(item, "name", None) == wanted), None)

    @staticmethod
    def _result(value: Value, session: Session, name: str) -> Result:
        return Result(value, session.tables.get(name), session.tables, tuple(session.run.warnings))


def _info(compiled: CompiledDecision, graph: Graph) -> DecisionInfo:
    needs, definitions = compiled.source.requirements, graph.definitions
    required = [definitions.inputs[i].name for i in needs.inputs if i in definitions.inputs]
    required += [definitions.decisions[i].variable for i in needs.decisions if i in definitions.decisions]
    return DecisionInfo(
        compiled.source.id,
        compiled.source.name,
        tuple(required),
        tuple(compiled.names),
        _reads(compiled.source.id, graph, set()),
        _type(compiled, graph),
    )


def _reads(reference: str, graph: Graph, seen: set[str]) -> dict[str, FeelType]:
    """The input data of a decision and of those it requires; without any in the model, the names it reads."""
    definitions, compiled = graph.definitions, graph.decisions.get(reference)
    if compiled is None or reference in seen:
        return {}
    seen.add(reference)
    needs, boxed = compiled.source.requirements, compiled.source.expression
    if not needs.any and not definitions.inputs:
        columns = boxed.inputs if isinstance(boxed, DecisionTable) else ()
        told = {column.expression: graph.compiler.type(column.type_ref) for column in columns}
        return {name: told.get(name, ANY) for name in compiled.names}
    inputs = [definitions.inputs[i] for i in needs.inputs if i in definitions.inputs]
    reads = {item.name: graph.compiler.plain_types.of(item.type_ref) or ANY for item in inputs}
    for required in needs.decisions:
        reads |= _reads(required, graph, seen)
    return reads


def _type(compiled: CompiledDecision, graph: Graph) -> FeelType:
    """The declared type, else what the outputs of its table tell."""
    boxed = compiled.source.expression
    if compiled.type is not ANY or not isinstance(boxed, DecisionTable) or boxed.hit_policy in _MANY:
        return compiled.type
    outputs = tuple((one.name, graph.compiler.plain_types.of(one.type_ref) or ANY) for one in boxed.outputs)
    return ContextType(outputs) if len(outputs) > 1 else outputs[0][1]


def _bounded(work: Callable[[], Value]) -> Value:
    try:
        value = work()
    except RecursionError:
        raise too_deep() from None
    check_size(value)
    return value


def parse(
    xml: bytes, *, resolve: Resolve | None = None, functions: FunctionRegistry | None = None
) -> DecisionModel:
    """Read a DMN model of version 1.1 to 1.5; raises :class:`DecisionModelError`.

    ``resolve`` gives the bytes of imported models; ``functions`` are the host's, callable from every cell.
    """
    registry = functions if functions is not None else NO_FUNCTIONS
    return DecisionModel(_Loader(resolve, registry).load(xml))


class _Loader:
    """Loads a model with all it imports, each once, none in a circle."""

    def __init__(self, resolve: Resolve | None, functions: FunctionRegistry) -> None:
        self.resolve = resolve
        self.functions = functions
        self.graphs: dict[str, Graph] = {}
        self.loading: list[str] = []

    def load(self, xml: bytes) -> Graph:
        definitions = read_definitions(xml)
        if definitions.namespace in self.graphs:
            return self.graphs[definitions.namespace]
        if definitions.namespace in self.loading:
            raise DecisionModelError(f"决策模型“{definitions.name}”绕一圈引用了自己")
        if len(self.loading) + len(self.graphs) >= MAX_IMPORTS:
            raise DecisionModelError(f"决策模型引用的模型超过 {MAX_IMPORTS} 个")
        self.loading.append(definitions.namespace)
        imported: dict[str, tuple[str, Graph]] = {}
        for item in definitions.imports:
            if self.resolve is None:
                raise DecisionModelError(
                    f"决策模型“{definitions.name}”引用了“{item.name}”，但没有说明到哪里去取"
                )
            graph = self.load(self.resolve(item.location or item.namespace))
            imported[item.namespace] = (item.name, graph)
        self.loading.pop()
        graph = self.graphs[definitions.namespace] = Graph(definitions, imported, self.functions)
        return graph
