"""What a DMN model says, read but not yet compiled (DMN 1.5, chapters 6 to 8 and section 10.2).

Expressions are kept as text; the classes follow the names of the standard's metamodel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

HIT_POLICIES = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"})
AGGREGATIONS = frozenset({"SUM", "MIN", "MAX", "COUNT"})


@dataclass(frozen=True, slots=True)
class Boxed:
    """Base of the boxed expressions; ``type_ref`` is the declared type, empty if none."""

    id: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class LiteralExpression(Boxed):
    """FEEL text."""

    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named, typed variable: of a function, a context entry, a binding or a column."""

    name: str
    type_ref: str


@dataclass(frozen=True, slots=True)
class ContextExpression(Boxed):
    """Entries one after the other; one without a name is the result."""

    entries: tuple[tuple[Parameter | None, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class ListExpression(Boxed):
    """Expressions in a row."""

    items: tuple[Boxed | None, ...]


@dataclass(frozen=True, slots=True)
class RelationExpression(Boxed):
    """A table of expressions: a list of contexts."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]


@dataclass(frozen=True, slots=True)
class FunctionExpression(Boxed):
    """A function; ``kind`` other than ``FEEL`` is not run."""

    kind: str
    parameters: tuple[Parameter, ...]
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class InvocationExpression(Boxed):
    """A call with named bindings."""

    function: Boxed | None
    bindings: tuple[tuple[Parameter, Boxed | None], ...]


@dataclass(frozen=True, slots=True)
class ConditionalExpression(Boxed):
    """If, then, else."""

    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None


@dataclass(frozen=True, slots=True)
class FilterExpression(Boxed):
    """The elements of a list that match."""

    source: Boxed | None
    match: Boxed | None


@dataclass(frozen=True, slots=True)
class IterationExpression(Boxed):
    """``for``, ``some`` or ``every`` over a list."""

    word: str
    variable: str
    source: Boxed | None
    body: Boxed | None


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of conditions."""

    label: str
    expression: str
    type_ref: str
    allowed: str


@dataclass(frozen=True, slots=True)
class OutputClause:
    """A column of results; ``allowed`` also gives the priority."""

    name: str
    type_ref: str
    allowed: str
    default: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a decision table."""

    id: str
    tests: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable(Boxed):
    """Rules with a hit policy."""

    name: str
    hit_policy: str
    aggregation: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a decision or function needs, as references: an id, or ``namespace#id`` of an imported model."""

    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is declared at all."""
        return bool(self.inputs or self.decisions or self.knowledge)


@dataclass(frozen=True, slots=True)
class InputData:
    """Something the caller gives."""

    id: str
    name: str
    type_ref: str

    @property
    def variable(self) -> str:
        """The name others see its value under."""
        return self.name


@dataclass(frozen=True, slots=True)
class Decision:
    """Something worked out; ``variable`` is the name others see its value under."""

    id: str
    name: str
    variable: str
    type_ref: str
    expression: Boxed | None
    requirements: Requirements


@dataclass(frozen=True, slots=True)
class BusinessKnowledgeModel:
    """A function with requirements of its own."""

    id: str
    name: str
    type_ref: str
    logic: FunctionExpression | None
    requirements: Requirements


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions that are called together, as a function of their inputs."""

    id: str
    name: str
    type_ref: str
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type; ``function`` holds parameter types and result type of a function type."""

    name: str
    type_ref: str
    is_collection: bool
    allowed: str
    constraint: str
    components: tuple[ItemDefinition, ...]
    function: tuple[tuple[str, ...], str] | None


@dataclass(frozen=True, slots=True)
class Import:
    """Another model, seen under a name."""

    name: str
    namespace: str
    location: str


@dataclass(frozen=True, slots=True)
class Definitions:
    """A whole model."""

    name: str
    namespace: str
    imports: tuple[Import, ...] = ()
    inputs: Mapping[str, InputData] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    knowledge: Mapping[str, BusinessKnowledgeModel] = field(default_factory=dict)
    services: Mapping[str, DecisionService] = field(default_factory=dict)
    types: Mapping[str, ItemDefinition] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
