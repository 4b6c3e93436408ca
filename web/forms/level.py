"""Which names an expression sees, depending on where in the form it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine import feel
from web.forms.expressions import ZONE


@dataclass(slots=True, eq=False)
class Level:
    """The names seen from one place: the process's variables, the form around it, its own row or group.

    ``own`` grows while answers are read; ``trusted`` is where locked fields of this place take their value.
    Inside a row or a group with a path, ``this`` is the place itself and ``parent`` the one around it.
    """

    variables: Mapping[str, Any]
    now: datetime
    trusted: Mapping[str, Any]
    outer: Level | None = None
    own: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, variables: Mapping[str, Any], now: datetime) -> Level:
        """The outermost place of a form, before anything is answered; ``variables`` are JSON data."""
        return cls(feel.from_json(dict(variables)), now, variables)

    def evaluate(self, expression: feel.Expression) -> Any:
        return expression.evaluate(self._names(), now=self.now.astimezone(ZONE))

    def _names(self) -> dict[str, Any]:
        if self.outer is None:
            return {**self.variables, **self.own}
        return {**self.outer._names(), **self.own, "this": self.own, "parent": self.outer.own}

    def inner(self, trusted: object) -> Level:
        """A place inside this one, for a row or a group with a path."""
        return Level(self.variables, self.now, trusted if isinstance(trusted, Mapping) else {}, self)

    def unanswered(self) -> Level:
        """The same place as it was when the form opened: defaults see the process, not the answers."""
        return Level(self.variables, self.now, self.trusted)
