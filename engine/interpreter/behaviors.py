"""What each kind of flow node does when a token enters it, and which flows it takes when it leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine import decisions, feel, jobs, messages
from engine.errors import ModelFault
from engine.expressions import ZONE
from engine.interpreter import calls, human, triggers
from engine.interpreter.elements import COMPLETE, PROCESS, Element
from engine.interpreter.elements import ENTER as ENTER_STEP
from engine.interpreter.model import EventKind, Flow, Node, NodeType

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

Behavior = Callable[["Execution", Element, Node], None]

# -- data ------------------------------------------------------------------------------------------


def apply_inputs(execution: Execution, element: Element, node: Node) -> None:
    """Evaluate input mappings in order into variables of the element's own."""
    values: dict[str, Any] = {}
    for mapping in node.inputs:
        visible = execution.scopes.visible(element) | values
        values[mapping.target] = mapping.source.evaluate(visible, execution.work.now)
    execution.scopes.set_local(element, values)


def apply_results(execution: Execution, element: Element, node: Node, results: Mapping[str, Any]) -> None:
    """Hand a node's results on: through its output mappings if it has any, else as they are."""
    if not node.outputs:
        execution.scopes.propagate(element, results)
        return
    execution.scopes.set_local(element, results)
    values: dict[str, Any] = {}
    for mapping in node.outputs:
        visible = execution.scopes.visible(element) | values
        values[mapping.target] = mapping.source.evaluate(visible, execution.work.now)
    execution.scopes.publish(element, values)


# -- leaving -----------------------------------------------------------------------------------------


def leave(execution: Execution, element: Element, node: Node) -> Sequence[Flow]:
    """The flows the token takes."""
    flows = execution.model.outgoing(node.id)
    if node.type is NodeType.EXCLUSIVE:
        return _chosen(execution, element, node, flows)[:1]
    if node.type is NodeType.INCLUSIVE or any(flow.condition for flow in flows):
        return _chosen(execution, element, node, flows)
    if node.type is NodeType.END:
        _note_end(execution, element, node)
    return flows


def _chosen(execution: Execution, element: Element, node: Node, flows: Sequence[Flow]) -> list[Flow]:
    visible = execution.scopes.visible(element)
    chosen: list[Flow] = []
    for flow in flows:
        if flow.id == node.default_flow:
            continue
        if flow.condition is None or flow.condition.evaluate(visible, execution.work.now) is True:
            chosen.append(flow)
            if node.type is NodeType.EXCLUSIVE:
                break
    chosen = chosen or [flow for flow in flows if flow.id == node.default_flow]
    if not chosen and flows:
        raise ModelFault(f"网关“{node.name}”没有一个出口条件成立，也没有默认出口。")
    return chosen


def _note_end(execution: Execution, element: Element, node: Node) -> None:
    scope = execution.elements.scope(element)
    assert scope is not None
    outermost = scope.kind == PROCESS or execution.model.nodes[scope.element_id].triggered_by_event
    if outermost and node.id not in execution.model.side_ends:
        execution.change(end_event=node.name)


# -- entering ----------------------------------------------------------------------------------------


def _pass(execution: Execution, element: Element, node: Node) -> None:
    execution.queue(COMPLETE, element)


def _wait(execution: Execution, element: Element, node: Node) -> None:
    triggers.listen(execution, element, node)


def _script(execution: Execution, element: Element, node: Node) -> None:
    if node.script is None or node.result_variable is None:
        raise ModelFault(f"脚本任务“{node.name}”缺少表达式或结果变量。")
    value = node.script.evaluate(execution.scopes.visible(element), execution.work.now)
    execution.queue(COMPLETE, element, {node.result_variable: value})


