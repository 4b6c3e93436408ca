"""From definitions to evaluators: FEEL texts and boxed expressions compiled once for a model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.decisions.scope import Evaluator, Scope
from engine.decisions.types import TypeTable
from engine.feel.checker import Finding
from engine.feel.errors import FeelSyntaxError
from engine.feel.expression import Expression, compile_expression, compile_unary_tests
from engine.feel.registry import FunctionRegistry
from engine.feel.runtime import Run
from engine.feel.text import shown
from engine.feel.types import ANY, FeelType, convert
from engine.feel.values import Value

_NOTHING = ("", "-")


@dataclass(frozen=True, slots=True)
class Problem:
    """A FEEL text of the model that cannot be read, or can never work: where it stands and why."""

    element: str
    text: str
    error: FeelSyntaxError | Finding

    def __str__(self) -> str:
        return f"“{self.element}”里的表达式 {self.text!r}：{self.error}"


class Compiler:
    """Compiles the expressions of one model.

    A text that is not FEEL does not make the whole model unusable: it is noted in ``problems``, and whatever
    needs it is ``null`` with a hard warning.
    """

    def __init__(self, types: TypeTable, plain_types: TypeTable, functions: FunctionRegistry) -> None:
        self.types = types
        self.plain_types = plain_types
        self.functions = functions
        self.problems: list[Problem] = []
        self.findings: list[Problem] = []
        self.owner = ""
        self.names: frozenset[str] = frozenset()
        self.variables: Mapping[str, FeelType] = {}
        self.reads: dict[str, int] = {}

    def begin(self, owner: str, variables: Mapping[str, FeelType], fields: Iterable[str]) -> dict[str, int]:
        """Turn to a decision or function, which sees these variables, whose values may have these fields.

        Gives the names it will turn out to read.
        """
        self.owner, self.variables, self.reads = owner, variables, {}
        self.names = frozenset(variables).union(fields)
        return self.reads

    # --- FEEL texts -----------------------------------------------------------------------------------

    def text(self, text: str) -> Evaluator:
        """An expression; none at all and ``-`` are ``null``."""
        if text in _NOTHING:
            return nothing
        compiled = self._compiled(compile_expression, text)
        if isinstance(compiled, Expression):
            return lambda scope: compiled.run(scope.variables, scope.run)
        return compiled

    def tests(self, text: str, tested: FeelType = ANY) -> Callable[[Scope, Value], bool]:
        """Unary tests: whether a value, of that type as far as known, passes them."""
        if text in _NOTHING:
            return lambda scope, value: True
        compiled = self._compiled(compile_unary_tests, text, {"?": tested})
        if isinstance(compiled, Expression):
            return lambda scope, value: compiled.run(scope.variables, scope.run, value) is True
        return lambda scope, value: compiled(scope) is True

    def _compiled(
        self,
        compile_text: Callable[..., Expression],
        text: str,
        more: Mapping[str, FeelType] = MappingProxyType({}),
    ) -> Expression | Evaluator:
        try:
            expression = compile_text(
                text, names=self.names, functions=self.functions, types=self.plain_types
            )
        except FeelSyntaxError as error:
            self.problems.append(Problem(self.owner, text, error))
            return _broken(self.owner, error)
        for name, position in expression.names.items():
            self.reads.setdefault(name, position)
        for finding in expression.check({**self.variables, **more}):
            self.findings.append(Problem(self.owner, text, finding))
        return expression

    # --- types ----------------------------------------------------------------------------------------

    def type(self, reference: str) -> FeelType:
        """The type a reference means; one nobody declared admits everything."""
        return self.types.of(reference) or ANY

    def typed(self, evaluate: Evaluator, reference: str, what: str) -> Evaluator:
        """The evaluator with its value converted to the declared type."""
        wanted = self.type(reference)
        if wanted is ANY:
            return evaluate
        return lambda scope: conform(evaluate(scope), wanted, scope.run, what)


def conform(value: Value, wanted: FeelType, run: Run, what: str) -> Value:
    """The value converted to a type, or ``null`` and a warning (DMN 1.5, section 10.3.2.9.4)."""
    if value is None or wanted is ANY or type(value) in wanted.quick:
        return value
    converted = convert(value, wanted, run)
    if converted is None:
        run.warn(f"“{what}”应为 {wanted}，得到的是 {shown(value)}", f"{what!r} is not of type {wanted}")
    return converted


def nothing(scope: Scope) -> Value:
    """The evaluator of what is not there."""
    return None


def _broken(owner: str, error: FeelSyntaxError) -> Evaluator:
    def refuse(scope: Scope) -> Value:
        scope.run.warn(f"“{owner}”里的表达式写错了：{error}", error.message_en, error.position)
        return None

    return refuse
