"""Opinions asked for before a task is done (加签, 减签).

Each person asked gets a task of their own, an ordinary one with a form for the opinion. It moves no token and
writes no variable; the task it was asked for waits until every opinion is there or no longer asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import deployed, duties, user_tasks
from engine.errors import NotAllowed, NotFound, WrongState
from engine.interpreter import human
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work
    from engine.user_tasks import UserTask


def add(work: Work, key: int, persons: Iterable[str], form_id: str, reason: str) -> list[int]:
    """Ask persons for their opinion on the actor's task; the keys of their tasks.

    ``form_id`` names the deployed form the opinion is given with. Who is asked already is not asked twice.
    """
    task = _own(work, key)
    duties.require_impersonal(work, task)
    form_key = deployed.latest_form_key(work, form_id)
    if form_key is None:
        raise NotFound("加签意见表")
    asked = {one.assignee for one in of_task(work, key) if one.state == "CREATED"}
    wanted = [person for person in dict.fromkeys(persons) if person not in asked]
    for person in wanted:
        if person == work.actor.id:
            raise NotAllowed("这项任务由您办理，不能再请自己加签。")
        duties.require_other_doer(work, task, person)
    if not wanted:
        return []
    _count(work, task, len(wanted))
    execution = work.execution(task.instance_key)
    told = {"task": str(key), "signers": wanted, "reason": reason}
    execution.record("TASK_SIGNERS_ADDED", task.element_id, told)
    keys = [human.open_opinion(execution, task, person, form_key) for person in wanted]
    work.settle()
    return keys


def remove(work: Work, key: int, reason: str) -> UserTask:
    """No longer ask for an opinion; ``key`` is the signer's task. Done by who has the task it was asked for."""
    row = work.connection.execute(
        select(tables.user_task.c.signs_for).filter_by(community=work.community, key=key)
    ).one_or_none()
    if row is None or row.signs_for is None:
        raise NotFound("加签")
    task = _own(work, row.signs_for)
    signer = next((one for one in of_task(work, task.key) if one.key == key), None)
    if signer is None or signer.state != "CREATED":
        raise WrongState("这位加签人已经签署，或者已经减签。")
    execution = work.execution(task.instance_key)
    human.close_task(execution, key, {"state": "CANCELED"})
    _count(work, task, -1)
    told = {"task": str(task.key), "signer": signer.assignee, "reason": reason}
    execution.record("TASK_SIGNER_REMOVED", task.element_id, told)
    work.settle()
    return signer


def sign(work: Work, task: UserTask, data: Mapping[str, Any]) -> None:
    """Keep an opinion beside the history, and let the task it was asked for wait for one less."""
    execution = work.execution(task.instance_key)
    seq = execution.record("TASK_SIGNED", task.element_id, {"task": str(task.key)}, data)
    done = {"completed_by": work.actor.id, "completed_by_name": work.actor.name, "completed_seq": seq}
    human.close_task(execution, task.key, {"state": "COMPLETED", "assignee": work.actor.id, **done})
    assert task.signs_for is not None
    [parent] = user_tasks.by_keys(work, [task.signs_for])
    _count(work, parent, -1)
    work.settle()


def of_task(work: Work, key: int) -> list[UserTask]:
    """The opinions asked for a task, in the order they were asked; the caller has found that task."""
    column = tables.user_task.c
    statement = select(column.key).where(column.community == work.community, column.signs_for == key)
    return user_tasks.by_keys(work, work.connection.execute(statement.order_by(column.key)).scalars())


def require_signed(task: UserTask) -> None:
    """Refuse to do a task while opinions asked for it are missing."""
    if task.open_signers:
        raise WrongState(
            f"还有 {task.open_signers} 位加签人没有签署意见，请等他们签完，或者先减签，再办结这项任务。"
        )


def _own(work: Work, key: int) -> UserTask:
    task = user_tasks.take_up(work, key)
    if task.assignee != work.actor.id:
        raise NotAllowed("这项任务不在您名下，请先认领。")
    if task.signs_for is not None:
        raise NotAllowed("您只是被请来加签，不能再请别人加签。")
    return task


def _count(work: Work, task: UserTask, change: int) -> None:
    identity = {"community": work.community, "key": task.key}
    work.changes.update(tables.user_task, identity, {"open_signers": task.open_signers + change})
