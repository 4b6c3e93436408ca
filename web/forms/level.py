"""Which names an expression sees, depending on where in the form it stands."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import feel
from web.forms.expressions import ZONE


class _Converted(dict[str, Any]):
    """JSON data as FEEL values, one by one as they are asked for."""

    def __init__(self, source: Mapping[str, Any]) -> None:
        super().__init__()
        self._source = source

    def __missing__(self, name: str) -> Any:
        value = self[name] = feel.from_json(self._source[name])
        return value


@dataclass(slots=True, eq=False)
class Level:
    """The names seen from one place: the process's variables, the form around it, its own row or group.

    Variables are converted when an expression first reads them: a form looks at few of a matter's.
    ``own`` grows while answers are read; ``trusted`` is where locked fields of this place take their value.
    Inside a row or a group with a path, ``this`` is the place itself and ``parent`` the one around it.
    """

    variables: dict[str, Any]
    now: datetime
    trusted: Mapping[str, Any]
    outer: Level | None = None
    own: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, variables: Mapping[str, Any], now: datetime) -> Level:
        """The outermost place of a form, before anything is answered; ``variables`` are JSON data."""
        return cls(_Converted(variables), now, variables)

    def evaluate(self, expression: feel.Expression) -> Any:
        return expression.evaluate(self._names(), now=self.now.astimezone(ZONE))

    def _names(self) -> ChainMap[str, Any]:
        if self.outer is None:
            return ChainMap(self.own, self.variables)
        around = {"this": self.own, "parent": self.outer.own}
        return ChainMap(around, self.own, *self.outer._names().maps)

    def inner(self, trusted: object) -> Level:
        """A place inside this one, for a row or a group with a path."""
        return Level(self.variables, self.now, trusted if isinstance(trusted, Mapping) else {}, self)

    def unanswered(self) -> Level:
        """The same place as it was when the form opened: defaults see the process, not the answers."""
        return Level(self.variables, self.now, self.trusted)
