"""Roster tasks: one user task that many people answer, each once.

For a step that asks more than about fifty people one task takes the place of a token for each. Its header
``gov.roster`` names a registered :class:`~engine.ports.Roster`, which tells whom it asks when it is opened,
keeps the answers, and says when they are enough; a boundary event may end it before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

from engine.errors import ModelFault, NotAllowed, NotFound
from engine.ports import Roster
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.interpreter.model import Node
    from engine.runtime import Work
    from engine.user_tasks import UserTask

ROSTER = "roster"
KIND, NAME = "gov.kind", "gov.roster"
"""Task headers: the kind of a task; of a roster task, which roster it asks."""

_member = tables.roster_member


def is_roster(headers: Mapping[str, str]) -> bool:
    """Whether a task with these headers is answered by a roster."""
    return headers.get(KIND) == ROSTER


def open_(execution: Execution, node: Node, task_key: int, variables: Mapping[str, Any]) -> None:
    """Ask everybody on the roster."""
    work = execution.work
    people = dict.fromkeys(_roster(work, node.headers).members(work, variables))
    if not people:
        raise ModelFault(f"任务“{node.name}”的名册“{node.headers.get(NAME, '')}”上没有人。")
    for person in people:
        row = {"community": work.community, "task_key": task_key, "person": person, "answered_at": None}
        work.changes.insert(_member, row)


def shown(work: Work, headers: Mapping[str, str], variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a task with these headers shows to the actor alone."""
    return _roster(work, headers).shown(work, variables)


def require_asked(work: Work, task_key: int) -> None:
    """Raises :class:`NotFound` for people who are not asked, :class:`NotAllowed` for a second answer."""
    own = (*_of(work, task_key), _member.c.person == work.actor.id)
    row = work.connection.execute(select(_member.c.answered_at).where(*own)).one_or_none()
    if row is None:
        raise NotFound("任务")
    if row.answered_at is not None:
        raise NotAllowed("您已经答复过这项任务，不需要再次提交。")


def answer(
    work: Work, task: UserTask, data: Mapping[str, Any], variables: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Take the answer of somebody who is asked; the variables to complete the task with once the rule is met."""
    roster = _roster(work, task.headers)
    own = (*_of(work, task.key), _member.c.person == work.actor.id)
    roster.answer(work, task, data, variables)
    work.connection.execute(_member.update().where(*own).values(answered_at=work.now))
    asked, answered = progress(work, task.key)
    return roster.conclude(work, task, variables, asked=asked, answered=answered)


def progress(work: Work, task_key: int) -> tuple[int, int]:
    """How many people a task asks, and how many of them have answered."""
    counts = select(func.count(), func.count(_member.c.answered_at)).where(*_of(work, task_key))
    asked, answered = work.connection.execute(counts).one()
    return asked, answered


def has_answered(work: Work, task_key: int) -> bool:
    """Whether the actor has answered the task."""
    own = (*_of(work, task_key), _member.c.person == work.actor.id, _member.c.answered_at.is_not(None))
    return work.connection.execute(select(_member.c.person).where(*own)).first() is not None


def still_asked(work: Work, task_key: int) -> list[str]:
    """Those whose answer to an open task is missing."""
    missing = select(_member.c.person).where(*_of(work, task_key), _member.c.answered_at.is_(None))
    return list(work.connection.scalars(missing.order_by(_member.c.person)))


def asked(community: Any, person: Any) -> ColumnElement[bool]:
    """The condition on a task that a person (a value or a bound parameter) is or was asked."""
    own = (_member.c.community == community, _member.c.person == person)
    return tables.user_task.c.key.in_(select(_member.c.task_key).where(*own))


def _of(work: Work, task_key: int) -> tuple[ColumnElement[bool], ...]:
    return _member.c.community == work.community, _member.c.task_key == task_key


def _roster(work: Work, headers: Mapping[str, str]) -> Roster:
    name = headers.get(NAME, "")
    found = work.engine.registry.roster_named(name)
    if found is None:
        raise ModelFault(f"不认识名册“{name}”，请在任务头 gov.roster 里改用已有的名册。")
    return found
