"""The syntax tree of FEEL. Every node knows at which character of the text it starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Node:
    """Base of all nodes; ``at`` counts characters from 0."""

    at: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, string, boolean, ``null`` or ``@"…"``; ``value`` is already a FEEL value."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable or function by name; ``?`` is the value a unary test tests."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """Unary minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """``left symbol right`` with ``+ - * / **``."""

    symbol: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``left symbol right`` with ``= != < <= > >=``."""

    symbol: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``left and right`` or ``left or right``."""

    word: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """One positive unary test: ``< 5`` with a symbol, else an expression the value is held against."""

    symbol: str
    operand: Node
    uses_input: bool


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """A cell of a decision table: any of the tests, or none of them if ``negated``; no tests is ``-``."""

    tests: tuple[Test, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in (tests)``."""

    value: Node
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``; the type is ``None`` where its name is not known."""

    value: Node
    type: FeelType | None
    type_name: str


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if … then … else …``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source`` or ``name in source .. end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for … return …``."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some … satisfies …`` or ``every … satisfies …``."""

    word: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FormalParameter(Node):
    """A parameter of a function literal."""

    name: str
    type: FeelType


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """``function(…) body``; an ``external`` one is not run here and gives ``null``."""

    parameters: tuple[FormalParameter, ...]
    body: Node
    external: bool


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """``{key: value, …}``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[a, b, …]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """``[a..b]`` in all its brackets, or ``(< 5)`` with one end missing."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``source.name``."""

    source: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function(a, b)`` or ``function(name: a, …)``."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] | None
