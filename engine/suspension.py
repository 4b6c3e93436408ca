"""A matter that rests: nothing moves and nothing comes due until it is resumed, with the time it had left.

Tasks stay where they are and refuse to be done. Timers, tries and due dates go on as late as the rest was long.
Messages are kept for as long as they were published for; jobs are given to no program. What the matter has called rests
with it. Whoever calls decides first whether the actor may.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from engine import claims, messages
from engine.bell import Topic
from engine.errors import NotAllowed, WrongState
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

DUE = (tables.timer, tables.job)
"""Where rows of a matter come due by themselves."""


def suspend(work: Work, key: int, reason: str = "") -> None:
    """Let a running matter rest, with everything it has called."""
    execution = _outermost(work, key)
    execution.require_active()
    for one in _with_called(execution):
        one.change(suspended_at=work.now)
        one.record("INSTANCE_SUSPENDED", one.model.process_id, {"reason": reason})
        for table in DUE:
            own = (table.c.community == work.community, table.c.instance_key == one.key)
            work.connection.execute(table.update().where(*own).values(held_until=claims.FOREVER))
    work.settle()


def resume(work: Work, key: int) -> None:
    """Let it go on: what was due in an hour when it began to rest is due in an hour from now."""
    execution = _outermost(work, key)
    since = execution.row["suspended_at"]
    if since is None:
        raise WrongState("这件事项没有暂停，不需要恢复。")
    rested = work.now - since
    for one in _with_called(execution):
        one.change(suspended_at=None)
        one.record("INSTANCE_RESUMED", one.model.process_id, {"seconds": int(rested.total_seconds())})
        _shift_what_comes_due(one, rested)
        _shift_tasks(one, rested)
    work.flush()
    for one in _with_called(execution):
        messages.deliver_kept(one)
    work.tell(Topic.DUE, work.now)
    work.tell(Topic.JOBS, work.now)
    work.settle()


def _outermost(work: Work, key: int) -> Execution:
    execution = work.execution(key)
    if execution.row["parent_key"] is not None:
        raise NotAllowed("这件事项是另一件事项的一步，不能单独暂停或恢复，请对调用它的事项办理。")
    return execution


def _with_called(execution: Execution) -> Iterator[Execution]:
    """The matter and all that run because of it."""
    yield execution
    work, table = execution.work, tables.instance
    called = select(table.c.key).filter_by(community=work.community, parent_key=execution.key, state="ACTIVE")
    for key in list(work.connection.execute(called).scalars()):
        yield from _with_called(work.execution(key))


def _shift_what_comes_due(execution: Execution, rested: timedelta) -> None:
    work = execution.work
    for table in DUE:
        own = {"community": work.community, "instance_key": execution.key}
        for row in work.connection.execute(select(table).filter_by(**own)).all():
            later = {"due_at": row.due_at + rested, "held_until": None}
            work.changes.update(table, {"community": work.community, "key": row.key}, later)


def _shift_tasks(execution: Execution, rested: timedelta) -> None:
    work, table = execution.work, tables.user_task
    own = {"community": work.community, "instance_key": execution.key, "state": "CREATED"}
    for row in work.connection.execute(select(table).filter_by(**own)).all():
        dates = {name: getattr(row, name) for name in ("due_at", "follow_up_at")}
        later = {name: instant + rested for name, instant in dates.items() if instant is not None}
        work.changes.update(table, {"community": work.community, "key": row.key}, later)
