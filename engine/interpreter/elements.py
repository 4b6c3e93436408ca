"""The element instances of one running matter, read when needed, written as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CTE, bindparam, select

from engine.store import tables
from engine.store.statements import Query

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

_FIELDS = tuple(field.name for field in fields(Element))
_COLUMNS = [tables.element.c[name] for name in _FIELDS]
_own = tables.element.c.community == bindparam("community")


def outwards(innermost: Any) -> CTE:
    """The element with a key (a column expression) and everything it lies in."""
    first = select(*_COLUMNS).where(_own, tables.element.c.key == innermost).cte("outwards", recursive=True)
    return first.union_all(select(*_COLUMNS).where(_own, tables.element.c.key == first.c.scope_key))


_OUTWARDS = Query(select(outwards(bindparam("key"))))
_CHILDREN = Query(
    select(*_COLUMNS)
    .where(_own, tables.element.c.scope_key == bindparam("scope"))
    .order_by(tables.element.c.key)
)


class Elements:
    """Element instances of one matter by key."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._known: dict[int, Element | None] = {}
        self._ended: set[int] = set()

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
        row = {name: getattr(element, name) for name in _FIELDS}
        own = {"community": work.community, "instance_key": self._execution.key}
        work.changes.insert(tables.element, own | row)
        if scope is not None:
            self.update(scope, tokens=scope.tokens + 1)
        return element

    def get(self, key: int) -> Element | None:
        """The element with this key, or ``None`` when it has ended; what it lies in is read with it."""
        if key not in self._known:
            work = self._execution.work
            self._known[key] = None
            self.know(_OUTWARDS.all(work.connection, {"community": work.community, "key": key}))
        return self._known[key]

    def know(self, rows: Iterable[Any]) -> list[int]:
        """Remember rows just read, unless something newer is known of them already; their keys."""
        keys = []
        for row in rows:
            keys.append(row.key)
            if self._known.get(row.key) is None and row.key not in self._ended:
                self._known[row.key] = Element(*row)
        return keys

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
        rows = _CHILDREN.all(work.connection, {"community": work.community, "scope": scope.key})
        return [child for child in map(self._known.get, self.know(rows)) if child is not None]

    def update(self, element: Element, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(element, name, value)
        self._execution.work.changes.update(tables.element, self._identity(element), dict(changes))

    def remove(self, element: Element, state: str = COMPLETED) -> None:
        """The element has ended, completed or terminated; its scope holds one token less."""
        self._known[element.key] = None
        self._ended.add(element.key)
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
