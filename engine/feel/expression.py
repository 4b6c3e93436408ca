"""Compiling text once and evaluating it many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from engine.feel import (  # the three register what compiles each kind of node
    compile_iteration,  # noqa: F401
    compile_operators,  # noqa: F401
    compile_structures,  # noqa: F401
    complaints,
)
from engine.feel.border import check_size, from_python
from engine.feel.builtins import BUILTINS
from engine.feel.checker import Checker, Finding
from engine.feel.compiler import LOCALS, Builder, Code, Variables
from engine.feel.functions import Function
from engine.feel.parser import Parser
from engine.feel.registry import NO_FUNCTIONS, FunctionRegistry
from engine.feel.runtime import FeelWarning, Run, too_deep
from engine.feel.signatures import read_type
from engine.feel.syntax import Node
from engine.feel.types import ANY, UNKNOWN, FeelType
from engine.feel.values import Value

CACHED_EXPRESSIONS = 4096
_MEASURED = frozenset({list, dict})
_PLAIN_DEPTH = 6
_PROPERTY_NAMES = ("start included", "end included", "time offset")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value and why parts of the expression were ``null``."""

    value: Value
    warnings: tuple[FeelWarning, ...]

    @property
    def hard_warnings(self) -> tuple[FeelWarning, ...]:
        """The warnings that tell of a defect in the expression or its variables."""
        return tuple(warning for warning in self.warnings if warning.hard)


class Expression:
    """A compiled expression: immutable, safe to share between threads.

    ``names`` maps each variable it reads to the position of its first use; ``row_names`` does so for names in
    filters, which may be fields of the rows as well as variables. ``tree`` is the syntax tree.
    """

    __slots__ = ("_code", "_functions", "_locals", "names", "row_names", "text", "tree")

    def __init__(
        self, text: str, tree: Node, functions: Mapping[str, Function], shadowing: frozenset[str]
    ) -> None:
        builder = Builder(functions, shadowing)
        self.text = text
        self.tree = tree
        self._functions = functions
        self._code: Code = builder.code(tree)
        self._locals = (None,) * (builder.size - LOCALS)
        self.names: Mapping[str, int] = builder.reads
        self.row_names: Mapping[str, int] = builder.row_reads

    def evaluate(self, context: Mapping[str, object], *, now: datetime | None = None) -> Value:
        """The value in that context; raises :class:`FeelBudgetExceeded` and, for foreign data, ``FeelValueError``."""
        return self.run(Variables(context), Run(now))

    def evaluate_with_warnings(
        self, context: Mapping[str, object], *, now: datetime | None = None
    ) -> Evaluation:
        """The value in that context and the warnings."""
        run = Run(now)
        value = self.run(Variables(context), run)
        return Evaluation(value, tuple(run.warnings))

    def test(
        self, value: object, context: Mapping[str, object], *, now: datetime | None = None
    ) -> bool | None:
        """For compiled unary tests: whether the value passes; ``None`` if it cannot be told."""
        outcome = self.run(Variables(context), Run(now), from_python(value))
        return outcome if isinstance(outcome, bool) else None

    def run(self, variables: dict[str, Value], run: Run, tested: Value = None) -> Value:
        """Evaluate as part of a larger run, whose budget and warnings it shares."""
        try:
            value = self._code([run, variables, tested, *self._locals])
        except RecursionError:
            raise too_deep() from None
        if type(value) in _MEASURED:
            check_size(value)
        return value

    def check(self, variables: Mapping[str, FeelType | str]) -> tuple[Finding, ...]:
        """What can never work where these variables, and no others, are known.

        A type is given as :class:`~engine.feel.types.FeelType` or by its FEEL name, ``"Any"`` if it is not
        known; ``"?"`` stands for the value that unary tests are about.
        """
        checker = self._checker(variables)
        checker.infer(self.tree)
        return tuple(checker.findings)

    def type(self, variables: Mapping[str, FeelType | str]) -> FeelType:
        """The type of its value where the variables have these types, ``ANY`` if that cannot be told."""
        found = self._checker(variables).infer(self.tree)
        return ANY if found is UNKNOWN else found

    def _checker(self, variables: Mapping[str, FeelType | str]) -> Checker:
        types = {name: read_type(kind) if isinstance(kind, str) else kind for name, kind in variables.items()}
        return Checker(
            self._functions, {name: UNKNOWN if kind is ANY else kind for name, kind in types.items()}
        )

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def compile_expression(
    text: str,
    *,
    names: Iterable[str] | None = None,
    functions: FunctionRegistry | None = None,
    types: Mapping[str, FeelType] | None = None,
) -> Expression:
    """Compile an expression; raises :class:`FeelSyntaxError`.

    ``names`` are the variables known where it stands: those with spaces or signs are read as one name, and a
    variable of that list hides a function of the same name. ``functions`` are the host's, ``types`` the
    user's. What was compiled is kept, so compiling the same text again costs next to nothing.
    """
    return _compiled(text, False, names, functions, types)


