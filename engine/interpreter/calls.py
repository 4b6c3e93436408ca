"""Call activities: a matter that runs another process as one of its steps.

The called instance is a matter of its own, with its own variables, history and a number made from its
caller's (``YSH-2026-0001.1``). It ends with its caller; what it does not catch itself, the caller may catch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from engine import instances
from engine.errors import ModelFault
from engine.interpreter.elements import COMPLETE, Element
from engine.interpreter.model import Binding, Call, Node
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

MAX_NESTING = 50
"""How deep calls may lie within calls."""


def enter(execution: Execution, element: Element, node: Node) -> None:
    """Start the called process; the token waits until it ends."""
    call = node.call
    assert call is not None
    given = execution.scopes.visible(element) if call.takes_all else execution.scopes.local(element)
    process_id = str(call.process_id.evaluate(execution.scopes.visible(element), execution.work.now))
    _refuse_descent(execution, process_id)
    definition_key = _definition(execution, call, process_id)
    if definition_key is None:
        raise ModelFault(f"“{node.name}”要调用的流程“{process_id}”没有部署相应的版本。")
    own = {name: value for name, value in given.items() if name not in instances.GIVEN}
    origin = instances.Origin(
        matter_no=f"{execution.row['matter_no']}.{execution.next_call()}",
        started_by=execution.row["started_by"],
        started_by_name=execution.row["started_by_name"],
        parent_key=execution.key,
        parent_element_key=element.key,
    )
    source = {"source_no": execution.scopes.visible(element).get("source_no")}
    key = instances.create(execution.work, definition_key, None, own | source, origin)
    execution.record("INSTANCE_CALLED", node.id, {"instance": str(key), "matter_no": origin.matter_no})


def caller(execution: Execution) -> tuple[Execution, Element] | None:
    """The call activity that waits for this matter, if it was called."""
    if execution.row["parent_key"] is None:
        return None
    calling = execution.work.execution(execution.row["parent_key"])
    element = calling.elements.get(execution.row["parent_element_key"])
    return None if element is None else (calling, element)


def answer(execution: Execution) -> None:
    """A called matter has completed: hand its variables to the call activity and let that complete."""
    found = caller(execution)
    if found is None:
        return
    calling, element = found
    calling.queue(COMPLETE, element, _results(execution, calling.node(element)))


def terminate(execution: Execution, element: Element) -> None:
    """The call activity is taken away: what it called ends with it."""
    for key in _called(execution, element):
        execution.work.execution(key).stop()


def count(execution: Execution) -> int:
    """How many instances a matter has called so far."""
    execution.work.flush()
    table = tables.instance
    match = (table.c.community == execution.work.community, table.c.parent_key == execution.key)
    return int(execution.work.connection.execute(select(func.count()).where(*match)).scalar_one())


def _results(execution: Execution, node: Node) -> Mapping[str, Any]:
    """All the called matter's own variables; without output mappings only if the model wants them back."""
    assert node.call is not None
    root = execution.elements.get(execution.key)
    assert root is not None
    if not node.outputs and not node.call.returns_all:
        return {}
    found = execution.scopes.local(root)
    return {name: value for name, value in found.items() if name not in instances.GIVEN}


def _called(execution: Execution, element: Element) -> list[int]:
    work, table = execution.work, tables.instance
    work.flush()
    statement = select(table.c.key).where(
        table.c.community == work.community,
        table.c.parent_key == execution.key,
        table.c.parent_element_key == element.key,
        table.c.state == "ACTIVE",
    )
    return list(work.connection.execute(statement).scalars())


def _refuse_descent(execution: Execution, process_id: str) -> None:
    """A process among its own callers would call itself for ever; very deep calls are a mistake as well."""
    callers = [execution.model.process_id]
    key = execution.row["parent_key"]
    table = tables.instance
    while key is not None:
        match = (table.c.community == execution.work.community, table.c.key == key)
        statement = select(table.c.process_id, table.c.parent_key).where(*match)
        row = execution.work.connection.execute(statement).one()
        callers.append(row.process_id)
        key = row.parent_key
    if process_id in callers:
        way = " → ".join([*reversed(callers), process_id])
        raise ModelFault(f"流程互相调用成了环：{way}。请去掉其中一次调用。")
    if len(callers) >= MAX_NESTING:
        raise ModelFault(f"流程调用嵌套超过 {MAX_NESTING} 层，请减少层次。")


def _definition(execution: Execution, call: Call, process_id: str) -> int | None:
    """The version to call: the newest, the newest at the caller's deployment, or the newest with the tag."""
    definition, resource = tables.definition, tables.resource
    connection = execution.work.connection
    versions = (
        select(definition.c.key)
        .join(resource, resource.c.key == definition.c.resource_key)
        .where(definition.c.process_id == process_id)
        .order_by(definition.c.version.desc())
    )
    if call.binding is Binding.DEPLOYMENT:
        own = (
            select(resource.c.deployment_key)
            .join(definition, definition.c.resource_key == resource.c.key)
            .where(definition.c.key == execution.row["definition_key"])
        )
        versions = versions.where(resource.c.deployment_key <= own.scalar_subquery())
    if call.binding is not Binding.VERSION_TAG:
        return connection.execute(versions.limit(1)).scalar_one_or_none()
    catalogue = execution.work.engine.catalogue
    keys = list(connection.execute(versions).scalars())
    tagged = (key for key in keys if catalogue.model(connection, key).version_tag == call.version_tag)
    return next(tagged, None)
