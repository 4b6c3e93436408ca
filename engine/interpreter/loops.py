"""Multi-instance: a body that holds one iteration per item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import values
from engine.errors import ModelFault
from engine.interpreter import triggers
from engine.interpreter.elements import BODY, COMPLETE, ENTER, ITERATION, Element
from engine.interpreter.model import Loop, Node
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

MAX_ITERATIONS = 10_000


def enter_body(execution: Execution, element: Element, node: Node) -> None:
    """The activity becomes a body; all iterations start, or the first of a sequence."""
    loop = _loop(node)
    items = _items(execution, element, loop)
    execution.record("ELEMENT_ENTERED", node.id, {"iterations": len(items)})
    execution.elements.update(element, kind=BODY, loop_total=len(items), loop_done=0)
    triggers.listen_at_boundary(execution, element, node)
    if not items:
        execution.queue(COMPLETE, element)
        return
    if loop.sequential:
        _start_iteration(execution, element, loop, 1, items[0])
        return
    for index, item in enumerate(items, 1):
        _start_iteration(execution, element, loop, index, item)


def iteration_done(execution: Execution, element: Element, node: Node) -> None:
    """One iteration has ended: keep its output, go on with the next or finish the body."""
    loop = _loop(node)
    body = execution.elements.scope(element)
    assert body is not None
    _keep_output(execution, element, body, loop)
    done = (body.loop_done or 0) + 1
    finished = done == body.loop_total or _is_satisfied(execution, element, body, done)
    execution.elements.update(body, loop_done=done)
    execution.record("ITERATION_COMPLETED", node.id, {"index": element.loop_index, "done": done})
    execution.stop_waiting(element)
    execution.end(element)
    if finished:
        if body.tokens:
            execution.clear(body)
        execution.queue(COMPLETE, body)
    elif loop.sequential:
        items = _items(execution, body, loop)
        if done < len(items):
            _start_iteration(execution, body, loop, done + 1, items[done])


def gather(execution: Execution, body: Element, node: Node) -> None:
    """Write the output collection, in the order of the items; what never answered is ``null``."""
    loop = _loop(node)
    if loop.output_collection is None:
        return
    work = execution.work
    work.flush()
    own = (tables.loop_output.c.community == work.community, tables.loop_output.c.body_key == body.key)
    statement = select(tables.loop_output.c.loop_index, tables.loop_output.c.value).where(*own)
    outputs: list[Any] = [None] * (body.loop_total or 0)
    for index, text in work.connection.execute(statement):
        outputs[index - 1] = values.load(text)
    work.changes.purge(tables.loop_output, {"community": work.community, "body_key": body.key})
    execution.scopes.publish(body, {loop.output_collection: outputs})


def _start_iteration(execution: Execution, body: Element, loop: Loop, index: int, item: Any) -> None:
    iteration = execution.elements.create(body.element_id, body, ITERATION, loop_index=index)
    local: dict[str, Any] = {"loopCounter": index}
    if loop.element is not None:
        local[loop.element] = item
    execution.scopes.set_local(iteration, local)
    execution.queue(ENTER, iteration)


def _items(execution: Execution, element: Element, loop: Loop) -> list[Any]:
    items = loop.collection.evaluate(execution.scopes.visible(element), execution.work.now)
    if not isinstance(items, list):
        raise ModelFault(f"多实例的输入集合“{loop.collection.text}”不是列表。")
    if len(items) > MAX_ITERATIONS:
        raise ModelFault(f"多实例的输入集合有 {len(items)} 项，超过 {MAX_ITERATIONS} 项的上限。")
    return items


def _keep_output(execution: Execution, element: Element, body: Element, loop: Loop) -> None:
    if loop.output_element is None:
        return
    value = loop.output_element.evaluate(execution.scopes.visible(element), execution.work.now)
    row = {
        "community": execution.work.community,
        "body_key": body.key,
        "loop_index": element.loop_index,
        "instance_key": execution.key,
        "value": values.dump(value),
    }
    execution.work.changes.insert(tables.loop_output, row)


def _is_satisfied(execution: Execution, element: Element, body: Element, done: int) -> bool:
    completion = _loop(execution.node(element)).completion
    if completion is None:
        return False
    counts: Mapping[str, Any] = {
        "numberOfInstances": body.loop_total,
        "numberOfCompletedInstances": done,
        "numberOfActiveInstances": body.tokens - 1,
        "numberOfTerminatedInstances": 0,
    }
    visible = execution.scopes.visible(element) | dict(counts)
    return completion.evaluate(visible, execution.work.now) is True


def _loop(node: Node) -> Loop:
    assert node.loop is not None
    return node.loop
