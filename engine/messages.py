"""Messages and signals: published here, waited for by running matters, or starting new ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import instances, values
from engine.errors import ModelFault
from engine.expressions import ExpressionFault
from engine.interpreter.budget import refuse_large
from engine.interpreter.elements import Element
from engine.interpreter.model import EventKind, Node
from engine.store import tables
from engine.timing import after

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

DEFAULT_TTL = timedelta(hours=1)


def publish(
    work: Work,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any],
    *,
    ttl: timedelta | None = DEFAULT_TTL,
    message_id: str | None = None,
) -> int:
    """Publish a message; returns how many matters it reached or started.

    A message nobody waits for is kept for ``ttl`` and reaches the first who asks for it. Publishing the same
    ``message_id`` again within that time does nothing.
    """
    refuse_large(work.engine.limits, variables)
    work.flush()
    if message_id is not None and _seen(work, name, correlation_key, message_id):
        return 0
    reached = _correlate(work, name, correlation_key, variables) + _start(work, name, variables)
    if message_id is not None or (not reached and ttl):
        _keep(work, name, correlation_key, variables, ttl or DEFAULT_TTL, message_id, delivered=bool(reached))
    work.settle()
    return reached


def broadcast(work: Work, name: str, variables: Mapping[str, Any]) -> int:
    """Send a signal to every matter of the community that waits for it; returns how many events it reached."""
    work.flush()
    waiting = _waiting(work, EventKind.SIGNAL, name, "")
    for row in waiting:
        _deliver(work, row, variables, "SIGNAL_RECEIVED")
    work.settle()
    return len(waiting)


def subscribe(
    execution: Execution, host: Element, event_id: str, kind: EventKind, name: str, correlation_key: str
) -> None:
    """Let ``host`` wait for a message or signal; a message kept for it is delivered at once."""
    work = execution.work
    row = {
        "community": work.community,
        "key": work.engine.keys.next(),
        "instance_key": execution.key,
        "element_key": host.key,
        "event_id": event_id,
        "kind": kind.value,
        "name": name,
        "correlation_key": correlation_key,
        "satisfied": None,
    }
    work.changes.insert(tables.subscription, row)
    if kind is EventKind.MESSAGE:
        kept = _take_kept(work, name, correlation_key)
        if kept is not None:
            _deliver(work, row, kept, "MESSAGE_CORRELATED")


def deliver_kept(execution: Execution) -> None:
    """A matter goes on: what was kept for it meanwhile arrives now."""
    work, table = execution.work, tables.subscription
    own = {"community": work.community, "instance_key": execution.key, "kind": EventKind.MESSAGE.value}
    for row in work.connection.execute(select(table).filter_by(**own).order_by(table.c.key)).mappings().all():
        kept = _take_kept(work, row["name"], row["correlation_key"])
        if kept is not None:
            _deliver(work, dict(row), kept, "MESSAGE_CORRELATED")


def awaited(work: Work, instance_key: int) -> set[str]:
    """The names of the messages a matter waits for now, for those it concerns."""
    instances.get(work, instance_key)
    table = tables.subscription
    match = (
        table.c.community == work.community,
        table.c.instance_key == instance_key,
        table.c.kind == EventKind.MESSAGE.value,
    )
    return set(work.connection.execute(select(table.c.name).where(*match)).scalars())


def throw(execution: Execution, element: Element, node: Node) -> None:
    """A message throw event, message end event or send task publishes its input-mapped variables."""
    assert node.event is not None
    visible, now = execution.scopes.visible(element), execution.work.now

    def header(name: str) -> Any:
        text = node.headers.get(name)
        if not text:
            return None
        try:
            return execution.work.engine.expressions.parse(text).evaluate(visible, now)
        except ExpressionFault as fault:
            raise ModelFault(f"“{node.name}”的 {name}“{text}”读不懂：{fault}") from fault

    key, message_id, ttl = header("correlationKey"), header("messageId"), header("timeToLive")
    if key is None:
        raise ModelFault(f"“{node.name}”要发出的消息没有关联键，请填写 correlationKey。")
    execution.record("MESSAGE_PUBLISHED", node.id, {"name": node.event.name, "key": str(key)})
    publish(
        execution.work,
        node.event.name,
        str(key),
        execution.scopes.local(element),
        ttl=DEFAULT_TTL if ttl is None else after(now, ttl) - now,
        message_id=None if message_id is None else str(message_id),
    )


def _correlate(work: Work, name: str, correlation_key: str, variables: Mapping[str, Any]) -> int:
    """To one waiting matter of each process, the one that has waited longest."""
    reached: set[str] = set()
    for row in _waiting(work, EventKind.MESSAGE, name, correlation_key):
        if row["process_id"] not in reached:
            reached.add(row["process_id"])
            _deliver(work, row, variables, "MESSAGE_CORRELATED")
    return len(reached)


def _start(work: Work, name: str, variables: Mapping[str, Any]) -> int:
    table = tables.start_subscription
    rows = work.connection.execute(select(table).where(table.c.message_name == name)).all()
    for row in rows:
        instances.create(work, row.definition_key, row.element_id, variables)
    return len(rows)


def _waiting(work: Work, kind: EventKind, name: str, correlation_key: str) -> list[Mapping[str, Any]]:
    table = tables.subscription
    instance = tables.instance
    statement = (
        select(table, instance.c.process_id)
        .join(
            instance, (instance.c.community == table.c.community) & (instance.c.key == table.c.instance_key)
        )
        .where(
            table.c.community == work.community,
            table.c.kind == kind.value,
            table.c.name == name,
            table.c.correlation_key == correlation_key,
            instance.c.suspended_at.is_(None),
        )
        .order_by(table.c.key)
    )
    return [dict(row) for row in work.connection.execute(statement).mappings()]


def _deliver(work: Work, subscription: Mapping[str, Any], variables: Mapping[str, Any], kind: str) -> None:
    execution = work.execution(subscription["instance_key"])
    data = {"name": subscription["name"], "key": subscription["correlation_key"]}
    execution.record(kind, subscription["event_id"], data)
    execution.receive(subscription["element_key"], subscription["event_id"], variables)


def _seen(work: Work, name: str, correlation_key: str, message_id: str) -> bool:
    """Whether this very message is already kept; one that has expired makes room for the new one."""
    table = tables.message
    match = (
        table.c.community == work.community,
        table.c.name == name,
        table.c.correlation_key == correlation_key,
        table.c.message_id == message_id,
    )
    work.connection.execute(table.delete().where(*match, table.c.expires_at <= work.now))
    return work.connection.execute(select(table.c.key).where(*match)).first() is not None


def _keep(
    work: Work,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Any],
    ttl: timedelta,
    message_id: str | None,
    *,
    delivered: bool,
) -> None:
    row = {
        "community": work.community,
        "key": work.engine.keys.next(),
        "name": name,
        "correlation_key": correlation_key,
        "message_id": message_id,
        "variables": values.dump(dict(variables)),
        "delivered": delivered,
        "published_at": work.now,
        "expires_at": work.now + ttl,
    }
    work.changes.insert(tables.message, row)


def _take_kept(work: Work, name: str, correlation_key: str) -> Mapping[str, Any] | None:
    """The oldest kept message of this name and key, which is now delivered."""
    work.flush()
    table = tables.message
    match = (
        table.c.community == work.community,
        table.c.name == name,
        table.c.correlation_key == correlation_key,
        table.c.delivered.is_(False),
        table.c.expires_at > work.now,
    )
    row = work.connection.execute(select(table).where(*match).order_by(table.c.key).limit(1)).one_or_none()
    if row is None:
        return None
    work.changes.update(table, {"community": work.community, "key": row.key}, {"delivered": True})
    variables: Mapping[str, Any] = values.load(row.variables)
    return variables
