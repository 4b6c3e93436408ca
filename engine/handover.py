"""One's own task in other hands: given away for good (转办), or for a while and back again (委派).

Who delegates stays the owner: the task comes back with what the other has prepared, and only the owner does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine import duties, user_tasks
from engine.errors import NotAllowed
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work
    from engine.user_tasks import UserTask


def transfer(work: Work, key: int, person: str, reason: str) -> UserTask:
    """Give one's task away; the reason stands in the history. The task as it was before."""
    task = _own(work, key)
    _require_able(work, task, person)
    _write(work, task, "TASK_REASSIGNED", {"assignee": person}, reason=reason)
    return task


def delegate(work: Work, key: int, person: str, reason: str) -> UserTask:
    """Let somebody else prepare one's task, and get it back. The task as it was before."""
    task = _own(work, key)
    _require_able(work, task, person)
    _write(work, task, "TASK_DELEGATED", {"assignee": person, "owner": work.actor.id}, reason=reason)
    return task


def resolve(work: Work, key: int, note: str) -> UserTask:
    """Hand a delegated task back with a note; what was filled in so far goes to the owner as their draft."""
    task = user_tasks.take_up(work, key)
    if task.owner is None or task.assignee != work.actor.id:
        raise NotAllowed("这项任务不是别人委派给您的，不需要交还。")
    prepared = user_tasks.draft(work, key)
    if prepared is not None:
        user_tasks.write_draft(work, key, task.owner, prepared)
    _write(work, task, "TASK_RESOLVED", {"assignee": task.owner, "owner": None}, note=note)
    return task


def recall(work: Work, key: int) -> UserTask:
    """The owner takes a delegated task back before it is returned. The task as it was before."""
    task = user_tasks.take_up(work, key)
    if task.owner != work.actor.id:
        raise NotAllowed("这项任务不是您委派出去的，不能收回。")
    _write(work, task, "TASK_RECALLED", {"assignee": work.actor.id, "owner": None})
    return task


def _own(work: Work, key: int) -> UserTask:
    task = user_tasks.take_up(work, key)
    if task.assignee != work.actor.id:
        raise NotAllowed("这项任务不在您名下，请先认领。")
    user_tasks.require_decided_by_owner(task)
    return task


def _require_able(work: Work, task: UserTask, person: str) -> None:
    if person == work.actor.id:
        raise NotAllowed("这项任务已经在您名下，请选择另一个人。")
    duties.require_impersonal(work, task)
    duties.require_other_doer(work, task, person)


def _write(work: Work, task: UserTask, kind: str, people: dict[str, Any], **told: str) -> None:
    identity = {"community": work.community, "key": task.key}
    work.changes.update(tables.user_task, identity, people)
    execution = work.execution(task.instance_key)
    execution.record(kind, task.element_id, {"task": str(task.key), **people, **told})
    work.settle()
