"""From the syntax tree to closures.

Each node becomes a function of one *environment*: a list of the run, the variables, the value under test and
then one slot for each local name. Which slot a name has is settled here, once, so that running an expression
looks up nothing but the caller's own variables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.feel.border import from_python
from engine.feel.functions import Function
from engine.feel.runtime import Run
from engine.feel.syntax import Literal, Name, Node
from engine.feel.values import Value

RUN, VARIABLES, INPUT, LOCALS = 0, 1, 2, 3

Env = list[Value]
Code = Callable[[Env], Value]
Compile = Callable[..., Code]

_COMPILERS: dict[type[Node], Compile] = {}


class Variables(dict[str, Value]):
    """The caller's variables, converted one by one when first read."""

    __slots__ = ("_source",)

    def __init__(self, source: Mapping[str, object]) -> None:
        self._source = source

    def __missing__(self, name: str) -> Value:
        value = self[name] = from_python(self._source[name])
        return value


@dataclass(slots=True)
class _Scope:
    """Local names with their slots; in a filter, also the slot of the row whose fields are names."""

    slots: dict[str, int] = field(default_factory=dict)
    row: int | None = None


class Builder:
    """Compiles the nodes of one expression and notes which variables they read."""

    def __init__(self, functions: Mapping[str, Function], shadowing: frozenset[str]) -> None:
        self.functions = functions
        self.shadowing = shadowing
        self.size = LOCALS
        self.reads: dict[str, int] = {}
        self.row_reads: dict[str, int] = {}
        self.read_slots: set[int] = set()
        self._scopes: list[_Scope] = []

    def code(self, node: Node) -> Code:
        """The closure of a node."""
        return _COMPILERS[type(node)](node, self)

    @contextmanager
    def scope(self, *, row: bool = False) -> Iterator[_Scope]:
        """A block with local names; with ``row`` one whose fields are names, found in a slot of their own."""
        scope = _Scope()
        if row:
            scope.row = self._new_slot()
            scope.slots["item"] = scope.row
        self._scopes.append(scope)
        try:
            yield scope
        finally:
            self._scopes.pop()

    def bind(self, name: str) -> int:
        """Give a name of the innermost block a slot."""
        slot = self._scopes[-1].slots[name] = self._new_slot()
        return slot

    def _new_slot(self) -> int:
        self.size += 1
        return self.size - 1

    # --- names ----------------------------------------------------------------------------------------

    def name(self, name: str, at: int) -> Code:
        """How to read a name: a local slot, a field of the row at hand, a variable or a function."""
        rows = []
        for scope in reversed(self._scopes):
            if scope.row is not None:
                rows.append(scope.row)
            slot = scope.slots.get(name)
            if slot is not None:
                self.read_slots.add(slot)
                return self._with_rows(name, rows, _slot(slot))
        outer = self._variable(name, at, in_row=bool(rows))
        return self._with_rows(name, rows, outer)

    def is_local(self, name: str) -> bool:
        """Whether a block around here binds the name."""
        return any(name in scope.slots for scope in self._scopes)

    def _with_rows(self, name: str, rows: list[int], outer: Code) -> Code:
        for row in reversed(rows):
            outer = _field_or(row, name, outer)
        return outer

    def _variable(self, name: str, at: int, in_row: bool) -> Code:
        function = self.functions.get(name)
        if function is None:
            (self.row_reads if in_row else self.reads).setdefault(name, at)
        elif name in self.shadowing:
            self.reads.setdefault(name, at)

        def variable(env: Env) -> Value:
            try:
                return env[VARIABLES][name]
            except KeyError:
                if function is None:
                    _warn_unknown(env[RUN], name, at, in_row)
                return function

        return variable


def _slot(slot: int) -> Code:
    return lambda env: env[slot]


def _field_or(row: int, name: str, outer: Code) -> Code:
    def field_or(env: Env) -> Value:
        item = env[row]
        if type(item) is dict and name in item:
            return item[name]
        return outer(env)

    return field_or


def _warn_unknown(run: Run, name: str, at: int, in_row: bool) -> None:
    if in_row:
        run.warn(f"这一行没有字段“{name}”", f"no field {name!r} in this row", at, hard=False)
    else:
        run.warn(f"没有变量“{name}”", f"no variable {name!r}", at)


def compiles(kind: type[Node]) -> Callable[[Compile], Compile]:
    """Register the compiler of a kind of node."""

    def register(compiler: Compile) -> Compile:
        _COMPILERS[kind] = compiler
        return compiler

    return register


@compiles(Literal)
def _literal(node: Literal, build: Builder) -> Code:
    value = node.value
    return lambda env: value


@compiles(Name)
def _name(node: Name, build: Builder) -> Code:
    if node.name == "?":
        build.reads.setdefault("?", node.at)
        return lambda env: env[INPUT]
    return build.name(node.name, node.at)