def _decide(execution: Execution, element: Element, node: Node) -> None:
    work = execution.work
    decision_id = node.decision_id or ""
    key = work.engine.catalogue.bound(
        work.connection, execution.row["definition_key"], "decision", decision_id
    )
    if key is None:
        raise ModelFault(f"没有部署决策表“{decision_id}”。")
    visible = execution.scopes.visible(element)
    context = {name: feel.from_json(value) for name, value in visible.items()}
    try:
        result = work.engine.catalogue.decision(work.connection, key).evaluate(
            decision_id, context, now=work.now.astimezone(ZONE)
        )
    except (decisions.DecisionError, feel.FeelError) as fault:
        raise ModelFault(f"决策表“{decision_id}”无法得出结果：{fault}") from fault
    defects = [warning for warning in result.warnings if warning.hard]
    if defects:
        raise ModelFault(f"决策表“{decision_id}”无法得出结果：{defects[0].message}")
    value = feel.to_json(result.value)
    execution.record(
        "DECISION_EVALUATED",
        node.id,
        {"decision": decision_id, "rules": list(result.matched)},
        secret={"result": value},
    )
    results = (
        {node.result_variable: value} if node.result_variable else value if isinstance(value, dict) else {}
    )
    execution.queue(COMPLETE, element, results)


def _job(execution: Execution, element: Element, node: Node) -> None:
    jobs.run(execution, element, node)


def _event_gateway(execution: Execution, element: Element, node: Node) -> None:
    for flow in execution.model.outgoing(node.id):
        triggers.listen(execution, element, execution.model.nodes[flow.target])


def _sub_process(execution: Execution, element: Element, node: Node) -> None:
    token = execution.begin_scope(element, execution.model.start(node.id))
    execution.queue(ENTER_STEP, token)


def _publish(execution: Execution, element: Element, node: Node) -> None:
    assert node.event is not None
    messages.throw(execution, element, node)
    execution.queue(COMPLETE, element)


def _signal(execution: Execution, element: Element, node: Node) -> None:
    assert node.event is not None
    messages.broadcast(execution.work, node.event.name, execution.scopes.local(element))
    execution.queue(COMPLETE, element)


def _error(execution: Execution, element: Element, node: Node) -> None:
    assert node.event is not None
    if not triggers.throw(
        execution, element, EventKind.ERROR, node.event.name, execution.scopes.local(element)
    ):
        raise ModelFault(f"错误“{node.event.name}”没有任何边界事件或事件子流程接住。")


def _escalation(execution: Execution, element: Element, node: Node) -> None:
    assert node.event is not None
    execution.queue(COMPLETE, element)
    triggers.throw(execution, element, EventKind.ESCALATION, node.event.name, execution.scopes.local(element))


def _terminate(execution: Execution, element: Element, node: Node) -> None:
    scope = execution.elements.scope(element)
    assert scope is not None
    execution.clear(scope, spare=element)
    execution.joins.forget(scope)
    execution.elements.update(scope, tokens=1)
    execution.queue(COMPLETE, element)


def _link(execution: Execution, element: Element, node: Node) -> None:
    assert node.event is not None
    target = execution.model.link_target(node.scope, node.event.name)
    scope = execution.elements.scope(element)
    assert scope is not None
    execution.queue(COMPLETE, execution.elements.create(target.id, scope))
    execution.queue(COMPLETE, element)


_THROWING: dict[EventKind, Behavior] = {
    EventKind.NONE: _pass,
    EventKind.MESSAGE: _publish,
    EventKind.SIGNAL: _signal,
    EventKind.ERROR: _error,
    EventKind.ESCALATION: _escalation,
    EventKind.TERMINATE: _terminate,
    EventKind.LINK: _link,
}


def _throw(execution: Execution, element: Element, node: Node) -> None:
    _THROWING[node.event.kind if node.event else EventKind.NONE](execution, element, node)


ENTER: dict[NodeType, Behavior] = {
    NodeType.START: _pass,
    NodeType.END: _throw,
    NodeType.CATCH: _wait,
    NodeType.THROW: _throw,
    NodeType.BOUNDARY: _pass,
    NodeType.USER_TASK: human.open_task,
    NodeType.SERVICE_TASK: _job,
    NodeType.SEND_TASK: _publish,
    NodeType.RECEIVE_TASK: _wait,
    NodeType.SCRIPT_TASK: _script,
    NodeType.BUSINESS_RULE_TASK: _decide,
    NodeType.MANUAL_TASK: _pass,
    NodeType.TASK: _pass,
    NodeType.EXCLUSIVE: _pass,
    NodeType.PARALLEL: _pass,
    NodeType.INCLUSIVE: _pass,
    NodeType.EVENT_BASED: _event_gateway,
    NodeType.SUB_PROCESS: _sub_process,
    NodeType.CALL_ACTIVITY: calls.enter,
}
