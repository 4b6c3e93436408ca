"""What an expression or a table reads, some step of the process produces.

A misspelt name would stop matters with an incident, so it is refused where everything that produces variables
is known: forms, mappings, scripts, decisions, multi-instance, service tasks that declare their outputs, messages
that declare their payload (``gov.payload`` on the message) and a start that declares what it is given
(``gov.inputs`` on the process, or output mappings). Where one of them is unknown, nothing can be refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.expressions import Expression, as_names
from engine.instances import GIVEN
from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from engine.lint.ground import Ground
from engine.rosters import KIND

Names = frozenset[str]
NOTHING: Names = frozenset()
_LOOP: Names = frozenset(
    {
        "loopCounter",
        "numberOfInstances",
        "numberOfCompletedInstances",
        "numberOfActiveInstances",
        "numberOfTerminatedInstances",
    }
)


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    known = _known(model, ground)
    if known is None:
        return
    for element, expression in _read(model, ground):
        yield from _strangers(element, f"“{expression.text}”", expression.names - known)
    for node in model.nodes.values():
        reads = ground.decision_reads(node.decision_id) if node.decision_id else NOTHING
        yield from _strangers(node.id, f"决策表“{node.decision_id}”", reads - known)


def _strangers(element: str, reader: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(names):
        yield element, f"{reader}读到“{name}”，流程里没有任何一步产生它，请核对名称。"


# -- what is produced ----------------------------------------------------------------------------------


def _known(model: ProcessModel, ground: Ground) -> Names | None:
    """Every name some step produces; ``None`` when one may produce others as well."""
    known = frozenset(GIVEN) | _LOOP | frozenset(as_names(model.properties.get("gov.inputs")))
    for node in model.nodes.values():
        produced = _produced(model, node, ground)
        if produced is None:
            return None
        known |= produced | {mapping.target for mapping in node.inputs}
    return known


def _produced(model: ProcessModel, node: Node, ground: Ground) -> Names | None:
    results = _results(model, node, ground)
    if node.loop is not None:  # what an iteration writes stays in it
        own = {node.loop.element, node.loop.output_collection} - {None}
        return frozenset(str(name) for name in own) | (results or NOTHING)
    if node.outputs:
        return frozenset(mapping.target for mapping in node.outputs) | (results or NOTHING)
    return results


def _results(model: ProcessModel, node: Node, ground: Ground) -> Names | None:
    """What a node's work yields before its output mappings; ``None`` when that cannot be told."""
    if node.form_id is not None:
        return ground.form_writes(node.form_id) if KIND not in node.headers else None
    if node.type is NodeType.SERVICE_TASK:
        return ground.job_writes(node.job_type or "")
    if node.type is NodeType.CALL_ACTIVITY:
        return None if node.call is None or node.call.returns_all else NOTHING
    if node.type is NodeType.BUSINESS_RULE_TASK and node.result_variable is None:
        return None
    if node.result_variable is not None:
        return frozenset({node.result_variable})
    return _brought(model, node)


def _brought(model: ProcessModel, node: Node) -> Names | None:
    """What comes with an event the node waits for."""
    if node.event is None or node.type in (NodeType.THROW, NodeType.END, NodeType.SEND_TASK):
        return NOTHING
    if node.event.kind is EventKind.MESSAGE:
        return node.event.payload
    if node.event.kind is EventKind.SIGNAL:
        return None
    if node.type is NodeType.START and node.scope == model.process_id:
        return _given(model, node)
    return NOTHING


def _given(model: ProcessModel, start: Node) -> Names | None:
    """What a matter begins with; whoever starts it may hand in anything, unless the model says what."""
    assert start.event is not None
    if start.event.kind is EventKind.TIMER:
        return frozenset({"scheduled_at"})
    return NOTHING if start.outputs or "gov.inputs" in model.properties else None


# -- what is read --------------------------------------------------------------------------------------


def _read(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, Expression]]:
    for node in model.nodes.values():
        for expression in _of_node(model, node, ground):
            if expression is not None:
                yield node.id, expression
    for flow in model.flows.values():
        if flow.condition is not None:
            yield flow.id, flow.condition


def _of_node(model: ProcessModel, node: Node, ground: Ground) -> Iterator[Expression | None]:
    yield from (mapping.source for mapping in node.inputs)
    yield from (node.due_date, node.priority, node.retries, node.script)
    if _results(model, node, ground) is not None:  # else a mapping may read what is not known
        yield from (mapping.source for mapping in node.outputs)
    if node.assignment is not None:
        yield node.assignment.assignee
        yield node.assignment.candidate_groups
        yield node.assignment.candidate_users
    if node.event is not None:
        yield from (node.event.expression, node.event.correlation_key)
    if node.call is not None:
        yield node.call.process_id
    if node.loop is not None:
        yield node.loop.collection
