"""Service tasks: handlers that run in the transaction of the action that led to them.

If a handler fails, its own writes are undone, the action that led to it stands, and the token waits: the
job is tried again with growing pauses, and after the last try an incident is raised.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from engine import external_jobs, incidents
from engine.bell import Topic
from engine.claims import still_due
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
"""How often a job is tried when its model does not say."""

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = timedelta(seconds=10), timedelta(hours=1), 6
"""Between the tries: ten seconds, a minute, six minutes … at most an hour."""

_log = logging.getLogger(__name__)


def run(execution: Execution, element: Element, node: Node) -> None:
    """A token has come to a service task: let it be done, here or outside, as often as the model allows."""
    retries = _allowed(execution, element, node)
    if node.is_external:
        external_jobs.offer(execution, element, node, retries)
    else:
        _try(execution, element, node, 1, retries)


def _allowed(execution: Execution, element: Element, node: Node) -> int:
    """The tries that ``retries`` of the task definition gives."""
    if node.retries is None:
        return TRIES
    value = node.retries.evaluate(execution.scopes.visible(element), execution.work.now)
    if not str(value).isdecimal() or int(value) < 1:
        raise ModelFault(f"“{node.name}”的重试次数“{value}”不是正整数，请改正。")
    return int(value)


def _try(execution: Execution, element: Element, node: Node, number: int, retries: int) -> None:
    """Call the handler for the ``number``-th time, ``retries`` tries being left with this one; on failure plan the
    next try or raise an incident.
    """
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
            _refuse_undeclared(execution, node, results)
    except BpmnError as error:
        if not triggers.throw(execution, element, EventKind.ERROR, error.code, {}):
            raise ModelFault(
                f"服务任务“{node.name}”报告错误“{error.code}”：{error}，没有边界事件接住。"
            ) from error
        return
    except ModelFault:
        raise  # to try again would not help
    except Exception as failure:  # noqa: BLE001 - whatever a handler raises becomes a planned try or an incident
        _log.exception("service task %s failed", node.job_type)
        _failed(execution, element, node, number, retries - 1, failure)
        return
    execution.record("SERVICE_DONE", node.id, {"type": node.job_type})
    execution.queue(COMPLETE, element, results)


def _refuse_undeclared(execution: Execution, node: Node, results: Mapping[str, Any]) -> None:
    """Models were checked against what the handler declares; what else it returns was never looked for."""
    known = {**execution.work.engine.registry.writes(node.job_type or ""), **node.declared}
    others = sorted(set(results) - set(known))
    if others:
        raise ModelFault(
            f"服务程序“{node.job_type}”返回了没有声明的变量 {'、'.join(others)}，请联系系统管理员。"
        )


def retry(work: Work, key: int) -> bool:
    """Do one planned try if it is still there and due; whether the matter was free for it."""
    own = {"community": work.community, "key": key, "now": work.now}
    [execution], [rows] = work.hold(tables.job, [key], (still_due(tables.job), own), skip_locked=True)
    if execution is None or execution.is_resting or not rows:
        return False
    row = rows[0]
    work.changes.delete(tables.job, {"community": work.community, "key": key})
    element = execution.elements.get(row.element_key)
    if element is not None:
        _try(execution, element, execution.node(element), row.tries + 1, row.retries)
    work.settle()
    return True


def _failed(
    execution: Execution, element: Element, node: Node, tries: int, retries: int, failure: Exception
) -> None:
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
        "tries": tries,
        "retries": retries,
        "due_at": work.now + min(FIRST_PAUSE * GROWTH ** (tries - 1), LONGEST_PAUSE),
        "error": cause[:2000],
    }
    work.changes.insert(tables.job, row)
    work.tell(Topic.DUE, row["due_at"])
