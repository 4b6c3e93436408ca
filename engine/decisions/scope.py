"""What the evaluators of a model share while it is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.decisions.results import TableTrace
from engine.feel.runtime import Run
from engine.feel.values import Value


@dataclass(slots=True)
class Session:
    """One evaluation of a model: one budget for all of it, and the traces of its tables."""

    run: Run
    tables: dict[str, TableTrace] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables an expression sees."""

    session: Session
    variables: dict[str, Value]

    @property
    def run(self) -> Run:
        """The budget, warnings and clock of the evaluation."""
        return self.session.run

    def extended(self, **added: Value) -> Scope:
        """This scope with more variables."""
        return self.with_variables(added)

    def with_variables(self, added: dict[str, Value]) -> Scope:
        """This scope with more variables, which hide those of the same name."""
        return Scope(self.session, {**self.variables, **added})


Evaluator = Callable[[Scope], Value]
