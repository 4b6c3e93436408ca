"""Who may do a task at all: duties that must stay apart, and answers that are one person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from engine.errors import NotAllowed
from engine.expressions import as_names
from engine.interpreter.elements import ITERATION
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work
    from engine.user_tasks import UserTask

NOT_BY = "gov.notBy"
"""Task header: elements whose doer may not do this one (separation of duty)."""


def require_other_doer(work: Work, task: UserTask, person: str) -> None:
    """Separation of duty: who did the named steps of this matter, or helped with them, may not do this one."""
    if is_barred(work, task, person):
        raise NotAllowed("按分岗要求，这一步须由另一个人办理，请转给同岗的其他人。")


def is_barred(work: Work, task: UserTask, person: str) -> bool:
    """Whether a person may not do a task because of what they did in the matter before."""
    barred = as_names(task.headers.get(NOT_BY))
    return bool(barred) and (_does(work, task, barred, person) or _helped(work, task, barred, person))


def _does(work: Work, task: UserTask, barred: list[str], person: str) -> bool:
    column = tables.user_task.c
    statement = select(column.key).where(
        column.community == work.community,
        column.instance_key == task.instance_key,
        column.element_id.in_(barred),
        or_(column.completed_by == person, column.assignee == person, column.owner == person),
        column.state != "CANCELED",
    )
    return work.connection.execute(statement).first() is not None


def _helped(work: Work, task: UserTask, barred: list[str], person: str) -> bool:
    """Whether the person prepared one of the steps for somebody who had delegated it."""
    event = tables.history.c
    statement = select(event.seq).where(
        event.community == work.community,
        event.instance_key == task.instance_key,
        event.kind == "TASK_RESOLVED",
        event.element_id.in_(barred),
        event.actor_id == person,
    )
    return work.connection.execute(statement).first() is not None


def require_impersonal(work: Work, task: UserTask) -> None:
    """Refuse what only the person asked can answer: ballots, rosters, one's own share of a joint step."""
    if is_personal(work, task):
        raise NotAllowed("这一步只能由本人表态，不能请人代办。")


def is_personal(work: Work, task: UserTask) -> bool:
    """Whether nobody else can answer for who has the task."""
    if task.is_ballot or task.is_roster:
        return True
    if task.candidate_groups or task.candidate_users or task.signs_for is not None:
        return False
    elements = work.execution(task.instance_key).elements
    element = elements.get(task.element_key)
    return element is not None and any(one.kind == ITERATION for one in elements.chain(element))
