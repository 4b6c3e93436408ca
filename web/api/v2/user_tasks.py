"""User tasks: what people have to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from marshmallow import fields
from marshmallow.validate import Length
from sqlalchemy import ColumnElement, FromClause, Select, exists, select, true

from engine import instances, rosters, task_administration, user_tasks, values
from engine.errors import NotFound
from engine.runtime import Work
from engine.store import tables
from web.api import conditions
from web.api.conditions import Rows
from web.api.fields import Always, Body, Instant, Key, Stored, Text, Variables, Whole
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.search import Search, Special
from web.api.v2 import forms
from web.api.v2.audit import AUDIT
from web.api.v2.columns import OfElement, belonging, of_instance
from web.api.v2.instances import with_variables
from web.api.v2.variables import VARIABLES
from workflows.organisation import store as organisation

area = Area("用户任务")


class UserTask(OfElement):
    name = Text(allow_none=True)
    state = Text()
    assignee = Text(allow_none=True)
    candidateGroups = fields.List(Text())
    candidateUsers = fields.List(Text())
    creationDate = Instant()
    completionDate = Instant(allow_none=True)
    followUpDate = Instant(allow_none=True)
    dueDate = Instant(allow_none=True)
    externalFormReference = Always()
    processDefinitionVersion = Whole()
    customHeaders = Stored()
    userTaskKey = Key()
    processName = Text(allow_none=True)
    businessId = Always()
    formKey = Key(allow_none=True)
    tags = Always([])
    priority = Whole()


class Assignment(Body):
    assignee = Text(required=True, longest=255, shortest=1)
    allowOverride = fields.Boolean(load_default=True, allow_none=True)
    action = Text(allow_none=True)


class Completion(Body):
    variables = Variables(load_default=dict, allow_none=True)
    action = Text(allow_none=True)


class Changeset(Body):
    dueDate = Instant(allow_none=True)
    followUpDate = Instant(allow_none=True)
    candidateUsers = fields.List(Text(longest=255, shortest=1), allow_none=True, validate=Length(max=1000))
    candidateGroups = fields.List(Text(longest=255, shortest=1), allow_none=True, validate=Length(max=1000))
    priority = Whole(least=0, most=100, allow_none=True)


class TaskUpdate(Body):
    changeset = fields.Nested(Changeset, load_default=dict, allow_none=True)
    action = Text(allow_none=True)


# -- finding -----------------------------------------------------------------------------------------


def _tasks(work: Work) -> Select[Any]:
    task, instance, definition = tables.user_task, tables.instance, tables.definition
    return (
        select(
            task.c.name,
            task.c.state,
            task.c.assignee,
            task.c.element_id.label("elementId"),
            *belonging(instance),
            task.c.created_at.label("creationDate"),
            task.c.ended_at.label("completionDate"),
            task.c.follow_up_at.label("followUpDate"),
            task.c.due_at.label("dueDate"),
            definition.c.version.label("processDefinitionVersion"),
            task.c.headers.label("customHeaders"),
            task.c.key.label("userTaskKey"),
            task.c.element_key.label("elementInstanceKey"),
            definition.c.name.label("processName"),
            task.c.form_key.label("formKey"),
            task.c.priority,
        )
        .join(instance, of_instance(task))
        .join(definition, definition.c.key == instance.c.definition_key)
        .where(task.c.community == work.community, _visible(work))
    )


def _visible(work: Work) -> ColumnElement[bool]:
    return true() if instances.oversees(work) else user_tasks.concerns(work)


def _with_candidates(work: Work, rows: Rows) -> None:
    candidate = tables.candidate
    keys = [row["userTaskKey"] for row in rows]
    statement = select(candidate).where(
        candidate.c.community == work.community, candidate.c.task_key.in_(keys)
    )
    by_task: dict[int, dict[bool, list[str]]] = {key: {True: [], False: []} for key in keys}
    for found in work.connection.execute(statement.order_by(candidate.c.principal)):
        by_task[found.task_key][found.is_group].append(found.principal)
    for row in rows:
        people = by_task[row["userTaskKey"]]
        row.update(candidateGroups=people[True], candidateUsers=people[False])


def _candidate(*, is_group: bool) -> Special:
    candidate = tables.candidate

    def condition(work: Work, rows: FromClause, value: Any) -> ColumnElement[bool]:
        wanted = conditions.condition(candidate.c.principal, Text(), value)
        own = (candidate.c.community == work.community, candidate.c.task_key == rows.c.userTaskKey)
        return exists(select(candidate.c.task_key).where(*own, candidate.c.is_group.is_(is_group), wanted))

    return condition


TASKS = Search(
    _tasks,
    UserTask,
    "userTaskKey",
    "任务",
    special={
        "candidateGroup": _candidate(is_group=True),
        "candidateUser": _candidate(is_group=False),
        "processInstanceVariables": with_variables,
    },
    complete=_with_candidates,
)

area.searches("/user-tasks/search", "searchUserTasks", "查找任务", TASKS)
area.shows("/user-tasks/<key:key>", "getUserTask", "查看任务", TASKS)


@area.get(
    "/user-tasks/<key:key>/form",
    "getUserTaskForm",
    "取任务的表单；没有时应答 204",
    answer=forms.Form,
    also_empty=True,
)
def form(call: Call, key: int) -> dict[str, Any] | None:
    form_key = TASKS.row(call.work, key)["formKey"]
    return None if form_key is None else forms.read(call.work, form_key)


# -- doing -------------------------------------------------------------------------------------------


@area.post("/user-tasks/<key:key>/assignment", "assignUserTask", "认领任务，或由管理员指派", body=Assignment)
def assign(call: Call, key: int) -> None:
    """To oneself this is claiming; to somebody else only administrators may give it."""
    TASKS.row(call.work, key)
    person, override = call.body["assignee"], call.body["allowOverride"] is not False
    if not call.caller.is_administrator:
        if person != call.caller.actor.id:
            raise Problem(403, _("指派给别人需要管理员权限；认领请把 assignee 写成自己的编号。"))
        user_tasks.claim(call.work, key)
        return
    if not organisation.people(call.work.connection, [person]):
        raise Problem(400, _("组织里没有编号为“%(person)s”的人。", person=person))
    task_administration.assign(call.work, key, person, override=override)


@area.delete("/user-tasks/<key:key>/assignee", "unassignUserTask", "退回任务")
def unassign(call: Call, key: int) -> None:
    TASKS.row(call.work, key)
    if call.caller.is_administrator:
        task_administration.unassign(call.work, key)
    else:
        user_tasks.release(call.work, key)


@area.patch("/user-tasks/<key:key>", "updateUserTask", "改任务的时限、优先级、候选人", body=TaskUpdate)
def update(call: Call, key: int) -> None:
    TASKS.row(call.work, key)
    if not call.caller.is_administrator:
        raise Problem(403, _("改任务的时限、优先级和候选人需要管理员权限。"))
    changes = call.body["changeset"] or {}
    columns = {_COLUMNS[name]: value for name, value in changes.items() if name in _COLUMNS}
    if columns.get("priority", 0) is None:
        columns["priority"] = DEFAULT_PRIORITY
    people = {_PEOPLE[name]: value or [] for name, value in changes.items() if name in _PEOPLE}
    task_administration.update(call.work, key, columns, people)


_COLUMNS = {"dueDate": "due_at", "followUpDate": "follow_up_at", "priority": "priority"}
_PEOPLE = {"candidateUsers": "candidate_users", "candidateGroups": "candidate_groups"}
DEFAULT_PRIORITY = 50


@area.post(
    "/user-tasks/<key:key>/completion", "completeUserTask", "办结任务；变量按任务的表单检查", body=Completion
)
def complete(call: Call, key: int) -> None:
    """Checked by the task's form exactly as when handed in on a page."""
    if values.load(TASKS.row(call.work, key)["customHeaders"]).get(rosters.KIND) == user_tasks.BALLOT:
        sentence = _("表决票请用 /gov/v1/user-tasks/%(key)s/ballot 提交，才能拿到回执。", key=key)
        raise Problem(409, sentence)
    try:
        user_tasks.complete(call.work, key, call.body["variables"] or {})
    except NotFound as refused:  # seen by overseeing it, not by having to do it
        raise Problem(403, _("这项任务不由您办理。")) from refused


