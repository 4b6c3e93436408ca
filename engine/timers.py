"""Timers: due instants of running matters, and the instants at which processes start by themselves.

A timer fires once and never early. After a sleep the occurrences that were missed follow the rule of
:func:`engine.timing.next_plan`: a counted cycle catches up one by one, an endless one happens once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from engine import instances
from engine.bell import Topic
from engine.claims import still_due
from engine.errors import ModelFault
from engine.interpreter import triggers
from engine.interpreter.model import EventKind, Node, ProcessModel
from engine.store import tables
from engine.timing import Plan, next_plan, plan

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work


def next_due(connection: Connection) -> datetime | None:
    """When the next timer is due, of a matter or of a start."""
    instants = [connection.execute(select(func.min(t.c.due_at))).scalar_one_or_none() for t in _TABLES]
    return min((instant for instant in instants if instant is not None), default=None)


def next_of(work: Work, instance_key: int) -> datetime | None:
    """When the next timer of one matter is due."""
    table = tables.timer
    match = (table.c.community == work.community, table.c.instance_key == instance_key)
    return work.connection.execute(select(func.min(table.c.due_at)).where(*match)).scalar_one_or_none()


def fire(work: Work, keys: Sequence[int]) -> list[bool]:
    """Fire timers in one transaction; of each, whether it was still there and due, and its matter free.

    The matters are locked before the timers are read, as everybody does who touches them. A matter another has in
    hand is left for the next round, and so is one that an earlier of these timers has moved.
    """
    own = [{"community": work.community, "key": key, "now": work.now} for key in keys]
    matters, found = work.hold(
        tables.timer, keys, *((still_due(tables.timer), each) for each in own), skip_locked=True
    )
    fired = [_fire(work, *each) for each in zip(matters, found, strict=True)]
    work.settle()
    return fired


def _fire(work: Work, matter: Execution | None, timers: Sequence[Any]) -> bool:
    if matter is None or matter.is_resting or matter.has_moved or not timers:
        return False
    triggers.timer_fired(matter, timers[0]._asdict())
    work.proceed()
    return True


# -- starts ------------------------------------------------------------------------------------------


def plan_starts(work: Work, model: ProcessModel, definition_key: int, communities: Iterable[str]) -> None:
    """Plan when the newest version of a process starts by itself; older versions' plans go.

    What an older version still owed is owed by the new one. An instant already past when it is first planned
    starts nothing. Raises :class:`~engine.errors.ModelFault` when a time cannot be understood.
    """
    table = tables.start_timer
    for community in communities:
        match = (table.c.community == community, table.c.process_id == model.process_id)
        owed = {
            row.element_id: row.due_at
            for row in work.connection.execute(select(table).where(*match, table.c.due_at <= work.now))
        }
        work.connection.execute(table.delete().where(*match))
        for node in _timed_starts(model):
            planned = _planned(work, node, community)
            if node.id in owed:
                planned = Plan(owed[node.id], planned.repetitions, planned.cycle)
            elif planned.due_at <= work.now:
                continue
            key = {"community": community, "process_id": model.process_id, "element_id": node.id}
            row = key | {"definition_key": definition_key} | asdict(planned)
            work.connection.execute(table.insert().values(row))
            work.tell(Topic.DUE, planned.due_at)


def plan_community(work: Work, community: str) -> None:
    """Plan all starts of a community that has joined later."""
    table = tables.definition
    in_use = table.c.process_id.not_in(select(tables.retired_process.c.process_id))
    ascending = select(table.c.process_id, table.c.key).where(in_use).order_by(table.c.version)
    latest = {row.process_id: row.key for row in work.connection.execute(ascending)}
    for key in latest.values():
        plan_starts(work, work.engine.catalogue.model(work.connection, key), key, [community])


def start(work: Work, process_id: str, element_id: str) -> bool:
    """Start one matter if its start is still planned and due; plan the next; whether it was."""
    table = tables.start_timer
    identity = (
        table.c.community == work.community,
        table.c.process_id == process_id,
        table.c.element_id == element_id,
    )
    statement = select(table).where(*identity, table.c.due_at <= work.now)
    row = work.connection.execute(statement.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return False
    following = next_plan(Plan(row.due_at, row.repetitions, row.cycle), work.now)
    if following is None:
        work.connection.execute(table.delete().where(*identity))
    else:
        planned = asdict(following) | {"held_until": None}
        work.connection.execute(table.update().where(*identity).values(planned))
        work.tell(Topic.DUE, following.due_at)
    scheduled = {"scheduled_at": row.due_at.isoformat()}
    instances.create(work, row.definition_key, element_id, scheduled)
    work.settle()
    return True


_TABLES = (tables.timer, tables.start_timer)


def _timed_starts(model: ProcessModel) -> list[Node]:
    starts = model.start_events(model.process_id)
    return [node for node in starts if node.event is not None and node.event.kind is EventKind.TIMER]


def _planned(work: Work, node: Node, community: str) -> Plan:
    assert node.event is not None
    if node.event.expression is None or node.event.timer is None:
        raise ModelFault(f"定时开始事件“{node.name}”没有写时间。")
    value = node.event.expression.evaluate({"community_id": community}, work.now)
    if value is None:
        raise ModelFault(f"定时开始事件“{node.name}”的时间“{node.event.expression.text}”为空。")
    return plan(node.event.timer, value, work.now)
