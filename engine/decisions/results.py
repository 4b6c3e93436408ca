"""What an evaluation answers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.feel.runtime import FeelWarning
from engine.feel.text import shown
from engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class CellTrace:
    """One condition that was looked at: the column, its value, the test and the verdict."""

    column: str
    value: Value
    test: str
    matched: bool

    def __str__(self) -> str:
        return f"“{self.column}”为 {shown(self.value)}，{'符合' if self.matched else '不符合'} {self.test or '-'}"


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule, counted from 1: whether it matched, and the conditions looked at up to the first that failed.

    ``matched`` is ``None`` for a rule that was not looked at, because the policy had its answer before.
    """

    number: int
    id: str
    matched: bool | None
    cells: tuple[CellTrace, ...] = ()

    @property
    def why(self) -> str:
        """The reason in a Chinese sentence."""
        if self.matched is None:
            return f"规则 {self.number} 未判断：前面的规则已经成立"
        decisive = self.cells if self.matched else self.cells[-1:]
        reasons = "；".join(map(str, decisive)) or "没有条件"
        return f"规则 {self.number} {'成立' if self.matched else '不成立'}：{reasons}"


@dataclass(frozen=True, slots=True)
class TableTrace:
    """How a decision table came to its answer."""

    table: str
    hit_policy: str
    rules: tuple[RuleTrace, ...]

    @property
    def matched(self) -> tuple[int, ...]:
        """The numbers of the rules that matched."""
        return tuple(rule.number for rule in self.rules if rule.matched)


@dataclass(frozen=True, slots=True)
class Result:
    """A value, the decision tables on the way to it (by the name of their decision), and the warnings."""

    value: Value
    trace: TableTrace | None
    tables: Mapping[str, TableTrace]
    warnings: tuple[FeelWarning, ...]

    @property
    def matched(self) -> tuple[int, ...]:
        """The numbers of the rules of the decision asked for that matched, from 1."""
        return self.trace.matched if self.trace is not None else ()

    @property
    def rules(self) -> tuple[RuleTrace, ...]:
        """For each rule of the decision asked for, whether it matched and why."""
        return self.trace.rules if self.trace is not None else ()

    @property
    def hard_warnings(self) -> tuple[FeelWarning, ...]:
        """The warnings that tell of a defect: the value must not be acted on."""
        return tuple(warning for warning in self.warnings if warning.hard)
