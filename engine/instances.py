"""Process instances: the running and ended matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from engine import copies, history, rosters, values
from engine.errors import NotAllowed, NotFound, WrongState
from engine.expressions import as_names
from engine.interpreter.budget import refuse_large
from engine.interpreter.elements import COMPLETE, ENTER
from engine.store import tables
from engine.store.statements import Query, numbered, one_of

if TYPE_CHECKING:
    from engine.runtime import Work


GIVEN = ("matter_no", "initiator", "initiator_name", "community_id", "source_no")
"""Variables the engine gives every matter at its start; each has its own, also one called by another."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a new matter comes from: its number, in whose name, and the call activity that called it."""

    matter_no: str
    started_by: str
    started_by_name: str
    parent_key: int | None = None
    parent_element_key: int | None = None


@dataclass(frozen=True, slots=True)
class ProcessInstance:
    """One matter. ``end_event_name`` is the end event it reached, ``None`` while it runs; ``suspended_at`` is set
    while it rests (:mod:`engine.suspension`).
    """

    key: int
    community: str
    process_id: str
    process_name: str
    definition_key: int
    version: int
    matter_no: str
    title: str
    state: str
    started_by: str
    started_by_name: str
    started_at: datetime
    ended_at: datetime | None
    suspended_at: datetime | None
    end_event_name: str | None


def start(work: Work, process_id: str, variables: Mapping[str, Any], *, version: int | None = None) -> int:
    """Start the latest (or a named) version of a process in the name of the actor; returns the instance key.

    Raises :class:`NotFound` for an unknown process, :class:`WrongState` for one that is out of use and
    :class:`NotAllowed` when the process names other roles in ``gov.startGroups``.
    """
    refuse_large(work.engine.limits, variables)
    found = _STARTABLE.first(work.connection, {"process_id": process_id, "version": version})
    if found is None:
        raise NotFound("流程")
    if found.out_of_use:
        raise WrongState("这个流程已经停用，不能再发起；已经发起的事项照常办完。")
    definition_key = found.key
    if not may_start(work, definition_key):
        raise NotAllowed("您的岗位不能发起这个流程，请联系社区工作人员代为发起。")
    key = create(work, definition_key, None, variables)
    work.settle()
    return key


def may_start(work: Work, definition_key: int) -> bool:
    """Whether the actor fills one of the roles the process lets start it."""
    if work.actor.is_system:
        return True
    model = work.engine.catalogue.model(work.connection, definition_key)
    roles = as_names(model.properties.get("gov.startGroups", "everyone"))
    if "everyone" in roles:
        return True
    known = [role for role in roles if work.engine.groups.known(role)]
    found = [work.engine.groups.resolve(work, role, {"community_id": work.community}) for role in known]
    return any(work.actor.principals & {*candidates.groups, *candidates.users} for candidates in found)


def create(
    work: Work,
    definition_key: int,
    start_event: str | None,
    variables: Mapping[str, Any],
    origin: Origin | None = None,
) -> int:
    """A new matter: begun at its none start event, or after the event that ``start_event`` waits for.

    Without ``origin`` it gets a number of its own and is started by the actor. It runs when the transaction
    settles.
    """
    model = work.engine.catalogue.model(work.connection, definition_key)
    key = work.engine.keys.next()
    origin = origin or Origin(work.engine.numbering(work, model.process_id), work.actor.id, work.actor.name)
    row = {
        "community": work.community,
        "key": key,
        "definition_key": definition_key,
        "process_id": model.process_id,
        "title": model.name,
        "state": "ACTIVE",
        **asdict(origin),
        "started_at": work.now,
        "ended_at": None,
        "suspended_at": None,
        "end_event": None,
        "history_seq": 0,
        "history_head": history.FIRST,
        "row_version": 0,
    }
    work.changes.insert(tables.instance, row)
    execution = work.adopt(row)
    execution.record("INSTANCE_STARTED", model.process_id, {"matter_no": origin.matter_no})
    starter = (origin.started_by, origin.started_by_name)
    given = (origin.matter_no, *starter, work.community, variables.get("source_no"))
    root = execution.start({**variables, **dict(zip(GIVEN, given, strict=True))})
    node = model.nodes[start_event] if start_event else model.start(model.process_id)
    token = execution.begin_scope(root, node)
    execution.queue(COMPLETE if start_event else ENTER, token)
    return key


def get(work: Work, key: int) -> ProcessInstance:
    """A matter that concerns the actor; otherwise :class:`NotFound`, as for one that does not exist."""
    return _one(work, "key", key)


