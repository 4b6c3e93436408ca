"""Expressions in models: FEEL after an equals sign, a literal without one.

The convention of the zeebe dialect. Everything typed by an administrator passes through here and
is evaluated by :mod:`engine.feel`; nothing is ever run as Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.declarations import Names, kept
from engine.errors import ModelFault
from engine.feel.types import STRING, FeelType

ZONE = ZoneInfo("Asia/Shanghai")


class ExpressionFault(ValueError):
    """The text is not a readable expression; the message is Chinese and names the wrong piece."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. ``program`` is ``None`` for a literal, whose value is ``text``."""

    text: str
    program: feel.Expression | None

    @property
    def is_literal(self) -> bool:
        return self.program is None

    @property
    def names(self) -> frozenset[str]:
        """The variables it reads."""
        return frozenset() if self.program is None else frozenset(self.program.names)

    def check(self, variables: Names) -> tuple[feel.Finding, ...]:
        """What can never work where just these variables are known."""
        return () if self.program is None else self.program.check(variables)

    def type(self, variables: Names) -> FeelType:
        """The type of the variable its value becomes."""
        return STRING if self.program is None else kept(self.program.type(variables))

    def evaluate(self, variables: Mapping[str, Any], now: datetime) -> Any:
        """Its value as JSON-ready data (temporal values as their FEEL text).

        Raises :class:`~engine.errors.ModelFault` when a name is unknown or a value has the wrong type:
        a misspelt name must become an incident, not a silent ``null``.
        """
        if self.program is None:
            return self.text
        read = [*self.program.names, *self.program.row_names]
        context = {name: feel.from_json(variables[name]) for name in read if name in variables}
        try:
            found = self.program.evaluate_with_warnings(context, now=now.astimezone(ZONE))
        except feel.FeelError as fault:
            raise ModelFault(f"表达式“{self.text}”无法求值：{fault}") from fault
        if found.hard_warnings:
            raise ModelFault(f"表达式“{self.text}”无法求值：{found.hard_warnings[0].message}")
        return feel.to_json(found.value)


class Expressions:
    """Reads expressions against the functions the product registered."""

    def __init__(self, functions: feel.FunctionRegistry | None = None) -> None:
        self.functions = functions or feel.FunctionRegistry()

    def parse(self, text: str) -> Expression:
        """An expression, or :class:`ExpressionFault`."""
        text = text.strip()
        if not text.startswith("="):
            return Expression(text, None)
        try:
            # A blank in place of the equals sign, so that positions in messages count from the text as typed.
            return Expression(text, feel.compile(" " + text[1:], functions=self.functions))
        except feel.FeelError as fault:
            raise ExpressionFault(str(fault)) from fault


def as_names(value: Any) -> list[str]:
    """Names given as a comma-separated text or as a list."""
    if value is None:
        return []
    parts: Iterable[Any] = value.split(",") if isinstance(value, str) else value
    return [str(part).strip() for part in parts if str(part).strip()]
