"""User tasks: what people have to do, who may see it, and doing it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    exists,
    or_,
    select,
)

from engine import duties, history, instances, rosters, signing, values
from engine.errors import AlreadyCompleted, FormInvalid, NotAllowed, NotFound, WrongState
from engine.interpreter import human
from engine.interpreter.budget import refuse_large
from engine.interpreter.elements import COMPLETE
from engine.rosters import KIND
from engine.store import tables
from engine.store.statements import Query, Question, ask, numbered, one_of

if TYPE_CHECKING:
    from engine.runtime import Work

BALLOT = "ballot"

WITHDRAWN = "这项任务已因流程推进而撤销，不需要再办理。"
WITHDRAWN_ROSTER = "已经截止，不能再提交；没有提交的算没有答复。有疑问请联系组织这件事的人。"
"""What is said to whoever comes after the end of a task."""

_task, _candidate, _instance, _definition = (
    tables.user_task,
    tables.candidate,
    tables.instance,
    tables.definition,
)


@dataclass(frozen=True, slots=True)
class UserTask:
    """One user task with the matter it belongs to.

    ``owner`` delegated it to the assignee and gets it back; ``signs_for`` is the task an opinion is asked for,
    ``open_signers`` how many opinions this one waits for.
    """

    key: int
    community: str
    instance_key: int
    element_key: int
    element_id: str
    name: str
    state: str
    assignee: str | None
    owner: str | None
    signs_for: int | None
    open_signers: int
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due_at: datetime | None
    priority: int
    form_key: int | None
    created_at: datetime
    completed_at: datetime | None
    completed_by: str | None
    completed_by_name: str | None
    completed_seq: int | None
    headers: Mapping[str, str]
    instance_title: str
    matter_no: str
    process_id: str
    process_name: str
    definition_key: int
    started_by_name: str

    @property
    def is_ballot(self) -> bool:
        """Ballots have no draft and leave no values in variables or history."""
        return self.headers.get(KIND) == BALLOT

    @property
    def is_roster(self) -> bool:
        """Answered by everybody on a roster, each for themselves."""
        return rosters.is_roster(self.headers)

    @property
    def keeps_draft(self) -> bool:
        """Whether a half-filled form may be kept: of a vote or an answer no trace may remain before it is given."""
        return not (self.is_ballot or self.is_roster)


# -- finding -----------------------------------------------------------------------------------------


def get(work: Work, key: int) -> UserTask:
    """A task (open or ended) that concerns the actor; otherwise :class:`NotFound`, as if it did not exist."""
    return _task_in(ask(work.connection, *_questions(work, key)))


def hold(work: Work, key: int) -> UserTask:
    """The same, its matter locked first, so that until the transaction ends nobody else finds the task open."""
    return _task_in(work.hold_task(key, *_questions(work, key)))


def take_up(work: Work, key: int) -> UserTask:
    """The same for a task that must still be open."""
    task = hold(work, key)
    _require_open(task)
    return task


def of_instance(work: Work, instance_key: int, state: str = "CREATED") -> list[UserTask]:
    """A matter's tasks in one state, for anyone the matter concerns."""
    instances.get(work, instance_key)
    own = {"community": work.community, "instance_key": instance_key, "state": state}
    return read(work, _OF_INSTANCE, own)


def by_keys(work: Work, keys: Iterable[int]) -> list[UserTask]:
    """Tasks by their keys, oldest first; the caller has decided that they may be seen."""
    wanted = list(keys)
    who = {"community": work.community, **numbered("task", wanted)}
    return read(work, _by_keys(len(wanted)), who) if wanted else []


def read(work: Work, query: Query, values: Mapping[str, Any]) -> list[UserTask]:
    """The tasks a query over :data:`TASKS` finds, each with its candidates."""
    rows = query.all(work.connection, values)
    candidates = _candidates(work, [row.key for row in rows])
    return [_task_of(row, candidates.get(row.key, ())) for row in rows]


def context(work: Work, key: int) -> dict[str, Any]:
    """The variables visible at a task, for rendering and judging its form."""
    return dict(visible(work, get(work, key)))


def visible(work: Work, task: UserTask) -> Mapping[str, Any]:
    """The same for a task that was read already; each variable is read from its text when it is asked for."""
    execution = work.execution(task.instance_key)
    return _seen(work, task, execution.scopes.visible(execution.elements.get(task.element_key)))