def by_number(work: Work, matter_no: str) -> ProcessInstance:
    """The matter with this number, if it concerns the actor."""
    return _one(work, "matter_no", matter_no)


def find(
    work: Work,
    *,
    started_by_me: bool = False,
    state: str | None = None,
    definition_key: int | None = None,
    search: str | None = None,
    limit: int = 50,
    before: int | None = None,
) -> list[ProcessInstance]:
    """Matters that concern the actor, newest first; ``before`` is the key of the last one already shown."""
    table = tables.instance
    statement = _matters(work).where(concerns(work)).order_by(table.c.key.desc()).limit(limit)
    if started_by_me:
        statement = statement.where(table.c.started_by == work.actor.id)
    if state is not None:
        statement = statement.where(table.c.state == state)
    if definition_key is not None:
        statement = statement.where(table.c.definition_key == definition_key)
    if search:
        statement = statement.where(or_(table.c.title.contains(search), table.c.matter_no.contains(search)))
    if before is not None:
        statement = statement.where(table.c.key < before)
    return _read(work, statement)


def answering(work: Work, matter_no: str) -> list[ProcessInstance]:
    """Matters begun for the matter with this number (its ledger entry, say) that concern the actor, oldest first."""
    table, own = tables.instance, tables.variable
    begun_for = exists().where(
        own.c.community == table.c.community,
        own.c.scope_key == table.c.key,
        own.c.name == "source_no",
        own.c.value == values.dump(matter_no),
    )
    return _read(work, _matters(work).where(concerns(work), begun_for).order_by(table.c.key))


def count_by_definition(work: Work) -> dict[int, int]:
    """How many matters of the community run on each process version."""
    table = tables.instance
    statement = (
        select(table.c.definition_key, func.count())
        .where(table.c.community == work.community, table.c.state == "ACTIVE")
        .group_by(table.c.definition_key)
    )
    return {row[0]: row[1] for row in work.connection.execute(statement)}


def variables(work: Work, key: int) -> dict[str, Any]:
    """The matter's own variables (its outermost scope), for those it concerns."""
    get(work, key)
    table = tables.variable
    match = (table.c.community == work.community, table.c.scope_key == key)
    return {
        row.name: values.load(row.value)
        for row in work.connection.execute(select(table.c.name, table.c.value).where(*match))
    }


def cancel(work: Work, key: int, reason: str = "") -> None:
    """Stop a running matter for good: all its open tasks and timers go, the history keeps the ``reason``."""
    execution = work.execution(key)
    if not execution.is_active:
        raise WrongState("这件事项已经结束，不需要再终止。")
    if execution.row["parent_key"] is not None:
        raise NotAllowed("这件事项是另一件事项的一步，不能单独终止，请终止调用它的事项。")
    execution.stop(reason)
    work.settle()


def active_elements(work: Work, keys: Sequence[int]) -> dict[int, set[str]]:
    """The ids of the elements where tokens are, by matter; the caller has found the matters."""
    element = tables.element.c
    statement = select(element.instance_key, element.element_id).where(
        element.community == work.community, element.instance_key.in_(keys), element.kind != "PROCESS"
    )
    found: dict[int, set[str]] = {}
    for row in work.connection.execute(statement):
        found.setdefault(row.instance_key, set()).add(row.element_id)
    return found


def diagram_state(work: Work, key: int) -> dict[str, list[str]]:
    """For the diagram: ids of elements with a token, elements and flows passed, elements with an incident."""
    get(work, key)
    element, past = tables.element, tables.history
    where_tokens_are = (
        select(element.c.element_id, element.c.state)
        .where(
            element.c.community == work.community, element.c.instance_key == key, element.c.kind != "PROCESS"
        )
        .distinct()
    )
    where_they_were = (
        select(past.c.element_id, past.c.kind)
        .where(
            past.c.community == work.community,
            past.c.instance_key == key,
            past.c.kind.in_(("ELEMENT_COMPLETED", "FLOW_TAKEN")),
        )
        .distinct()
    )
    tokens = work.connection.execute(where_tokens_are).all()
    passed = work.connection.execute(where_they_were).all()
    return {
        "active": sorted({row[0] for row in tokens}),
        "incidents": sorted({row[0] for row in tokens if row[1] == "INCIDENT"}),
        "passed": sorted({row[0] for row in passed if row[1] == "ELEMENT_COMPLETED"}),
        "flows": sorted({row[0] for row in passed if row[1] == "FLOW_TAKEN"}),
    }


def concerns(work: Work) -> Any:
    """The condition under which an instance row concerns the actor.

    Those who take part in it, who were sent a copy of it, and the community's administrators and auditors, whose
    posts say so.
    """
    if oversees(work):
        return tables.instance.c.community == work.community
    return or_(takes_part(work), copies.was_sent(work.actor.id))


