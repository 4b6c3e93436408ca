"""One running matter inside one transaction: its token moves from wait state to wait state.

A step is *enter* (a token came to a flow node) or *complete* (what the node waited for has happened).
Steps queue up and run one after the other, so nothing recurses and a runaway model meets its budget.
A step that cannot go on leaves the token where it is and raises an incident.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from engine import history, incidents
from engine.errors import ModelFault, Refusal, WrongState
from engine.interpreter import behaviors, calls, human, loops, triggers
from engine.interpreter.conditions import Conditions
from engine.interpreter.elements import (
    ACTIVE,
    BODY,
    COMPLETE,
    ELEMENT,
    ENTER,
    HAPPEN,
    INCIDENT,
    ITERATION,
    PROCESS,
    TERMINATED,
    WATCH,
    Element,
    Elements,
)
from engine.interpreter.joins import Joins
from engine.interpreter.model import Flow, Node, NodeType, ProcessModel
from engine.interpreter.scopes import Scopes
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done with an element instance."""

    action: str
    element: Element
    results: Mapping[str, Any] = field(default_factory=dict)
    event_id: str = ""


Memory = tuple[dict[str, Any], list[Step]]


class Execution:
    """The engine's hands on one process instance."""

    def __init__(self, work: Work, row: dict[str, Any], model: ProcessModel) -> None:
        self.work = work
        self.row = row
        self.model = model
        self.key: int = row["key"]
        self.elements = Elements(self)
        self.scopes = Scopes(self)
        self.joins = Joins(self)
        self.conditions = Conditions(self)
        self._todo: deque[Step] = deque()
        self._worked = False
        self._calls: int | None = None
        self._changed: dict[str, Any] = {}

    # -- the loop ----------------------------------------------------------------------------------

    def queue(self, action: str, element: Element, results: Mapping[str, Any] | None = None) -> None:
        """Let a step happen after those already waiting."""
        self._todo.append(Step(action, element, results or {}))

    def receive(self, element_key: int, event_id: str, variables: Mapping[str, Any]) -> None:
        """An event that an element waits for has come; it takes effect in its turn."""
        host = self.elements.get(element_key)
        if host is not None:
            self._todo.append(Step(HAPPEN, host, variables, event_id))

    def run(self) -> bool:
        """Do all waiting steps; whether there were any."""
        worked = bool(self._todo)
        if worked:
            self.require_awake()
        self._worked = self._worked or worked
        while self._todo:
            step = self._todo.popleft()
            if self.elements.get(step.element.key) is not step.element:
                continue  # it ended meanwhile
            try:
                self.work.budget.step()
                _STEPS[step.action](self, step)
            except (ModelFault, Refusal) as fault:
                self._fault(step, "MODEL", str(fault))
            except SQLAlchemyError:
                raise  # the transaction cannot go on
            except Exception as failure:  # noqa: BLE001 - a member's action must not fail by a later step
                _log.exception("a step of %s failed", self.row["matter_no"])
                sentence = (
                    f"引擎在这一步出错:{type(failure).__name__}: {failure}。请把这条信息交给系统管理员。"
                )
                self._fault(step, "ENGINE", sentence)
            self.conditions.look()
        return worked

    def _fault(self, step: Step, kind: str, message: str) -> None:
        """The token stays where it is, with all that is needed to try the step again."""
        if step.action == ENTER:
            self.stop_waiting(step.element)
        self.elements.update(step.element, state=INCIDENT)
        incidents.raise_(
            self, step.element, step.action, kind, message, event_id=step.event_id, results=step.results
        )

    # -- life of an element ------------------------------------------------------------------------

    def start(self, variables: Mapping[str, Any]) -> Element:
        """Begin the root scope with its variables; the token is set by :meth:`begin_scope`."""
        root = self.elements.create(self.model.process_id, None, PROCESS)
        self.scopes.set_local(root, variables)
        return root

    def begin_scope(self, scope: Element, start: Node) -> Element:
        """Put a token on a start event of the scope and listen for its event sub-processes."""
        triggers.listen_in_scope(self, scope)
        return self.elements.create(start.id, scope)

    def node(self, element: Element) -> Node:
        return self.model.nodes[element.element_id]

    def calls_other(self, element: Element) -> bool:
        """Whether another matter may run in the place of this element."""
        node = self.model.nodes.get(element.element_id)
        return node is not None and node.type is NodeType.CALL_ACTIVITY

    def next_call(self) -> int:
        """The number of the next instance this matter calls, from 1."""
        self._calls = (calls.count(self) if self._calls is None else self._calls) + 1
        return self._calls

    def enter(self, step: Step) -> None:
        element, node = step.element, self.node(step.element)
        if node.loop is not None and element.kind == ELEMENT:
            loops.enter_body(self, element, node)
            return
        self.record("ELEMENT_ENTERED", node.id)
        if node.inputs:
            behaviors.apply_inputs(self, element, node)
        if element.kind != ITERATION:
            triggers.listen_at_boundary(self, element, node)
        behaviors.ENTER[node.type](self, element, node)

    def happen(self, step: Step) -> None:
        """An event came that the element waited for."""
        triggers.happen(self, step.element, step.event_id, step.results)

    def watch(self, step: Step) -> None:
        """Look again at the conditions the element waits for."""
        self.scopes.touched.add(step.element.key)

    def complete(self, step: Step) -> None:
        """The node has done its work: map its results, move the token on."""
        element, node = step.element, self.node(step.element)
        if element.kind == BODY:
            loops.gather(self, element, node)
        else:
            behaviors.apply_results(self, element, node, step.results)
        if element.kind == ITERATION:
            loops.iteration_done(self, element, node)
            return
        flows = behaviors.leave(self, element, node)
        self.record("ELEMENT_COMPLETED", node.id)
        self.stop_waiting(element)
        for flow in flows:
            self.take(flow, element)
        self.end(element)

    def take(self, flow: Flow, element: Element) -> None:
        """Let a token pass a sequence flow out of ``element``'s scope position."""
        self.record("FLOW_TAKEN", flow.id)
        scope = self.elements.scope(element)
        assert scope is not None
        self.joins.arrive(flow, scope)

    def end(self, element: Element) -> None:
        """Remove an element; a scope without tokens completes."""
        scope = self.elements.scope(element)
        self.scopes.drop(element)
        self.elements.remove(element)
        if scope is not None:
            self.joins.token_left(scope)
            if scope.tokens == 0:
                self._scope_done(scope)

    def _scope_done(self, scope: Element) -> None:
        if scope.kind == PROCESS:
            self.finish("COMPLETED")
        elif scope.kind != BODY:
            self.queue(COMPLETE, scope)

    def stop(self, reason: str = "") -> None:
        """End the whole matter without completing it."""
        root = self.elements.get(self.key)
        if root is not None:
            self.terminate(root)
        self.finish("TERMINATED", {"reason": reason} if reason else {})

    def finish(self, state: str, told: Mapping[str, Any] | None = None) -> None:
        """The whole matter has ended; who called it goes on if it has completed."""
        if state == "COMPLETED":
            calls.answer(self)
        root = self.elements.get(self.key)
        if root is not None:
            self.stop_waiting(root)
            self.elements.remove(root, state)
        self.change(state=state, ended_at=self.work.now, suspended_at=None)
        self.record(f"INSTANCE_{state}", self.model.process_id, told)

    def terminate(self, element: Element) -> None:
        """End an element and everything in it without completing it."""
        self._terminate(element, human.open_tasks(self, element))

    def clear(self, scope: Element, spare: Element | None = None) -> None:
        """End everything in a scope, but for one element, without completing it."""
        tasks = human.open_tasks(self, scope)
        for child in self.elements.children(scope):
            if child is not spare:
                self._terminate(child, tasks)

    def _terminate(self, element: Element, tasks: Mapping[int, list[int]]) -> None:
        if element.tokens or element.kind in (BODY, PROCESS) or self.node(element).is_scope:
            for child in self.elements.children(element):
                self._terminate(child, tasks)
            self.joins.forget(element)
        if element.kind != BODY and self.calls_other(element):
            calls.terminate(self, element)
        self.stop_waiting(element)
        for key in tasks.get(element.key, ()):
            human.withdraw(self, element, key)
        if element.state == INCIDENT:
            incidents.close(self, element)
        self.scopes.drop(element)
        self.elements.remove(element, TERMINATED)
        if element.kind != BODY:
            self.record("ELEMENT_TERMINATED", element.element_id)

    def stop_waiting(self, element: Element) -> None:
        """Cancel an element's timers, subscriptions and jobs."""
        for table in triggers.waiting_tables(self, element):
            self.work.changes.purge(table, self._within(element_key=element.key))
        self.conditions.forget(element.key)

    def resume(self, element: Element, action: str, event_id: str, results: Mapping[str, Any]) -> None:
        """Try again what an incident had stopped."""
        self.elements.update(element, state=ACTIVE)
        self._todo.append(Step(action, element, results, event_id))

    # -- the instance's own row ----------------------------------------------------------------------

    @property
    def title_variable(self) -> str | None:
        return self.model.properties.get("gov.title")

    def change(self, **columns: Any) -> None:
        """Change columns of the instance's row."""
        self.row.update(columns)
        self._changed.update(columns)

    def record(
        self,
        kind: str,
        element_id: str,
        data: Mapping[str, Any] | None = None,
        secret: Mapping[str, Any] | None = None,
    ) -> int:
        """Append an event to the matter's history; ``secret`` values stand beside the chain."""
        return history.append(self, kind, element_id, data or {}, secret or {})

    def save(self) -> None:
        """Hand the row's changes to the transaction."""
        root = self.elements.get(self.key) if self._worked else None
        if root is not None and self.title_variable:
            title = self.scopes.local(root).get(self.title_variable)
            if title and title != self.row["title"]:
                self.change(title=str(title)[:500])
        if self._changed:
            self.change(row_version=self.row["row_version"] + 1)
            self.work.changes.update(tables.instance, self._within(key=self.key), self._changed)
            self._changed = {}

    def remember(self) -> Memory:
        """What :meth:`restore` needs; everything is written when this is asked."""
        return dict(self.row), list(self._todo)

    def restore(self, memory: Memory | None) -> None:
        """Forget what has happened since, of which nothing is in the database any longer."""
        self.row, todo = memory or (self.row, [])
        self._todo = deque(todo)
        self._changed = {}

    def _within(self, **columns: Any) -> dict[str, Any]:
        return {"community": self.work.community, **columns}

    @property
    def has_moved(self) -> bool:
        """Whether it has done any step in this transaction."""
        return self._worked

    @property
    def is_active(self) -> bool:
        return bool(self.row["state"] == "ACTIVE")

    @property
    def is_resting(self) -> bool:
        return self.row["suspended_at"] is not None

    def require_awake(self) -> None:
        """Nothing moves in a matter that rests."""
        if self.is_resting:
            raise WrongState("这件事项已暂停办理，恢复之后才能继续。")

    def require_active(self) -> None:
        """It neither has ended nor rests."""
        if not self.is_active:
            raise WrongState("这件事项已经结束，不能再调整。")
        self.require_awake()


_STEPS = {
    ENTER: Execution.enter,
    COMPLETE: Execution.complete,
    HAPPEN: Execution.happen,
    WATCH: Execution.watch,
}
