"""User tasks as the interpreter sees them: opened when a token comes, withdrawn when it is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import rosters, values
from engine.errors import ModelFault
from engine.expressions import Expression, as_names
from engine.interpreter.elements import Element
from engine.interpreter.model import Node
from engine.ports import Candidates
from engine.store import tables
from engine.timing import read_instant

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.user_tasks import UserTask

DEFAULT_PRIORITY = 50


def open_task(execution: Execution, element: Element, node: Node) -> None:
    """Create the task with its assignee, candidates, due date and form."""
    work = execution.work
    variables = execution.scopes.visible(element)
    asks_roster = rosters.is_roster(node.headers)
    assignee, candidates = (None, Candidates()) if asks_roster else _people(execution, node, variables)
    due = _value(node.due_date, execution, variables)
    priority = _value(node.priority, execution, variables)
    key = _create(
        execution,
        element.key,
        node.id,
        name=node.name,
        assignee=assignee,
        form_key=_form_key(execution, node),
        due_at=None if due is None else read_instant(due),
        priority=DEFAULT_PRIORITY if priority is None else int(priority),
        headers=values.dump(dict(node.headers)),
    )
    if asks_roster:
        rosters.open_(execution, node, key, variables)
    for principal, is_group in _principals(candidates):
        work.changes.insert(
            tables.candidate,
            {
                "community": work.community,
                "task_key": key,
                "principal": principal,
                "is_group": is_group,
                "open": True,
            },
        )
    who = {"assignee": assignee, "groups": candidates.groups, "users": candidates.users}
    execution.record("TASK_CREATED", node.id, {"task": str(key), **who})


def open_opinion(execution: Execution, task: UserTask, person: str, form_key: int) -> int:
    """A task for somebody's opinion on another task, at the same element; its key."""
    return _create(
        execution,
        task.element_key,
        task.element_id,
        name=f"加签：{task.name}",
        assignee=person,
        signs_for=task.key,
        form_key=form_key,
        due_at=task.due_at,
        priority=task.priority,
        headers=values.dump({}),
    )


def _create(execution: Execution, element_key: int, element_id: str, **columns: Any) -> int:
    """A new row of the table; what is not given is not so yet."""
    work = execution.work
    key = work.engine.keys.next()
    own = {"community": work.community, "key": key, "instance_key": execution.key}
    place = {"element_key": element_key, "element_id": element_id}
    work.changes.insert(tables.user_task, {**_NEW, **own, **place, "created_at": work.now, **columns})
    return key


_NEW: Mapping[str, Any] = {
    "state": "CREATED",
    "owner": None,
    "signs_for": None,
    "open_signers": 0,
    "ended_at": None,
    "completed_by": None,
    "completed_by_name": None,
    "completed_seq": None,
}


def open_tasks(execution: Execution, element: Element) -> dict[int, list[int]]:
    """The open tasks of an element, or of the whole matter when it is a scope, by element key."""
    work = execution.work
    work.flush()
    task = tables.user_task
    own = task.c.instance_key == execution.key if element.tokens else task.c.element_key == element.key
    statement = select(task.c.element_key, task.c.key).where(
        task.c.community == work.community, own, task.c.state == "CREATED"
    )
    found: dict[int, list[int]] = {}
    for row in work.connection.execute(statement):
        found.setdefault(row.element_key, []).append(row.key)
    return found


def withdraw(execution: Execution, element: Element, key: int) -> None:
    """Cancel an open task: the token is going elsewhere."""
    close_task(execution, key, {"state": "CANCELED"})
    execution.record("TASK_CANCELED", element.element_id, {"task": str(key)})


def close_task(
    execution: Execution, key: int, changes: dict[str, Any], *, has_candidates: bool = True
) -> None:
    """End a task; nobody is a candidate any longer, drafts go."""
    work = execution.work
    own = {"community": work.community, "task_key": key}
    ended = {**changes, "ended_at": work.now}
    work.changes.update(tables.user_task, {"community": work.community, "key": key}, ended)
    if has_candidates:
        work.changes.revise(tables.candidate, own, {"open": False})
    work.changes.purge(tables.draft, own)


def _people(execution: Execution, node: Node, variables: Mapping[str, Any]) -> tuple[str | None, Candidates]:
    """The assignee and the candidates; a task only one person can do is theirs at once, with nothing to claim."""
    assignee, candidates = _named(execution, node, variables)
    people = list(dict.fromkeys(candidates.users))
    if assignee is None and not candidates.groups and len(people) == 1:
        return people[0], Candidates()
    return assignee, candidates


def _named(execution: Execution, node: Node, variables: Mapping[str, Any]) -> tuple[str | None, Candidates]:
    assignment = node.assignment
    if assignment is None:
        return None, _resolve(execution, [node.lane] if node.lane else [], variables)
    assignee = _value(assignment.assignee, execution, variables)
    roles = as_names(_value(assignment.candidate_groups, execution, variables))
    users = as_names(_value(assignment.candidate_users, execution, variables))
    if assignment.assignee is not None and assignee is None and not roles and not users:
        raise ModelFault(f"任务“{node.name}”的办理人“{assignment.assignee.text}”为空。")
    found = _resolve(execution, roles, variables)
    return assignee, Candidates(found.groups, [*found.users, *users])


def _resolve(execution: Execution, roles: list[str], variables: Mapping[str, Any]) -> Candidates:
    groups: list[str] = []
    users: list[str] = []
    for role in roles:
        if not execution.work.engine.groups.known(role):
            raise ModelFault(f"不认识角色“{role}”，请改用组织里已有的角色。")
        found = execution.work.engine.groups.resolve(execution.work, role, variables)
        groups += found.groups
        users += found.users
    return Candidates(groups, users)


def _principals(candidates: Candidates) -> dict[tuple[str, bool], None]:
    pairs = [(group, True) for group in candidates.groups] + [(user, False) for user in candidates.users]
    return dict.fromkeys(pairs)


def _form_key(execution: Execution, node: Node) -> int | None:
    if node.form_id is None:
        return None
    work = execution.work
    definition = execution.row["definition_key"]
    return work.engine.catalogue.bound(work.connection, definition, "form", node.form_id)


def _value(expression: Expression | None, execution: Execution, variables: Mapping[str, Any]) -> Any:
    return None if expression is None else expression.evaluate(variables, execution.work.now)