def takes_part(work: Work) -> Any:
    """The condition under which the actor started a matter, has or had a task in it, or could or can claim one."""
    return _taking_part(work.community, work.actor.id, tables.candidate.c.principal.in_(work.actor.known_as))


def _taking_part(community: Any, me: Any, acting: ColumnElement[bool]) -> ColumnElement[bool]:
    instance, task, candidate = tables.instance, tables.user_task, tables.candidate
    tasks = select(task.c.key).where(
        task.c.community == instance.c.community, task.c.instance_key == instance.c.key
    )
    doer = or_(task.c.assignee == me, task.c.completed_by == me, task.c.owner == me)
    own = tasks.where(or_(doer, rosters.asked(community, me)))
    joined = tasks.join(
        candidate, (candidate.c.community == task.c.community) & (candidate.c.task_key == task.c.key)
    )
    claimable = joined.where(acting)
    return or_(instance.c.started_by == me, exists(own), exists(claimable))


def require_part(work: Work, key: int) -> ProcessInstance:
    """A matter the actor takes part in or administers; auditors and whoever was sent a copy read it and no more."""
    found = get(work, key)
    statement = select(tables.instance.c.key).where(
        tables.instance.c.community == work.community, tables.instance.c.key == key, takes_part(work)
    )
    if not _holds(work, ADMINISTRATORS) and work.connection.execute(statement).first() is None:
        raise NotAllowed("这件事项您只能查看，不能在其中办理或发言。")
    return found


def oversees(work: Work) -> bool:
    """Whether the actor sees every matter of the community."""
    return _holds(work, OVERSEERS)


def _holds(work: Work, posts: Iterable[str]) -> bool:
    """Whether the actor holds one of these posts in the community; the engine itself holds all."""
    return work.actor.is_system or work.actor.holds(posts, work.community)


ADMINISTRATORS = ("process_admin", "admin")
"""Posts that may act in every matter of their community."""
OVERSEERS = (*ADMINISTRATORS, "auditor")
"""Posts that oversee every matter of their community."""


_MATTERS = select(
    tables.instance, tables.definition.c.name.label("process_name"), tables.definition.c.version
).join(tables.definition, tables.definition.c.key == tables.instance.c.definition_key)


def _one(work: Work, column: str, value: Any) -> ProcessInstance:
    acting = () if oversees(work) else work.actor.known_as
    who = {"community": work.community, "actor": work.actor.id, **numbered("principal", acting)}
    row = _by(column, len(acting)).first(work.connection, who | {column: value})
    if row is None:
        raise NotFound("事项")
    return _instance(row)


@cache
def _by(column: str, principals: int) -> Query:
    """One matter, for somebody who acts as so many; for none at all, who oversees them all."""
    table, me = tables.instance, bindparam("actor", type_=String)
    here: BindParameter[str] = bindparam("community")
    statement = _MATTERS.where(table.c.community == here, table.c[column] == bindparam(column))
    if principals:
        acting = one_of(tables.candidate.c.principal, "principal", principals)
        statement = statement.where(or_(_taking_part(here, me, acting), copies.was_sent(me)))
    return Query(statement)


_definition, _retired, _any = tables.definition, tables.retired_process, tables.definition.alias()
_process: BindParameter[str] = bindparam("process_id")
_latest = select(func.max(_any.c.version)).where(_any.c.process_id == _process).scalar_subquery()
_out_of_use = exists().where(_retired.c.process_id == _definition.c.process_id).label("out_of_use")
_STARTABLE = Query(
    select(_definition.c.key, _out_of_use).where(
        _definition.c.process_id == _process,
        _definition.c.version == func.coalesce(bindparam("version", type_=_any.c.version.type), _latest),
    )
)


def _matters(work: Work) -> Select[Any]:
    return _MATTERS.where(tables.instance.c.community == work.community)


def _read(work: Work, statement: Select[Any]) -> list[ProcessInstance]:
    return [_instance(row) for row in work.connection.execute(statement)]


def _instance(row: Any) -> ProcessInstance:
    return ProcessInstance(
        key=row.key,
        community=row.community,
        process_id=row.process_id,
        process_name=row.process_name,
        definition_key=row.definition_key,
        version=row.version,
        matter_no=row.matter_no,
        title=row.title,
        state=row.state,
        started_by=row.started_by,
        started_by_name=row.started_by_name,
        started_at=row.started_at,
        ended_at=row.ended_at,
        suspended_at=row.suspended_at,
        end_event_name=row.end_event,
    )
