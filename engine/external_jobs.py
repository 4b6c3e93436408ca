"""Service tasks that programs outside do: offered here, taken with a lease, answered before it runs out.

A model says so with the task header ``gov.worker=external``; a task without it needs a handler in the product,
so that a mistyped job type is refused at deployment instead of waiting for a worker that never comes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, case, exists, func, select

from engine import incidents
from engine.bell import Topic
from engine.errors import NotFound, WrongState
from engine.interpreter import triggers
from engine.interpreter.elements import COMPLETE, ENTER, INCIDENT, Element
from engine.interpreter.model import EventKind, Node
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

_job = tables.external_job


@dataclass(frozen=True, slots=True)
class Leased:
    """A job a worker has taken; ``deadline`` is when others may have it again."""

    key: int
    type: str
    instance_key: int
    element_key: int
    element_id: str
    definition_key: int
    process_id: str
    process_version: int
    headers: Mapping[str, str]
    worker: str
    retries: int
    deadline: datetime
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a worker asks for: at most ``limit`` jobs of a type for ``timeout``, with these variables or all."""

    type: str
    worker: str
    timeout: timedelta
    limit: int
    variables: Collection[str] = ()


# -- offering ----------------------------------------------------------------------------------------


def offer(execution: Execution, element: Element, node: Node, retries: int) -> None:
    """A token has come to the task: let workers have its job, anew when an incident was resolved."""
    work = execution.work
    work.tell(Topic.JOBS, work.now)
    own = {"community": work.community, "element_key": element.key}
    if work.connection.execute(select(_job.c.key).filter_by(**own)).first() is not None:
        again = {"available_at": work.now, "retries": case((_job.c.retries > 0, _job.c.retries), else_=1)}
        work.connection.execute(_job.update().filter_by(**own).values(again))
        return
    row = {
        **own,
        "key": work.engine.keys.next(),
        "instance_key": execution.key,
        "element_id": node.id,
        "type": node.job_type,
        "retries": retries,
        "available_at": work.now,
        "worker": None,
        "deadline": None,
        "error": None,
        "created_at": work.now,
    }
    work.changes.insert(_job, row)


def waiting(connection: Connection, community: str, now: datetime, types: Collection[str]) -> dict[str, int]:
    """How many jobs of these types could be taken now."""
    statement = (
        select(_job.c.type, func.count())
        .where(_job.c.community == community, _job.c.type.in_(types), *_free(now))
        .group_by(_job.c.type)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}


def next_free(
    connection: Connection, community: str, now: datetime, types: Collection[str]
) -> datetime | None:
    """When the next job of these types comes out of a lease or a pause."""
    later = (_job.c.retries > 0, _job.c.available_at > now)
    statement = select(func.min(_job.c.available_at)).where(
        _job.c.community == community, _job.c.type.in_(types), *later
    )
    return connection.execute(statement).scalar_one_or_none()


# -- taking ------------------------------------------------------------------------------------------


def activate(work: Work, wish: Wish) -> list[Leased]:
    """Lease jobs to a worker, the longest waiting first; none to two workers at once."""
    statement = (
        select(_job)
        .where(_job.c.community == work.community, _job.c.type == wish.type, *_free(work.now))
        .order_by(_job.c.available_at, _job.c.key)
        .limit(wish.limit)
        .with_for_update(skip_locked=True)
    )
    rows = list(work.connection.execute(statement))
    deadline = work.now + wish.timeout
    taken = {"available_at": deadline, "deadline": deadline, "worker": wish.worker}
    keys = [row.key for row in rows]
    match = (_job.c.community == work.community, _job.c.key.in_(keys))
    work.connection.execute(_job.update().where(*match).values(taken))
    return [_leased(work, row, wish, deadline) for row in rows]


def _free(now: datetime) -> tuple[Any, ...]:
    return _job.c.retries > 0, _job.c.available_at <= now, ~exists(_RESTING)


_matter = tables.instance.c
_RESTING = select(_matter.key).where(
    _matter.community == _job.c.community,
    _matter.key == _job.c.instance_key,
    _matter.suspended_at.is_not(None),
)


