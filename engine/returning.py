"""Going back in a matter: sending it to an earlier step (退回), taking back what one has just done (撤回).

A token is put back only where nothing gets lost or happens twice: within the branch it came from, never past a
vote, never past what has reached beyond the matter. A task may name in its header ``gov.returnTo`` the steps it
can be sent back to although something lies between that the model says may happen again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine import duties, modification, user_tasks, values
from engine.errors import NotAllowed, WrongState
from engine.expressions import as_names
from engine.interpreter.branches import between, branches
from engine.interpreter.elements import ELEMENT, Element
from engine.interpreter.model import EventKind, Node, NodeType
from engine.modification import Begin, End, Move
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work
    from engine.user_tasks import UserTask

RETURN_TO = "gov.returnTo"
"""Task header: the elements a task may be sent back to, whatever lies between."""

LASTING = (NodeType.SERVICE_TASK, NodeType.SEND_TASK, NodeType.SCRIPT_TASK, NodeType.CALL_ACTIVITY)
"""Nodes whose work cannot be undone, or counts twice when it is done again."""

QUIET = frozenset(
    {
        "VARIABLES_CHANGED",
        "ELEMENT_ENTERED",
        "ELEMENT_COMPLETED",
        "FLOW_TAKEN",
        "TASK_CREATED",
        "DECISION_EVALUATED",
    }
)
"""Kinds of events by which a token moves on alone: nobody has done anything with what it brings."""


@dataclass(frozen=True, slots=True)
class Target:
    """A step a matter can be sent back to: who did it last."""

    element_id: str
    name: str
    person: str
    person_name: str


# -- sending back ------------------------------------------------------------------------------------


def targets(work: Work, task: UserTask) -> list[Target]:
    """The steps this open task can be sent back to, the last one first."""
    execution = work.execution(task.instance_key)
    element = execution.elements.get(task.element_key)
    if element is None or element.kind != ELEMENT or _is_personal(task):
        return []
    return [
        Target(one.element_id, one.name, one.completed_by or "", one.completed_by_name or "")
        for one in _latest_done(work, task)
        if _is_way_back(execution, element, one, task)
    ]


def send_back(work: Work, key: int, element_id: str, reason: str) -> tuple[UserTask, int | None]:
    """Send one's task back to an earlier step, which is asked for anew; the task as it was, and the new one's key.

    Raises :class:`NotAllowed` for a step that is not among :func:`targets`.
    """
    task = user_tasks.take_up(work, key)
    if task.assignee != work.actor.id:
        raise NotAllowed("这项任务不在您名下，请先认领再退回。")
    user_tasks.require_decided_by_owner(task)
    duties.require_impersonal(work, task)
    if element_id not in {target.element_id for target in targets(work, task)}:
        raise NotAllowed("不能退回到这一步：它还没有办过，或者中间已经表决、公布，或者有同时进行的步骤。")
    execution = work.execution(task.instance_key)
    told = {"task": str(key), "target": element_id, "reason": reason}
    execution.record("TASK_RETURNED", task.element_id, told)
    move = Move(End(task.element_key), Begin(element_id))
    modification.modify(work, task.instance_key, begin=(), move=[move], end=())
    return task, _opened(work, task.instance_key, element_id)


def _latest_done(work: Work, task: UserTask) -> list[UserTask]:
    """The last done task of each earlier step since the last vote, the latest first."""
    tasks = user_tasks.by_keys(work, _tasks_of(work, task.instance_key))
    last_vote = max((one.key for one in tasks if one.is_ballot or one.is_roster), default=0)
    done = {
        one.element_id: one
        for one in tasks
        if one.state == "COMPLETED" and one.signs_for is None and one.key > last_vote
    }
    done.pop(task.element_id, None)
    return sorted(done.values(), key=lambda one: one.key, reverse=True)


def _tasks_of(work: Work, instance_key: int) -> Sequence[int]:
    own = {"community": work.community, "instance_key": instance_key}
    return work.connection.execute(select(tables.user_task.c.key).filter_by(**own)).scalars().all()


def _is_personal(task: UserTask) -> bool:
    return task.is_ballot or task.is_roster or task.signs_for is not None


def _is_way_back(execution: Execution, element: Element, done: UserTask, task: UserTask) -> bool:
    model = execution.model
    source, target = model.nodes[element.element_id], model.nodes.get(done.element_id)
    if target is None or target.loop is not None or target.scope != source.scope:
        return False
    if source.id not in model.reachable[target.id] or not _is_same_token(execution, element, target):
        return False
    named = task.headers.get(RETURN_TO)
    if named is not None:
        return target.id in as_names(named)
    assert done.completed_seq is not None
    passed = _passed(execution, done.completed_seq) & between(model, target.id, source.id)
    return not any(_lasts(model.nodes[node_id]) for node_id in passed)


def _is_same_token(execution: Execution, element: Element, target: Node) -> bool:
    """Whether putting the token back to the target leaves no other token where it would be doubled or missed."""
    model = execution.model
    beside = branches(model)
    here = beside[element.element_id]
    if beside[target.id] != here:
        return False
    others = (one for one in modification.elements(execution) if _is_beside(execution, one, element))
    for other in others:
        inside = beside[other.element_id] - here
        split_again = any(
            fork == target.id or fork in model.reachable[target.id]
            for fork, begin in inside
            if model.nodes[begin].type is not NodeType.BOUNDARY
        )
        if not inside or split_again:
            return False
    return True


def _is_beside(execution: Execution, other: Element, element: Element) -> bool:
    node = execution.model.nodes.get(other.element_id)
    return (
        node is not None
        and not node.triggered_by_event
        and other.scope_key == element.scope_key
        and other.key != element.key
    )


def _lasts(node: Node) -> bool:
    """Whether passing a node reaches beyond the token: into other matters, to people, into counters."""
    throws = node.type is NodeType.THROW and node.event is not None and node.event.kind is not EventKind.LINK
    return node.type in LASTING or throws


def _passed(execution: Execution, seq: int) -> frozenset[str]:
    return frozenset(element for kind, element, _ in _since(execution, seq) if kind == "ELEMENT_COMPLETED")


# -- taking back -------------------------------------------------------------------------------------


def may_take_back(work: Work, task: UserTask) -> bool:
    """Whether the actor could take back this task, which they have done."""
    return not _hindrance(work, task)


def take_back(work: Work, key: int) -> int | None:
    """Take back what the actor has just done, while nothing was built on it; the key of the new open task."""
    task = user_tasks.hold(work, key)
    if hindrance := _hindrance(work, task):
        raise WrongState(hindrance)
    execution = work.execution(task.instance_key)
    execution.record("TASK_TAKEN_BACK", task.element_id, {"task": str(key)})
    scope, brought = _scope_and_brought(execution, task)
    modification.modify(
        work,
        task.instance_key,
        begin=[Begin(task.element_id, scope)],
        move=(),
        end=[End(one.key) for one in brought],
    )
    return _opened(work, task.instance_key, task.element_id)


def _hindrance(work: Work, task: UserTask) -> str:
    """Why a task cannot be taken back; empty when it can."""
    if task.state != "COMPLETED" or task.completed_by != work.actor.id:
        return "只有办结这一步的人可以撤回它。"
    if _is_personal(task) or task.completed_seq is None:
        return "表决票和加签意见提交后不能撤回。"
    execution = work.execution(task.instance_key)
    node = execution.model.nodes.get(task.element_id)
    if not execution.is_active or node is None:
        return "这件事项已经结束，不能撤回；需要更正请联系社区工作人员。"
    if node.loop is not None:
        return "会签中的一份提交后不能撤回；需要更正请联系社区工作人员。"
    return "" if _is_untouched(execution, task) else "后面的步骤已经开始，不能撤回；可以请现在的办理人退回。"


def _is_untouched(execution: Execution, task: UserTask) -> bool:
    events = _since(execution, task.completed_seq or 0)
    completed = {element for kind, element, _ in events if kind == "ELEMENT_COMPLETED"}
    nodes = [execution.model.nodes[one] for one in completed if one in execution.model.nodes]
    if any(_lasts(node) or node.is_scope for node in nodes):
        return False
    if any(kind not in QUIET for kind, _, _ in events):
        return False
    taken = {element for kind, element, _ in events if kind == "FLOW_TAKEN"}
    opened = [int(values.load(data)["task"]) for kind, _, data in events if kind == "TASK_CREATED"]
    _scope, brought = _scope_and_brought(execution, task)
    return bool(brought) and not _waiting_at_join(execution, taken) and not _begun(execution, opened)


def _scope_and_brought(execution: Execution, task: UserTask) -> tuple[int | None, list[Element]]:
    """The scope of a done task, and the elements of that scope its token has become since.

    Keys grow with time: what was made after the task was done has a greater key than all before.
    """
    work = execution.work
    events = _since(execution, task.completed_seq or 0)
    entered = {element for kind, element, _ in events if kind == "ELEMENT_ENTERED"}
    ended = tables.ended_element.c
    statement = select(ended.scope_key).where(
        ended.community == work.community, ended.key == task.element_key
    )
    scope: int | None = work.connection.execute(statement).scalar_one_or_none()
    brought = [
        one
        for one in modification.elements(execution)
        if one.scope_key == scope and one.element_id in entered and one.key > task.element_key
    ]
    return scope, brought


def _since(execution: Execution, seq: int) -> list[tuple[str, str, str]]:
    """Kinds, elements and data of the events after one of a matter."""
    work, event = execution.work, tables.history.c
    work.flush()
    statement = select(event.kind, event.element_id, event.data).where(
        event.community == work.community, event.instance_key == execution.key, event.seq > seq
    )
    return [(row.kind, row.element_id, row.data) for row in work.connection.execute(statement)]


def _waiting_at_join(execution: Execution, flows: Collection[str]) -> bool:
    arrival = tables.arrival.c
    statement = select(arrival.flow_id).where(
        arrival.community == execution.work.community,
        arrival.instance_key == execution.key,
        arrival.flow_id.in_(flows),
    )
    return execution.work.connection.execute(statement).first() is not None


def _begun(execution: Execution, tasks: Iterable[int]) -> bool:
    """Whether somebody has begun to fill in one of these tasks, or somebody votes there."""
    work = execution.work
    found = user_tasks.by_keys(work, tasks)
    drafts = select(tables.draft.c.task_key).where(
        tables.draft.c.community == work.community, tables.draft.c.task_key.in_([one.key for one in found])
    )
    return any(map(_is_personal, found)) or work.connection.execute(drafts).first() is not None


def _opened(work: Work, instance_key: int, element_id: str) -> int | None:
    """The task that a step was asked for anew with, when it could be."""
    column = tables.user_task.c
    statement = select(column.key).where(
        column.community == work.community,
        column.instance_key == instance_key,
        column.element_id == element_id,
        column.state == "CREATED",
    )
    found: int | None = work.connection.execute(
        statement.order_by(column.key.desc()).limit(1)
    ).scalar_one_or_none()
    return found
