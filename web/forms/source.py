"""One component of a schema as it was written, read with suspicion: what is wrong becomes a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from engine import feel
from web.forms.expressions import Setting, Text, split
from web.forms.fields import Problem
from web.forms.language import _


@dataclass(frozen=True, slots=True)
class Source:
    """A component's JSON, where it is for the reader, and the lists that problems and expressions go to."""

    json: Mapping[str, Any]
    where: str
    problems: list[Problem]
    expressions: list[feel.Expression]
    functions: feel.FunctionRegistry | None = None

    def refuse(self, message: str) -> None:
        self.problems.append(Problem(self.where, message))

    def at(self, json: Mapping[str, Any], where: str) -> Source:
        """Another component of the same schema."""
        return Source(json, where, self.problems, self.expressions, self.functions)

    def part(self, name: str) -> Source:
        """An object inside the component, such as ``validate``; empty when it is missing."""
        found = self.json.get(name)
        if found is not None and not isinstance(found, Mapping):
            self.refuse(_("“%(name)s”应是一个对象。", name=name))
        return self.at(found if isinstance(found, Mapping) else {}, self.where)

    def get(self, *names: str) -> Any:
        """The first of these properties that is set."""
        return next((self.json[name] for name in names if self.json.get(name) not in (None, "")), None)

    def string(self, name: str) -> str:
        return str(self.get(name) or "").strip()

    def expression(self, name: str) -> feel.Expression | None:
        """A property that is FEEL, with or without the leading ``=``."""
        written = self.string(name)
        return self.feel(written.removeprefix("="), name) if written else None

    def feel(self, written: str, name: str) -> feel.Expression | None:
        try:
            compiled = feel.compile(written, functions=self.functions)
        except feel.FeelError as error:
            self.refuse(_("“%(name)s”的表达式有误：%(error)s", name=name, error=error))
            return None
        self.expressions.append(compiled)
        return compiled

    def setting(self, *names: str) -> Setting:
        """A property that is a constant, or FEEL after ``=``."""
        written = self.get(*names)
        if isinstance(written, str) and written.startswith("="):
            return Setting(None, self.feel(written[1:], names[0]))
        return Setting(written)

    def condition(self, name: str) -> Setting:
        """Like :meth:`setting`, for yes and no."""
        found = self.setting(name)
        if found.constant not in (None, True, False):
            self.refuse(_("“%(name)s”应是真、假或以“=”开头的表达式。", name=name))
        return found

    def limit(self, name: str) -> Setting:
        """Like :meth:`setting`, for numbers."""
        found = self.setting(name)
        if found.constant is None:
            return found
        return Setting(self.number(name))

    def number(self, name: str) -> int | Decimal | None:
        """A constant number, written as such or as text."""
        written = self.get(name)
        if written is None:
            return None
        try:
            value = Decimal(str(written).strip())
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.refuse(_("“%(name)s”应是数字。", name=name))
            return None
        return int(value) if value == value.to_integral_value() else value

    def whole(self, name: str) -> int | None:
        """A constant whole number, zero or more."""
        value = self.number(name)
        if value is None or (isinstance(value, int) and value >= 0):
            return value
        self.refuse(_("“%(name)s”应是不小于 0 的整数。", name=name))
        return None

    def text(self, *names: str) -> Text:
        """Words to show, with FEEL after ``=`` or between ``{{`` and ``}}``."""
        written = self.get(*names)
        if written is None:
            return Text()
        parts = [self.feel(piece, names[0]) if computed else piece for computed, piece in split(str(written))]
        return Text(str(written), tuple(part for part in parts if part is not None))
