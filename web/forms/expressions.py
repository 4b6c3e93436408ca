"""What a form leaves to be computed: FEEL in properties, in texts and in rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from engine import feel
from web.forms.language import _

ZONE = ZoneInfo("Asia/Shanghai")
"""Dates and times a person types are wall-clock times of this zone."""

_PLACEHOLDER = re.compile(r"{{(.+?)}}", re.DOTALL)
_INSTANT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d)(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d|@\S+)?$"
)


class Scope(Protocol):
    """A place in a form that answers expressions with the names it sees."""

    def evaluate(self, expression: feel.Expression) -> Any: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """A property that is either written down or a FEEL expression."""

    constant: Any = None
    expression: feel.Expression | None = None

    def value(self, scope: Scope) -> Any:
        return self.constant if self.expression is None else scope.evaluate(self.expression)

    def holds(self, scope: Scope) -> bool:
        """Whether the value is ``true``; FEEL's ``null`` (cannot be told) does not hold."""
        return self.value(scope) is True

    def __bool__(self) -> bool:
        """Whether anything is set at all."""
        return self.expression is not None or self.constant is not None


@dataclass(frozen=True, slots=True)
class Text:
    """Words to show: plain, with ``{{FEEL}}`` places in them, or one FEEL expression after ``=``."""

    source: str = ""
    parts: tuple[str | feel.Expression, ...] = ()

    def value(self, scope: Scope) -> str:
        return "".join(part if isinstance(part, str) else shown(scope.evaluate(part)) for part in self.parts)

    def __str__(self) -> str:
        return self.source


UNSET, NO_TEXT = Setting(), Text()


def split(source: str) -> tuple[tuple[bool, str], ...]:
    """The pieces of a text as (is FEEL, text)."""
    if source.startswith("="):
        return ((True, source[1:]),)
    pieces = _PLACEHOLDER.split(source)
    return tuple((index % 2 == 1, piece) for index, piece in enumerate(pieces) if piece)


def shown(value: Any) -> str:
    """A FEEL or JSON value as a person reads it; ``null`` is nothing."""
    match value:
        case None:
            return ""
        case bool():
            return _("是") if value else _("否")
        case list():
            return "、".join(shown(item) for item in value)
        case dict():
            return "；".join(f"{key}：{shown(item)}" for key, item in value.items())
    text = str(feel.to_json(feel.from_python(value)))
    instant = _INSTANT.match(text)
    return f"{instant['date']} {instant['time']}" if instant else text
