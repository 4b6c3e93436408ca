"""Evaluating the decision requirements graph (DMN 1.5, chapter 6 and section 10.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.decisions.boxed import FunctionMaker, compile_boxed, compile_function
from engine.decisions.compiler import Compiler, conform
from engine.decisions.definitions import (
    Boxed,
    BusinessKnowledgeModel,
    Decision,
    DecisionService,
    Definitions,
    Requirements,
)
from engine.decisions.names import field_names, visible_variables
from engine.decisions.scope import Evaluator, Scope, Session
from engine.decisions.types import TypeTable
from engine.feel.border import from_python
from engine.feel.functions import Function, Parameter, Signature
from engine.feel.registry import FunctionRegistry
from engine.feel.runtime import Run
from engine.feel.types import FUNCTION, UNKNOWN, FeelType
from engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class CompiledDecision:
    """A decision ready to run; ``names`` are the variables its expressions read, with a position each."""

    source: Decision
    evaluate: Evaluator
    type: FeelType
    names: Mapping[str, int]


class Graph:
    """A compiled model and the models it imports, by namespace."""

    def __init__(
        self,
        definitions: Definitions,
        imported: Mapping[str, tuple[str, Graph]],
        functions: FunctionRegistry,
    ) -> None:
        self.definitions = definitions
        self.imported = imported
        self.compiler: Compiler = Compiler(
            TypeTable(definitions, {name: graph.compiler.types for name, graph in imported.values()}),
            TypeTable(
                definitions,
                {name: graph.compiler.plain_types for name, graph in imported.values()},
                constrained=False,
            ),
            functions,
        )
        self._fields = field_names(definitions).union(
            *(_declared_names(graph.definitions) for _, graph in imported.values())
        )
        self.decisions = {i: self._decision(item) for i, item in definitions.decisions.items()}
        self.functions = {i: self._knowledge(item) for i, item in definitions.knowledge.items()}

    def _decision(self, decision: Decision) -> CompiledDecision:
        build = self.compiler
        reads = build.begin(
            decision.name, self._variables(decision.requirements, decision.expression), self._fields
        )
        evaluate = compile_boxed(decision.expression, build)
        return CompiledDecision(decision, evaluate, build.type(decision.type_ref), reads)

    def _knowledge(self, knowledge: BusinessKnowledgeModel) -> FunctionMaker | None:
        variables = {**self._variables(knowledge.requirements, knowledge.logic), knowledge.name: FUNCTION}
        self.compiler.begin(knowledge.name, variables, self._fields)
        if knowledge.logic is None:
            return None
        return compile_function(knowledge.logic, self.compiler, knowledge.type_ref)

    def _variables(self, requirements: Requirements, boxed: Boxed | None) -> dict[str, FeelType]:
        return visible_variables(self.definitions, requirements, boxed, self.compiler.plain_types)


def _declared_names(definitions: Definitions) -> set[str]:
    """The names an importing model sees of a model, each behind the name of the import."""
    return (
        field_names(definitions)
        | {item.name for item in definitions.inputs.values()}
        | {item.variable for item in definitions.decisions.values()}
        | {item.name for item in definitions.knowledge.values()}
        | {item.name for item in definitions.services.values()}
    )


class Case:
    """One set of inputs for a model: each decision is worked out once, when first needed.

    ``given`` holds values of decisions that a decision service gets from its caller.
    """

    def __init__(
        self,
        graph: Graph,
        inputs: Mapping[str, object],
        session: Session,
        given: Mapping[str, Value] | None = None,
    ) -> None:
        self.graph = graph
        self.inputs = inputs
        self.session = session
        self._values: dict[str, Value] = dict(given or {})
        self._running: set[str] = set()
        self._imported = {
            namespace: (name, Case(imported, _inputs_of(inputs, name), session))
            for namespace, (name, imported) in graph.imported.items()
        }

    # --- values ---------------------------------------------------------------------------------------

    def decision(self, reference: str) -> Value:
        """The value of a decision of this model."""
        if reference in self._values:
            return self._values[reference]
        compiled = self.graph.decisions[reference]
        name = compiled.source.name
        if reference in self._running:
            self.session.run.warn(f"决策“{name}”绕回了自己", f"decision {name!r} requires itself")
            return None
        self._running.add(reference)
        self.session.run.enter()
        scope = Scope(self.session, self._seen_by(compiled))
        value = conform(compiled.evaluate(scope), compiled.type, self.session.run, name)
        self.session.run.leave()
        self._running.discard(reference)
        self._values[reference] = value
        return value

    def input(self, reference: str) -> tuple[str, Value]:
        """The name of an input and its value, converted to the declared type."""
        data = self.graph.definitions.inputs[reference]
        if data.name not in self.inputs:
            self.session.run.warn(f"没有给出输入“{data.name}”", f"input {data.name!r} is missing")
            return data.name, None
        value = from_python(self.inputs[data.name])
        return data.name, conform(value, self.graph.compiler.type(data.type_ref), self.session.run, data.name)

    def _seen_by(self, compiled: CompiledDecision) -> dict[str, Value]:
        """What a decision requires; in a model without any input data, the caller's variables it names.

        By the standard it would see nothing there, but modelers write single tables so and mean the process's
        variables.
        """
        needs = compiled.source.requirements
        if needs.any or self.graph.definitions.inputs:
            return self.variables(needs)
        return {name: from_python(self.inputs[name]) for name in compiled.names if name in self.inputs}

    def variables(self, requirements: Requirements) -> dict[str, Value]:
        """What an expression with these requirements sees."""
        variables: dict[str, Value] = {}
        for references, read in (
            (requirements.inputs, Case.named_input),
            (requirements.decisions, Case.named_decision),
            (requirements.knowledge, Case.named_function),
        ):
            for reference in references:
                self._bring(reference, read, variables)
        return variables

    def _bring(
        self,
        reference: str,
        read: Callable[[Case, str], tuple[str, Value] | None],
        variables: dict[str, Value],
    ) -> None:
        namespace, has_namespace, local = reference.rpartition("#")
        if not has_namespace:
            found = read(self, reference)
            if found is not None:
                variables[found[0]] = found[1]
            return
        if namespace not in self._imported:
            return
        prefix, case = self._imported[namespace]
        found = read(case, local)
        if found is not None:
            target = variables.setdefault(prefix, {}) if prefix else variables
            target[found[0]] = found[1]

    def named_input(self, reference: str) -> tuple[str, Value] | None:
        """An input under its name, ``None`` if the model has none of that id."""
        return self.input(reference) if reference in self.graph.definitions.inputs else None

    def named_decision(self, reference: str) -> tuple[str, Value] | None:
        """A decision's value under its variable's name."""
        compiled = self.graph.decisions.get(reference)
        return None if compiled is None else (compiled.source.variable, self.decision(reference))

    def named_function(self, reference: str) -> tuple[str, Value] | None:
        """A business knowledge model or decision service as a function under its name."""
        knowledge = self.graph.definitions.knowledge.get(reference)
        if knowledge is not None:
            return knowledge.name, self.knowledge_function(knowledge)
        service = self.graph.definitions.services.get(reference)
        return None if service is None else (service.name, self.service_function(service))

    # --- functions ------------------------------------------------------------------------------------

    def knowledge_function(self, knowledge: BusinessKnowledgeModel) -> Function | None:
        """A business knowledge model as a function, which may call itself."""
        make = self.graph.functions[knowledge.id]
        if make is None:
            return None
        function: Function | None = None

        def variables() -> dict[str, Value]:
            return {knowledge.name: function, **self.variables(knowledge.requirements)}

        function = make(self.session, variables, knowledge.name)
        return function

    def service_function(self, service: DecisionService) -> Function:
        """A decision service as a function of its input data and input decisions, in that order."""
        graph = self.graph
        decisions = [graph.decisions[i] for i in service.input_decisions if i in graph.decisions]
        data = [graph.definitions.inputs[i] for i in service.input_data if i in graph.definitions.inputs]
        parameters = (
            *(Parameter(item.name, graph.compiler.type(item.type_ref), nullable=True) for item in data),
            *(Parameter(item.source.variable, item.type, nullable=True) for item in decisions),
        )

        def call(run: Run, *arguments: Value) -> Value:
            inputs = {item.name: value for item, value in zip(data, arguments, strict=False)}
            given = {
                item.source.id: value for item, value in zip(decisions, arguments[len(data) :], strict=True)
            }
            case = Case(graph, {**self.inputs, **inputs}, Session(run, self.session.tables), given)
            return case.service(service)

        result = graph.compiler.type(service.type_ref) if service.type_ref else UNKNOWN
        return Function(service.name, (Signature(parameters, call, result),))

    def service(self, service: DecisionService) -> Value:
        """The outputs of a decision service: one decision's value, or a context of several."""
        outputs = [i for i in service.outputs if i in self.graph.decisions]
        values = {self.graph.decisions[i].source.variable: self.decision(i) for i in outputs}
        value = next(iter(values.values())) if len(values) == 1 else values
        return conform(value, self.graph.compiler.type(service.type_ref), self.session.run, service.name)


def _inputs_of(inputs: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The inputs an imported model sees: those given under its name, else the caller's own."""
    own = inputs.get(name)
    return {**inputs, **own} if isinstance(own, Mapping) else inputs
