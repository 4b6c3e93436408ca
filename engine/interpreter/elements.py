"""The element instances and variables of one running matter, read when needed, written as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import values
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

PROCESS, ELEMENT, BODY, ITERATION = "PROCESS", "ELEMENT", "BODY", "ITERATION"
ACTIVE, INCIDENT = "ACTIVE", "INCIDENT"
COMPLETED, TERMINATED = "COMPLETED", "TERMINATED"
ENTER, COMPLETE, HAPPEN, WATCH = "enter", "complete", "happen", "watch"


@dataclass(slots=True)
class Element:
    """One element instance: a flow node a token stands in, or a scope."""

    key: int
    scope_key: int | None
    element_id: str
    kind: str
    type: str
    state: str
    tokens: int
    loop_index: int | None
    loop_total: int | None
    loop_done: int | None
    entered_at: datetime


_KEPT = ("key", "scope_key", "element_id", "kind", "type", "entered_at")
"""What stays known of an element that has ended."""

_COLUMNS = [getattr(tables.element.c, f.name) for f in fields(Element)]


class Elements:
    """Element instances of one matter by key."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._known: dict[int, Element | None] = {}

    def create(
        self, element_id: str, scope: Element | None, kind: str = ELEMENT, **loop: int | None
    ) -> Element:
        """A new active element in ``scope``; counts as one of its tokens."""
        work = self._execution.work
        key = self._execution.key if scope is None else work.engine.keys.next()
        loop = {"loop_index": None, "loop_total": None, "loop_done": None, **loop}
        scope_key = None if scope is None else scope.key
        tag = self._execution.model.tag(element_id)
        element = Element(key, scope_key, element_id, kind, tag, ACTIVE, 0, entered_at=work.now, **loop)
        self._known[key] = element
        self._execution.scopes.begin(element)
        work.changes.insert(
            tables.element, self._identity(element) | asdict(element) | {"instance_key": self._execution.key}
        )
        if scope is not None:
            self.update(scope, tokens=scope.tokens + 1)
        return element

    def get(self, key: int) -> Element | None:
        """The element with this key, or ``None`` when it has ended."""
        if key not in self._known:
            work = self._execution.work
            statement = select(*_COLUMNS).where(
                tables.element.c.community == work.community, tables.element.c.key == key
            )
            row = work.connection.execute(statement).one_or_none()
            self._known[key] = None if row is None else Element(*row)
        return self._known[key]

    def scope(self, element: Element) -> Element | None:
        """The element instance it lies in."""
        return None if element.scope_key is None else self.get(element.scope_key)

    def chain(self, element: Element) -> list[Element]:
        """The element and everything it lies in, innermost first."""
        found: list[Element] = []
        current: Element | None = element
        while current is not None:
            found.append(current)
            current = self.scope(current)
        return found

    def children(self, scope: Element) -> list[Element]:
        """The active elements directly inside, oldest first."""
        work = self._execution.work
        work.flush()
        statement = select(tables.element.c.key).where(
            tables.element.c.community == work.community, tables.element.c.scope_key == scope.key
        )
        keys = work.connection.execute(statement.order_by(tables.element.c.key)).scalars().all()
        return [child for child in map(self.get, keys) if child is not None]

    def update(self, element: Element, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(element, name, value)
        self._execution.work.changes.update(tables.element, self._identity(element), dict(changes))

    def remove(self, element: Element, state: str = COMPLETED) -> None:
        """The element has ended, completed or terminated; its scope holds one token less."""
        self._known[element.key] = None
        work = self._execution.work
        work.changes.delete(tables.element, self._identity(element))
        kept = {name: getattr(element, name) for name in _KEPT}
        own = {"community": work.community, "instance_key": self._execution.key, **kept}
        work.changes.insert(tables.ended_element, {**own, "state": state, "ended_at": work.now})
        scope = self.scope(element)
        if scope is not None:
            self.update(scope, tokens=scope.tokens - 1)

    def _identity(self, element: Element) -> dict[str, Any]:
        return {"community": self._execution.work.community, "key": element.key}


class Scopes:
    """Variables by scope: seen by everything inside, written to the nearest scope that has them."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._loaded: dict[int, dict[str, Any]] = {}
        self.touched: set[int] = set()

    def take_touched(self) -> set[int]:
        """The scopes whose variables changed since this was last asked."""
        touched, self.touched = self.touched, set()
        return touched

    def begin(self, element: Element) -> None:
        """A new element has no variables yet: nothing to read."""
        self._loaded[element.key] = {}

    def visible(self, element: Element | None) -> dict[str, Any]:
        """All variables an expression at this element can read; inner scopes hide outer ones."""
        merged: dict[str, Any] = {}
        for scope in reversed(self._chain(element)):
            merged.update(scope)
        return merged

    def local(self, element: Element) -> dict[str, Any]:
        """The variables that belong to this very element."""
        self._load([element.key])
        return self._loaded[element.key]

    def set_local(self, element: Element, variables: Mapping[str, Any]) -> None:
        """Create or replace variables in this element's own scope."""
        own = self.local(element)
        work = self._execution.work
        for name, value in variables.items():
            key = {"community": work.community, "scope_key": element.key, "name": name}
            text = values.dump(value)
            if name in own:
                work.changes.update(tables.variable, key, {"value": text})
            else:
                row = {"key": work.engine.keys.next(), "instance_key": self._execution.key, "value": text}
                work.changes.insert(tables.variable, key | row)
            own[name] = value
        if variables:
            self.touched.add(element.key)
            self._execution.record("VARIABLES_CHANGED", element.element_id, secret=variables)

    def propagate(self, element: Element, variables: Mapping[str, Any]) -> None:
        """Write each variable where it lives: the nearest scope that has it, else the outermost reachable.

        What an iteration of a multi-instance writes without an output mapping stays in the iteration, so that
        eight members answering at once do not overwrite one another.
        """
        chain = self._execution.elements.chain(element)
        iteration = next((i for i, scope in enumerate(chain) if scope.kind == ITERATION), None)
        reach = chain if iteration is None else chain[: iteration + 1]
        self._write(reach, variables)

    def publish(self, element: Element, variables: Mapping[str, Any]) -> None:
        """Write what an output mapping names into the scopes around the element, as far as the iteration it is in."""
        around = [s for s in self._execution.elements.chain(element)[1:] if s.kind != BODY]
        iteration = next((i for i, scope in enumerate(around) if scope.kind == ITERATION), len(around))
        self._write(around[: iteration + 1], variables)

    def drop(self, element: Element) -> None:
        """Forget the variables of an element that ended."""
        work = self._execution.work
        for name in self.local(element):
            work.changes.delete(
                tables.variable, {"community": work.community, "scope_key": element.key, "name": name}
            )
        self._loaded.pop(element.key)

    def _write(self, reach: list[Element], variables: Mapping[str, Any]) -> None:
        self._load([scope.key for scope in reach])
        by_scope: dict[int, dict[str, Any]] = {}
        for name, value in variables.items():
            home = next((s for s in reach if name in self._loaded[s.key]), reach[-1])
            by_scope.setdefault(home.key, {})[name] = value
        for scope in reach:
            if scope.key in by_scope:
                self.set_local(scope, by_scope[scope.key])

    def _chain(self, element: Element | None) -> list[dict[str, Any]]:
        if element is None:
            return []
        keys = [scope.key for scope in self._execution.elements.chain(element)]
        self._load(keys)
        return [self._loaded[key] for key in keys]

    def _load(self, keys: Iterable[int]) -> None:
        missing = [key for key in keys if key not in self._loaded]
        if not missing:
            return
        for key in missing:
            self._loaded[key] = {}
        work = self._execution.work
        statement = select(
            tables.variable.c.scope_key, tables.variable.c.name, tables.variable.c.value
        ).where(tables.variable.c.community == work.community, tables.variable.c.scope_key.in_(missing))
        for scope_key, name, text in work.connection.execute(statement):
            self._loaded[scope_key][name] = values.load(text)
