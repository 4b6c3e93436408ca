"""What one evaluation carries along: its budget, its warnings and its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.feel.errors import FeelBudgetExceeded

MAX_STEPS = 200_000
MAX_REGEX_SECONDS = 0.4
CALL_STEPS = 4
FRACTION_STEPS = 12
MAX_CALL_DEPTH = 64
MAX_TEXT = 100_000
FREE_TEXT = 64
"""Building a text costs a step for each so many characters."""
MAX_NESTING = 100
MAX_WARNINGS = 100


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Why a part of an expression gave ``null``.

    ``hard`` tells a defect of the expression (an unknown name, operands that never fit) from what data may
    bring about (a row without the field): a gateway must stop on the first and may go on after the second.
    """

    message: str
    message_en: str
    position: int
    hard: bool = True

    def __str__(self) -> str:
        return f"第 {self.position + 1} 个字符：{self.message}"


class Run:
    """The state of one evaluation.

    ``now`` is the instant the caller evaluates at; without it ``now()`` and ``today()`` give ``null`` and a
    warning, for the language reads no clock of its own.
    """

    __slots__ = ("depth", "now", "regex_seconds", "steps", "warnings")

    def __init__(self, now: datetime | None = None, steps: int = MAX_STEPS) -> None:
        self.now = now
        self.steps = steps
        self.depth = 0
        self.regex_seconds = MAX_REGEX_SECONDS
        self.warnings: list[FeelWarning] = []

    def spend(self, steps: int = 1) -> None:
        """Charge work done or about to be done; raises :class:`FeelBudgetExceeded` when none is left."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelBudgetExceeded(
                "计算量超过上限，请缩小列表或区间", "the evaluation takes more steps than allowed"
            )

    def check_text(self, length: int) -> None:
        """Refuse texts longer than the limit and charge for building the others."""
        if length > MAX_TEXT:
            raise FeelBudgetExceeded(f"文字超过 {MAX_TEXT} 个字符", f"text longer than {MAX_TEXT} characters")
        self.steps -= length // FREE_TEXT

    def enter(self, work: int = 0) -> None:
        """Go one function call deeper, to do so much work there."""
        self.depth += 1
        self.steps -= CALL_STEPS + work
        if self.depth > MAX_CALL_DEPTH:
            raise too_deep()
        if self.steps < 0:
            self.spend(0)

    def leave(self) -> None:
        """Come back from a function call."""
        self.depth -= 1

    def warn(self, message: str, message_en: str, position: int = 0, *, hard: bool = True) -> None:
        """Note why a value is ``null``; beyond the first hundred they are dropped."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(FeelWarning(message, message_en, position, hard))


def too_deep() -> FeelBudgetExceeded:
    """The refusal of calls or values that are nested too deeply."""
    return FeelBudgetExceeded("函数调用或数据嵌套太深", "calls or values nested too deeply")
