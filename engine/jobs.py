"""Service tasks: handlers that run in the transaction of the action that led to them.

If a handler fails, its own writes are undone, the action that led to it stands, and the token waits: the
job is tried again with growing pauses, and after the last try an incident is raised.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from engine import external_jobs, incidents
from engine.errors import BpmnError, ModelFault
from engine.interpreter import triggers
from engine.interpreter.elements import COMPLETE, ENTER, INCIDENT, Element
from engine.interpreter.model import EventKind, Node
from engine.registry import JobContext
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

TRIES = 3
PAUSES = (timedelta(seconds=10), timedelta(minutes=1))
"""How long to wait before the second and the third try."""

_log = logging.getLogger(__name__)


def run(execution: Execution, element: Element, node: Node, *, retries: int = TRIES) -> None:
    """Call the handler of a service task; on failure plan the next try or raise an incident.

    ``retries`` counts the tries left, this one included.
    """
    if node.is_external:
        external_jobs.offer(execution, element, node)
        return
    handler = execution.work.engine.registry.handler(node.job_type or "")
    if handler is None:
        raise ModelFault(f"没有能办理“{node.job_type}”的服务程序，请联系系统管理员。")
    context = JobContext(
        work=execution.work,
        variables=execution.scopes.visible(element),
        headers=node.headers,
        instance_key=execution.key,
        element_id=node.id,
        matter_no=execution.row["matter_no"],
    )
    try:
        with execution.work.attempt():
            results: Mapping[str, Any] = handler(context) or {}
    except BpmnError as error:
        if not triggers.throw(execution, element, EventKind.ERROR, error.code, {}):
            raise ModelFault(
                f"服务任务“{node.name}”报告错误“{error.code}”：{error}，没有边界事件接住。"
            ) from error
        return
    except Exception as failure:  # noqa: BLE001 - whatever a handler raises becomes a planned try or an incident
        _log.exception("service task %s failed", node.job_type)
        _failed(execution, element, node, retries - 1, failure)
        return
    execution.record("SERVICE_DONE", node.id, {"type": node.job_type})
    execution.queue(COMPLETE, element, results)


def due(
    connection: Connection, now: datetime, community: str | None, limit: int
) -> list[tuple[str, Callable[[Work], bool]]]:
    """The tries that have come due, in one community or all, earliest first: where, and what to do there."""
    table = tables.job
    statement = select(table.c.community, table.c.key).where(table.c.due_at <= now).order_by(table.c.due_at)
    if community is not None:
        statement = statement.where(table.c.community == community)
    rows = connection.execute(statement.limit(limit)).all()
    return [(place, partial(retry, key=key)) for place, key in rows]


def next_due(connection: Connection) -> datetime | None:
    """When the next try is due."""
    return connection.execute(select(func.min(tables.job.c.due_at))).scalar_one_or_none()


def retry(work: Work, key: int) -> bool:
    """Do one planned try if it is still there and due; whether it was."""
    table = tables.job
    match = (table.c.community == work.community, table.c.key == key, table.c.due_at <= work.now)
    row = work.connection.execute(select(table).where(*match)).one_or_none()
    if row is None or not work.try_lock(row.instance_key):
        return False
    if work.connection.execute(select(table.c.key).where(*match)).first() is None:
        return False  # another worker did it before we had the matter
    work.changes.delete(table, {"community": work.community, "key": key})
    execution = work.execution(row.instance_key)
    element = execution.elements.get(row.element_key)
    if element is not None:
        run(execution, element, execution.node(element), retries=row.retries)
    work.settle()
    return True


def _failed(execution: Execution, element: Element, node: Node, retries: int, failure: Exception) -> None:
    cause = f"服务任务“{node.name}”没有办成：{type(failure).__name__}: {failure}"
    if retries <= 0:
        execution.elements.update(element, state=INCIDENT)
        incidents.raise_(execution, element, ENTER, "JOB", cause)
        return
    work = execution.work
    row = {
        "community": work.community,
        "key": work.engine.keys.next(),
        "instance_key": execution.key,
        "element_key": element.key,
        "type": node.job_type,
        "state": "FAILED",
        "retries": retries,
        "due_at": work.now + PAUSES[TRIES - 1 - retries],
        "lease_by": None,
        "lease_until": None,
        "error": cause[:2000],
    }
    work.changes.insert(tables.job, row)