def compile_unary_tests(
    text: str,
    *,
    names: Iterable[str] | None = None,
    functions: FunctionRegistry | None = None,
    types: Mapping[str, FeelType] | None = None,
) -> Expression:
    """Compile the unary tests of a decision table's cell; raises :class:`FeelSyntaxError`."""
    return _compiled(text, True, names, functions, types)


def _compiled(
    text: str,
    unary: bool,
    names: Iterable[str] | None,
    functions: FunctionRegistry | None,
    types: Mapping[str, FeelType] | None,
) -> Expression:
    registry = functions if functions is not None else NO_FUNCTIONS
    listed = frozenset(names or ())
    if types is None:
        return _cached(text, unary, listed, registry)
    return _compile(text, unary, listed, registry, types)


@lru_cache(CACHED_EXPRESSIONS)
def _cached(text: str, unary: bool, names: frozenset[str], registry: FunctionRegistry) -> Expression:
    return _compile(text, unary, names, registry, {})


def _compile(
    text: str, unary: bool, names: frozenset[str], registry: FunctionRegistry, types: Mapping[str, FeelType]
) -> Expression:
    functions = {**BUILTINS, **registry}
    try:
        parser = Parser(text, (*_PROPERTY_NAMES, *functions, *names), types)
        tree = parser.whole_unary_tests() if unary else parser.whole_expression()
        return Expression(text, tree, functions, names & functions.keys())
    except RecursionError:
        raise complaints.too_deep(text, 0) from None


def evaluate(
    text: str,
    context: Mapping[str, object] | None = None,
    *,
    now: datetime | None = None,
    functions: FunctionRegistry | None = None,
) -> Value:
    """Compile and evaluate; names with spaces or signs are taken from the context's keys."""
    variables = context or {}
    return compile_expression(text, names=spelled_names(variables), functions=functions).evaluate(
        variables, now=now
    )


def unary_test(
    text: str,
    value: object,
    context: Mapping[str, object] | None = None,
    *,
    now: datetime | None = None,
    functions: FunctionRegistry | None = None,
) -> bool | None:
    """Whether the value passes the unary tests, as a cell of a decision table asks."""
    variables = context or {}
    tests = compile_unary_tests(text, names=spelled_names(variables), functions=functions)
    return tests.test(value, variables, now=now)


def spelled_names(context: object) -> frozenset[str]:
    """The keys in a context, and in the contexts and lists inside it, that are more than one word."""
    return frozenset(name for name in _keys(context, _PLAIN_DEPTH) if not name.isidentifier())


def _keys(value: object, depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(key, str):
                yield key
            yield from _keys(item, depth - 1)
    elif isinstance(value, (list, tuple)):
        for item in value[:20]:
            yield from _keys(item, depth - 1)
