"""Events that a token, a boundary or a scope waits for, and what happens when they come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from engine import messages
from engine.bell import Topic
from engine.errors import ModelFault
from engine.interpreter import calls
from engine.interpreter.elements import BODY, COMPLETE, ITERATION, PROCESS, Element
from engine.interpreter.model import EventKind, Node, NodeType
from engine.store import tables
from engine.timing import Plan, next_plan, plan

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

_TABLES: dict[EventKind, Table] = {
    EventKind.TIMER: tables.timer,
    EventKind.MESSAGE: tables.subscription,
    EventKind.SIGNAL: tables.subscription,
    EventKind.CONDITIONAL: tables.subscription,
}

# -- waiting -----------------------------------------------------------------------------------------


def listen(execution: Execution, host: Element, node: Node) -> None:
    """Let ``host`` wait for the event of ``node`` (itself, its boundary event, a start in its scope)."""
    event = node.event
    if event is None or event.kind not in _TABLES:
        return
    if event.kind is EventKind.TIMER:
        _insert_timer(execution, host.key, node.id, _plan(execution, host, node))
        return
    if event.kind is EventKind.CONDITIONAL:
        execution.conditions.wait(host, node)
        return
    key = ""
    if event.correlation_key is not None:
        value = event.correlation_key.evaluate(execution.scopes.visible(host), execution.work.now)
        if value is None:
            raise ModelFault(f"消息“{event.name}”的关联键“{event.correlation_key.text}”为空，无法等待。")
        key = str(value)
    messages.subscribe(execution, host, node.id, event.kind, event.name, key)


def listen_at_boundary(execution: Execution, host: Element, node: Node) -> None:
    """An activity has begun: its boundary events wait with it."""
    for boundary in execution.model.boundary_events(node.id):
        listen(execution, host, boundary)


def listen_in_scope(execution: Execution, scope: Element) -> None:
    """A scope has begun: the start events of its event sub-processes wait."""
    for sub_process in execution.model.event_sub_processes(scope.element_id):
        listen(execution, scope, execution.model.start(sub_process.id))


def waiting_tables(execution: Execution, element: Element) -> set[Table]:
    """Where rows of this element may wait."""
    found = {_TABLES[e.event.kind] for e in hosted(execution, element) if e.event and e.event.kind in _TABLES}
    node = execution.model.nodes.get(element.element_id)
    return found | (_job_tables(node) if node is not None and node.job_type else set())


def _job_tables(node: Node) -> set[Table]:
    return {tables.external_job if node.is_external else tables.job}


def hosted(execution: Execution, element: Element) -> Iterator[Node]:
    """The events an element waits for: its own, at its boundary, behind it, at the starts in its scope."""
    model = execution.model
    node = model.nodes.get(element.element_id)
    if node is not None and element.kind != ITERATION:
        yield from model.boundary_events(node.id)
    if node is not None and element.kind != BODY:
        yield node
    if node is not None and node.type is NodeType.EVENT_BASED:
        yield from (model.nodes[flow.target] for flow in model.outgoing(node.id))
    for sub_process in model.event_sub_processes(element.element_id):
        yield from model.start_events(sub_process.id)


def _plan(execution: Execution, host: Element, node: Node) -> Plan:
    event = node.event
    assert event is not None
    if event.expression is None or event.timer is None:
        raise ModelFault(f"定时事件“{node.name}”没有写时间。")
    now = execution.work.now
    value = event.expression.evaluate(execution.scopes.visible(host), now)
    if value is None:
        raise ModelFault(f"定时事件“{node.name}”的时间“{event.expression.text}”为空。")
    return plan(event.timer, value, now)


def _insert_timer(execution: Execution, element_key: int, event_id: str, planned: Plan) -> None:
    row = {
        "community": execution.work.community,
        "key": execution.work.engine.keys.next(),
        "instance_key": execution.key,
        "element_key": element_key,
        "event_id": event_id,
        **asdict(planned),
    }
    execution.work.changes.insert(tables.timer, row)
    execution.work.tell(Topic.DUE, planned.due_at)


# -- happening ---------------------------------------------------------------------------------------


def timer_fired(execution: Execution, timer: Mapping[str, Any]) -> None:
    """A timer's instant has come; its row goes, the next repetition is set."""
    work = execution.work
    work.changes.delete(tables.timer, {"community": timer["community"], "key": timer["key"]})
    host = execution.elements.get(timer["element_key"])
    if host is None:
        return
    following = next_plan(Plan(timer["due_at"], timer["repetitions"], timer["cycle"]), work.now)
    if following is not None:
        _insert_timer(execution, host.key, timer["event_id"], following)
    execution.record("TIMER_FIRED", timer["event_id"], {"due_at": timer["due_at"].isoformat()})
    execution.receive(host.key, timer["event_id"], {})