def submitted(work: Work, key: int) -> dict[str, Any] | None:
    """What was submitted when the task was done; ``None`` for ballots and tasks not done."""
    task = get(work, key)
    if task.is_ballot or task.completed_seq is None:
        return None
    return history.values_of(work, task.instance_key, task.completed_seq)


# -- doing -------------------------------------------------------------------------------------------


def complete(work: Work, key: int, submission: Any) -> None:
    """Do a task: the submission is validated by its form, stored, and the token moves on.

    Raises :class:`NotFound` when it does not concern the actor, :class:`AlreadyCompleted` when it is done,
    :class:`NotAllowed` when another person has to do it, ``FormInvalid`` when the form is not satisfied.
    """
    complete_held(work, hold(work, key), submission)


def complete_held(work: Work, task: UserTask, submission: Any) -> None:
    """The same for a task this transaction holds (:func:`hold`)."""
    _require_open(task)
    _require_doer(work, task)
    if task.is_roster:
        rosters.require_asked(work, task.key)
    signing.require_signed(task)
    execution = work.execution(task.instance_key)
    element = execution.elements.get(task.element_key)
    assert element is not None  # the open task and its element live and die in one transaction
    visible = _seen(work, task, execution.scopes.visible(element))
    data = _validated(work, task, submission, visible)
    refuse_large(work.engine.limits, data)
    if task.is_roster:
        _answer(work, task, data, visible)
        return
    if task.signs_for is not None:
        signing.sign(work, task, data)
        return
    sink = work.engine.registry.sink(task.headers.get(KIND, ""))
    secret: Mapping[str, Any] = data if sink is None else {}
    results = data if sink is None else sink(work, task, data, visible)
    done = {"completed_by": work.actor.id, "completed_by_name": work.actor.name}
    seq = execution.record("TASK_COMPLETED", task.element_id, {"task": str(task.key)}, secret)
    closed = {"state": "COMPLETED", "assignee": work.actor.id, "completed_seq": seq, **done}
    candidates = bool(task.candidate_groups or task.candidate_users)
    human.close_task(execution, task.key, closed, has_candidates=candidates)
    execution.queue(COMPLETE, element, results)
    work.settle()