# -- what stands around a task -------------------------------------------------------------------------


@area.searching(
    "/user-tasks/<key:key>/variables/search", "searchUserTaskVariables", "查找任务看得到的变量", VARIABLES
)
def variables(call: Call, key: int) -> dict[str, Any]:
    scopes = _scopes(call.work, TASKS.row(call.work, key))
    return VARIABLES.run(call.work, call.body, lambda rows: rows.c.scopeKey.in_(scopes))


@area.searching(
    "/user-tasks/<key:key>/effective-variables/search",
    "searchUserTaskEffectiveVariables",
    "查找任务实际读到的变量：里层盖住外层",
    VARIABLES,
)
def effective_variables(call: Call, key: int) -> dict[str, Any]:
    scopes = _scopes(call.work, TASKS.row(call.work, key))
    return VARIABLES.run(
        call.work, call.body, lambda rows: rows.c.variableKey.in_(_innermost(call.work, scopes))
    )


def _scopes(work: Work, task: Mapping[str, Any]) -> list[int]:
    """The scopes a task reads from, innermost first; of an ended task only the matter's own is left."""
    execution = work.execution(task["processInstanceKey"])
    element = execution.elements.get(task["elementInstanceKey"])
    chain = [] if element is None else [scope.key for scope in execution.elements.chain(element)]
    return chain or [execution.key]


def _innermost(work: Work, scopes: list[int]) -> list[int]:
    """Of each name the variable in the innermost scope."""
    variable = tables.variable
    statement = select(variable.c.name, variable.c.key, variable.c.scope_key).where(
        variable.c.community == work.community, variable.c.scope_key.in_(scopes)
    )
    rows = sorted(work.connection.execute(statement), key=lambda row: -scopes.index(row.scope_key))
    return list({row.name: row.key for row in rows}.values())


@area.searching(
    "/user-tasks/<key:key>/audit-logs/search", "searchUserTaskAuditLogs", "查找任务的操作记录", AUDIT
)
def audit_logs(call: Call, key: int) -> dict[str, Any]:
    TASKS.row(call.work, key)
    return AUDIT.run(call.work, call.body, lambda rows: rows.c.userTaskKey == key)