def happen(execution: Execution, host: Element, event_id: str, variables: Mapping[str, Any]) -> None:
    """What ``host`` waited for has come: move on, interrupt, or begin an event sub-process."""
    node = execution.model.nodes[event_id]
    if node.type is NodeType.BOUNDARY:
        _boundary(execution, host, node, variables)
    elif node.type is NodeType.START:
        _event_sub_process(execution, host, node, variables)
    elif execution.node(host).type is NodeType.EVENT_BASED:
        _chosen(execution, host, node, variables)
    else:
        execution.queue(COMPLETE, host, variables)


def _boundary(execution: Execution, host: Element, node: Node, variables: Mapping[str, Any]) -> None:
    scope = execution.elements.scope(host)
    assert scope is not None
    token = execution.elements.create(node.id, scope)
    if node.interrupting:
        execution.terminate(host)
        execution.joins.token_left(scope)
    execution.queue(COMPLETE, token, variables)


def _event_sub_process(
    execution: Execution, scope: Element, start: Node, variables: Mapping[str, Any]
) -> None:
    sub_process = execution.model.nodes[start.scope]
    if start.interrupting:
        execution.clear(scope)
        execution.joins.forget(scope)
        execution.elements.update(scope, tokens=0)
        _stop_starts(execution, scope)
    inner = execution.elements.create(sub_process.id, scope)
    execution.scopes.set_local(inner, variables)
    execution.record("ELEMENT_ENTERED", sub_process.id)
    token = execution.begin_scope(inner, start)
    execution.queue(COMPLETE, token, variables)


def _stop_starts(execution: Execution, scope: Element) -> None:
    """Once a scope is interrupted none of its other event sub-processes may begin."""
    for sub_process in execution.model.event_sub_processes(scope.element_id):
        for start in execution.model.start_events(sub_process.id):
            for table in set(_TABLES.values()):
                match = {
                    "community": execution.work.community,
                    "element_key": scope.key,
                    "event_id": start.id,
                }
                execution.work.changes.purge(table, match)
            execution.conditions.forget(scope.key, start.id)


def _chosen(execution: Execution, gateway: Element, node: Node, variables: Mapping[str, Any]) -> None:
    scope = execution.elements.scope(gateway)
    assert scope is not None
    token = execution.elements.create(node.id, scope)
    flow = next(f for f in execution.model.outgoing(gateway.element_id) if f.target == node.id)
    execution.record("FLOW_TAKEN", flow.id)
    execution.record("ELEMENT_COMPLETED", gateway.element_id)
    execution.stop_waiting(gateway)
    execution.scopes.drop(gateway)
    execution.elements.remove(gateway)
    execution.queue(COMPLETE, token, variables)


# -- errors and escalations ----------------------------------------------------------------------------


def throw(
    execution: Execution, source: Element, kind: EventKind, code: str, variables: Mapping[str, Any]
) -> bool:
    """Look outwards for a boundary event or event sub-process that catches the code; whether one did.

    Of a scope its event sub-processes are asked first, but not the one the error comes out of, then its
    boundary; what a called matter does not catch is looked for around the call activity.
    """
    inside = ""
    for element in execution.elements.chain(source):
        starts = [
            start
            for sub_process in execution.model.event_sub_processes(element.element_id)
            for start in execution.model.start_events(sub_process.id)
            if sub_process.id != inside
        ]
        start = _matching(starts, kind, code)
        if start is not None and element.kind != BODY:
            _event_sub_process(execution, element, start, variables)
            return True
        boundary = _matching(execution.model.boundary_events(element.element_id), kind, code)
        if boundary is not None and element.kind not in (ITERATION, PROCESS):
            _boundary(execution, element, boundary, variables)
            return True
        inside = element.element_id
    found = calls.caller(execution)
    return found is not None and throw(*found, kind, code, variables)


def _matching(nodes: Any, kind: EventKind, code: str) -> Node | None:
    """The event that names this code, else one that catches every code."""
    events: list[Node] = [n for n in nodes if n.event is not None and n.event.kind is kind]
    exact = [n for n in events if n.event is not None and n.event.name == code]
    every = [n for n in events if n.event is not None and not n.event.name]
    return next(iter(exact + every), None)