def _leased(work: Work, row: Any, wish: Wish, deadline: datetime) -> Leased:
    execution = work.execution(row.instance_key)
    visible = execution.scopes.visible(execution.elements.get(row.element_key))
    version = select(tables.definition.c.version).filter_by(key=execution.row["definition_key"])
    return Leased(
        key=row.key,
        type=row.type,
        instance_key=row.instance_key,
        element_key=row.element_key,
        element_id=row.element_id,
        definition_key=execution.row["definition_key"],
        process_id=execution.model.process_id,
        process_version=work.connection.execute(version).scalar_one(),
        headers=execution.model.nodes[row.element_id].headers,
        worker=wish.worker,
        retries=row.retries,
        deadline=deadline,
        variables={n: v for n, v in visible.items() if not wish.variables or n in wish.variables},
    )


# -- answering ---------------------------------------------------------------------------------------


def complete(work: Work, key: int, variables: Mapping[str, Any]) -> None:
    """The worker has done it; its variables go through the task's output mappings, the token moves on."""
    row, execution, element = _open(work, key)
    _remove(work, key)
    execution.record("SERVICE_DONE", row.element_id, {"type": row.type, "worker": row.worker})
    execution.queue(COMPLETE, element, variables)
    work.settle()


def fail(
    work: Work,
    key: int,
    *,
    retries: int,
    message: str,
    pause: timedelta = timedelta(0),
    variables: Mapping[str, Any] | None = None,
) -> None:
    """The worker could not do it: after ``pause`` it is offered again, or with no tries left becomes an incident."""
    row, execution, element = _open(work, key)
    if variables:
        execution.scopes.set_local(element, variables)
    if retries <= 0:
        execution.elements.update(element, state=INCIDENT)
        cause = f"外部程序没有办成“{execution.node(element).name}”：{message or '没有说明原因'}"
        incidents.raise_(execution, element, ENTER, "JOB", cause)
    told = {"retries": max(retries, 0), "error": message, "available_at": work.now + pause}
    _change(work, row.key, worker=None, deadline=None, **told)
    work.tell(Topic.JOBS, work.now + pause)
    work.settle()


def throw_error(work: Work, key: int, code: str, message: str, variables: Mapping[str, Any]) -> None:
    """The worker reports a business outcome, which an error event with this code catches; else an incident."""
    _row, execution, element = _open(work, key)
    if triggers.throw(execution, element, EventKind.ERROR, code, variables):
        _remove(work, key)
    else:
        execution.elements.update(element, state=INCIDENT)
        cause = f"外部程序报告错误“{code}”：{message}，没有边界事件接住。"
        incidents.raise_(execution, element, ENTER, "ERROR", cause)
        _change(work, key, retries=0, error=cause)
    work.settle()


def update(work: Work, key: int, *, retries: int | None = None, timeout: timedelta | None = None) -> None:
    """New tries for a job, or a new time for the lease it is under."""
    row = _row(work, key)
    if retries is not None:
        _change(work, key, retries=retries)
        work.tell(Topic.JOBS, row.available_at)
    if timeout is not None:
        if row.deadline is None or row.deadline <= work.now:
            raise WrongState("这项作业没有被领取，不能改租期。")
        _change(work, key, deadline=work.now + timeout, available_at=work.now + timeout)


def _open(work: Work, key: int) -> tuple[Any, Execution, Element]:
    """A job that can be answered, read after its matter was locked."""
    execution = work.execution(_row(work, key).instance_key)
    row = _row(work, key)
    element = execution.elements.get(row.element_key)
    assert element is not None  # a job goes with its element
    if element.state == INCIDENT:
        raise WrongState("这项作业出了事故，请先解决事故再办理。")
    return row, execution, element


def _row(work: Work, key: int) -> Any:
    row = work.connection.execute(select(_job).filter_by(community=work.community, key=key)).one_or_none()
    if row is None:
        raise NotFound("作业")
    return row


def _change(work: Work, key: int, **columns: Any) -> None:
    work.changes.update(_job, {"community": work.community, "key": key}, columns)


def _remove(work: Work, key: int) -> None:
    work.changes.delete(_job, {"community": work.community, "key": key})
