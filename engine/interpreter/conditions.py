"""Conditional events: they happen when their condition becomes true.

A condition is looked at when its event begins to wait and whenever a variable it can see changes in the
same matter; nothing polls. It happens once each time it turns from false to true (BPMN 2.0, 10.5.5). A
condition that reads a variable nobody has set yet does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine import incidents
from engine.errors import ModelFault
from engine.interpreter.elements import WATCH, Element
from engine.interpreter.model import EventKind, Node
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution


@dataclass(slots=True)
class _Waiting:
    """One event that waits; ``satisfied`` is ``None`` when its condition could not be evaluated."""

    key: int
    element_key: int
    event_id: str
    satisfied: bool | None


class Conditions:
    """The conditional events of one matter, read once some variable has changed."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._known: dict[int, _Waiting] | None = None

    def wait(self, host: Element, node: Node) -> None:
        """Let ``host`` wait for the condition of ``node``; it is looked at for the first time after this step."""
        work = self._execution.work
        key = work.engine.keys.next()
        row = {
            "community": work.community,
            "key": key,
            "instance_key": self._execution.key,
            "element_key": host.key,
            "event_id": node.id,
            "kind": EventKind.CONDITIONAL.value,
            "name": "",
            "correlation_key": str(self._execution.key),  # only its own matter can make it true
            "satisfied": False,
        }
        work.changes.insert(tables.subscription, row)
        if self._known is not None:
            self._known[key] = _Waiting(key, host.key, node.id, False)
        self._execution.scopes.touched.add(host.key)

    def forget(self, host_key: int, event_id: str | None = None) -> None:
        """The element waits no longer, or not for this event."""
        known = self._known or {}
        for waiting in list(known.values()):
            if waiting.element_key == host_key and event_id in (None, waiting.event_id):
                del known[waiting.key]

    def look(self) -> None:
        """Let happen what the variables changed since the last look have made true."""
        execution = self._execution
        touched = execution.scopes.take_touched()
        if not touched or not execution.model.has_conditions:
            return
        for waiting in list(self._all().values()):
            host = execution.elements.get(waiting.element_key)
            if host is not None and not touched.isdisjoint(e.key for e in execution.elements.chain(host)):
                self._look_at(waiting, host)

    def _look_at(self, waiting: _Waiting, host: Element) -> None:
        execution, before = self._execution, waiting.satisfied
        try:
            waiting.satisfied = self._holds(waiting, host)
        except ModelFault as fault:
            waiting.satisfied = None
            if before is not None:
                incidents.raise_(execution, host, WATCH, "MODEL", str(fault))
        if waiting.satisfied == before:
            return
        key = {"community": execution.work.community, "key": waiting.key}
        execution.work.changes.update(tables.subscription, key, {"satisfied": waiting.satisfied})
        if waiting.satisfied:
            execution.record("CONDITION_MET", waiting.event_id)
            execution.receive(host.key, waiting.event_id, {})

    def _holds(self, waiting: _Waiting, host: Element) -> bool:
        event = self._execution.model.nodes[waiting.event_id].event
        assert event is not None
        assert event.expression is not None
        visible = self._execution.scopes.visible(host)
        if not event.expression.names <= visible.keys():
            return False
        return event.expression.evaluate(visible, self._execution.work.now) is True

    def _all(self) -> dict[int, _Waiting]:
        if self._known is None:
            work, table = self._execution.work, tables.subscription
            work.flush()
            match = (
                table.c.community == work.community,
                table.c.kind == EventKind.CONDITIONAL.value,
                table.c.name == "",
                table.c.correlation_key == str(self._execution.key),
            )
            columns = (table.c.key, table.c.element_key, table.c.event_id, table.c.satisfied)
            rows = work.connection.execute(select(*columns).where(*match).order_by(table.c.key))
            self._known = {row.key: _Waiting(*row) for row in rows}
        return self._known