def _seen(work: Work, task: UserTask, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """The variables as the actor sees them: a roster may show something to each person."""
    if not task.is_roster:
        return variables
    return ChainMap(dict(rosters.shown(work, task.headers, variables)), cast(dict[str, Any], variables))


def _answer(work: Work, task: UserTask, data: Mapping[str, Any], visible: Mapping[str, Any]) -> None:
    """One person of a roster has answered; the task is done when the roster's rule says so."""
    execution = work.execution(task.instance_key)
    results = rosters.answer(work, task, data, visible)
    execution.record("TASK_ANSWERED", task.element_id, {"task": str(task.key)})
    if results is not None:
        execution.record("TASK_COMPLETED", task.element_id, {"task": str(task.key)})
        human.close_task(execution, task.key, {"state": "COMPLETED"})
        element = execution.elements.get(task.element_key)
        assert element is not None
        execution.queue(COMPLETE, element, results)
    work.settle()


def claim(work: Work, key: int) -> None:
    """Take a task from the group: it is the actor's to do from now on."""
    task = take_up(work, key)
    if task.is_roster:
        raise NotAllowed("这项任务由名册上的每个人各自办理，不需要认领。")
    if task.assignee not in (None, work.actor.id):
        raise WrongState("这项任务已有人认领，如需接手请先请对方退回。")
    duties.require_other_doer(work, task, work.actor.id)
    _assign(work, task, work.actor.id, "TASK_CLAIMED")


def release(work: Work, key: int) -> None:
    """Give a claimed task back to its candidates."""
    task = take_up(work, key)
    if task.assignee != work.actor.id:
        raise NotAllowed("这项任务不在您名下，不能退回。")
    require_decided_by_owner(task)
    if not task.candidate_groups and not task.candidate_users:
        raise NotAllowed("这项任务指定由您办理，不能退回认领；确需换人请联系社区工作人员。")
    _assign(work, task, None, "TASK_RELEASED")


def reassign(work: Work, key: int, person: str) -> None:
    """Give an open task to another person (a seat's new representative, a handover)."""
    task = take_up(work, key)
    _assign(work, task, person, "TASK_REASSIGNED")


def _assign(work: Work, task: UserTask, person: str | None, kind: str) -> None:
    execution = work.execution(task.instance_key)
    identity = {"community": work.community, "key": task.key}
    work.changes.update(_task, identity, {"assignee": person, "owner": None})
    execution.record(kind, task.element_id, {"task": str(task.key), "assignee": person})
    work.settle()


# -- drafts ------------------------------------------------------------------------------------------


def save_draft(work: Work, key: int, data: Mapping[str, Any]) -> None:
    """Keep a half-filled form for the actor; refused for ballots, of which no trace may remain."""
    keep_draft(work, get(work, key), data)


def keep_draft(work: Work, task: UserTask, data: Mapping[str, Any]) -> None:
    """The same for a task that was read already."""
    _require_open(task)
    if not task.keeps_draft:
        raise NotAllowed("表决票不保存草稿，请确认后一次提交。")
    write_draft(work, task.key, work.actor.id, data)


def write_draft(work: Work, key: int, person: str, data: Mapping[str, Any]) -> None:
    """Write a person's draft; the caller has decided that there may be one."""
    table = tables.draft
    identity = {"community": work.community, "task_key": key, "person": person}
    match = [table.c[name] == value for name, value in identity.items()]
    row = {"data": values.dump(dict(data)), "saved_at": work.now}
    if not work.connection.execute(table.update().where(*match).values(row)).rowcount:
        work.connection.execute(table.insert().values(identity | row))


def draft(work: Work, key: int) -> dict[str, Any] | None:
    """The actor's draft of a task."""
    table = tables.draft
    match = (table.c.community == work.community, table.c.task_key == key, table.c.person == work.actor.id)
    text = work.connection.execute(select(table.c.data).where(*match)).scalar_one_or_none()
    return None if text is None else dict(values.load(text))


# -- rules -------------------------------------------------------------------------------------------


def _require_open(task: UserTask) -> None:
    if task.state == "COMPLETED" and task.completed_at is not None:
        raise AlreadyCompleted(task.completed_by or "", task.completed_by_name or "他人", task.completed_at)
    if task.state != "CREATED":
        raise WrongState(WITHDRAWN_ROSTER if task.is_roster else WITHDRAWN)


def _require_doer(work: Work, task: UserTask) -> None:
    if work.actor.is_system:
        return
    if task.assignee not in (None, work.actor.id):
        raise NotAllowed("这项任务由他人办理中，如需接手请先请对方退回。")
    require_decided_by_owner(task)
    duties.require_other_doer(work, task, work.actor.id)


def require_decided_by_owner(task: UserTask) -> None:
    """Refuse what only the owner of a delegated task decides."""
    if task.owner is not None:
        raise WrongState("这项任务是别人委派给您的，请办好后交还，由委派人决定。")


def _validated(work: Work, task: UserTask, submission: Any, visible: Mapping[str, Any]) -> dict[str, Any]:
    if task.form_key is None:
        return _without_form(work, task, submission)
    schema = work.engine.catalogue.form(work.connection, task.form_key)
    return work.engine.forms.validate(schema, submission, visible, work.now)


def _without_form(work: Work, task: UserTask, submission: Any) -> dict[str, Any]:
    """Without a form nothing says what may be written: only what output mappings take over is accepted."""
    given = dict(submission) if isinstance(submission, Mapping) else {}
    execution = work.execution(task.instance_key)
    if given and not execution.model.nodes[task.element_id].outputs:
        sentence = "这项任务没有表单，也没有输出映射，不能提交变量。请在模型里补上其中一样。"
        raise FormInvalid({name: [sentence] for name in given})
    return given


# -- queries -----------------------------------------------------------------------------------------


def _acting(work: Work) -> ColumnElement[bool]:
    return _candidate.c.principal.in_(work.actor.known_as)


def _is_candidate(acting: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(_candidate.c.task_key).where(
            _candidate.c.community == _task.c.community,
            _candidate.c.task_key == _task.c.key,
            acting,
        )
    )


def concerns(work: Work) -> ColumnElement[bool]:
    """The condition under which a task row concerns the actor: theirs to do, done by them, or to be claimed."""
    if work.actor.is_system:
        return _task.c.community == work.community
    return _concerning(work.community, work.actor.id, _acting(work))


def _concerning(community: Any, actor: Any, acting: ColumnElement[bool]) -> ColumnElement[bool]:
    own = or_(_task.c.assignee == actor, _task.c.completed_by == actor, _task.c.owner == actor)
    return or_(own, _is_candidate(acting), rosters.asked(community, actor))


@cache
def _one(principals: int) -> Query:
    """One task, for somebody who acts as so many; none at all is the engine itself."""
    here: BindParameter[str] = bindparam("community")
    statement = TASKS.where(_task.c.community == here, _task.c.key == bindparam("key"))
    if principals:
        acting = one_of(_candidate.c.principal, "principal", principals)
        statement = statement.where(_concerning(here, bindparam("actor"), acting))
    return Query(statement)


TASKS = (
    select(
        _task,
        _instance.c.title,
        _instance.c.matter_no,
        _instance.c.process_id,
        _instance.c.definition_key,
        _instance.c.started_by_name,
        _definition.c.name.label("process_name"),
    )
    .join(
        _instance,
        (_instance.c.community == _task.c.community) & (_instance.c.key == _task.c.instance_key),
    )
    .join(_definition, _definition.c.key == _instance.c.definition_key)
)
_CANDIDATES_OF = Query(
    select(_candidate.c.principal, _candidate.c.is_group).where(
        _candidate.c.community == bindparam("community"), _candidate.c.task_key == bindparam("key")
    )
)


def _questions(work: Work, key: int) -> tuple[Question, Question]:
    """What is asked about one task: itself, if it concerns the actor, and its candidates."""
    acting = () if work.actor.is_system else work.actor.known_as
    who = {"actor": work.actor.id, **numbered("principal", acting)}
    own = {"community": work.community, "key": key}
    return (_one(len(acting)), own | who), (_CANDIDATES_OF, own)


def _task_in(answers: Sequence[Sequence[Any]]) -> UserTask:
    rows, candidates = answers
    if not rows:
        raise NotFound("任务")
    return _task_of(rows[0], [(row.principal, row.is_group) for row in candidates])


_OF_INSTANCE = Query(
    TASKS.where(
        _task.c.community == bindparam("community"),
        _task.c.instance_key == bindparam("instance_key"),
        _task.c.state == bindparam("state"),
    ).order_by(_task.c.key)
)


@cache
def _by_keys(tasks: int) -> Query:
    """So many tasks."""
    match = (_task.c.community == bindparam("community"), one_of(_task.c.key, "task", tasks))
    return Query(TASKS.where(*match).order_by(_task.c.key))


@cache
def _candidates_of(tasks: int) -> Query:
    """The candidates of so many tasks."""
    columns = (_candidate.c.task_key, _candidate.c.principal, _candidate.c.is_group)
    own = (_candidate.c.community == bindparam("community"), one_of(_candidate.c.task_key, "task", tasks))
    return Query(select(*columns).where(*own))


def _task_of(row: Any, candidates: Iterable[tuple[str, bool]]) -> UserTask:
    return UserTask(
        key=row.key,
        community=row.community,
        instance_key=row.instance_key,
        element_key=row.element_key,
        element_id=row.element_id,
        name=row.name,
        state=row.state,
        assignee=row.assignee,
        owner=row.owner,
        signs_for=row.signs_for,
        open_signers=row.open_signers,
        candidate_groups=tuple(name for name, is_group in candidates if is_group),
        candidate_users=tuple(name for name, is_group in candidates if not is_group),
        due_at=row.due_at,
        priority=row.priority,
        form_key=row.form_key,
        created_at=row.created_at,
        completed_at=row.ended_at if row.state == "COMPLETED" else None,
        completed_by=row.completed_by,
        completed_by_name=row.completed_by_name,
        completed_seq=row.completed_seq,
        headers=values.load(row.headers),
        instance_title=row.title,
        matter_no=row.matter_no,
        process_id=row.process_id,
        process_name=row.process_name,
        definition_key=row.definition_key,
        started_by_name=row.started_by_name,
    )


def _candidates(work: Work, keys: list[int]) -> dict[int, list[tuple[str, bool]]]:
    found: dict[int, list[tuple[str, bool]]] = {}
    if keys:
        who = {"community": work.community, **numbered("task", keys)}
        for row in _candidates_of(len(keys)).all(work.connection, who):
            found.setdefault(row.task_key, []).append((row.principal, row.is_group))
    return found
