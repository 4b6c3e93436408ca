"""What happened in a matter, append-only, each event sealed by the one before it.

The digest of an event covers its predecessor's digest and everything in it. Values that may have to be
erased some day (PIPL 47) stand beside the chain in rows of their own; the chain holds only their salted
digests, so that erasing a value does not break it.

Kinds and what ``data`` holds: ``INSTANCE_STARTED`` ``{version, matter_no}`` · ``INSTANCE_COMPLETED`` ·
``INSTANCE_TERMINATED`` ``{reason}`` · ``INSTANCE_SUSPENDED`` ``{reason}``,
``INSTANCE_RESUMED`` ``{seconds}`` · ``ELEMENT_ENTERED``, ``ELEMENT_COMPLETED``, ``ELEMENT_TERMINATED`` ·
``ITERATION_COMPLETED`` ``{index, done}`` · ``FLOW_TAKEN`` · ``TASK_CREATED`` ``{task, assignee, groups, users}`` ·
``TASK_CLAIMED``, ``TASK_RELEASED``, ``TASK_REASSIGNED`` ``{task, …}`` · ``TASK_COMPLETED`` ``{task}`` with the
submitted values beside · ``TASK_DELEGATED`` ``{task, assignee, owner, reason}``, ``TASK_RESOLVED``
``{task, assignee, note}``, ``TASK_RECALLED`` · ``TASK_SIGNERS_ADDED`` ``{task, signers, reason}``,
``TASK_SIGNER_REMOVED`` ``{task, signer, reason}``, ``TASK_SIGNED`` ``{task}`` with the opinion beside ·
``TASK_RETURNED`` ``{task, target, reason}``, ``TASK_TAKEN_BACK`` ``{task}`` · ``TASK_URGED`` ``{task, note}`` ·
``MATTER_COPIED`` ``{persons, note}`` · ``COMMENTED`` with the text beside ·
``TASK_CANCELED`` ``{task}`` · ``TASK_ANSWERED`` ``{task}`` · ``TIMER_FIRED`` ``{due_at}`` · ``CONDITION_MET`` ·
``INSTANCE_CALLED`` ``{instance, matter_no}`` · ``MESSAGE_PUBLISHED``,
``MESSAGE_CORRELATED`` ``{name, key}`` · ``SERVICE_DONE`` ``{type}`` · ``DECISION_EVALUATED`` ``{decision, rules}``
with ``result`` beside · ``VARIABLES_CHANGED`` with the values beside · ``INCIDENT_RAISED``
``{kind, message}`` · ``INCIDENT_RESOLVED``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import values
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

FIRST = "0" * 64
"""The digest before a matter's first event."""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One event as people read it; ``data`` includes the values that were not erased."""

    seq: int
    at: datetime
    kind: str
    element_id: str
    element_name: str
    actor_id: str
    actor_name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether a matter's history is whole; ``broken_at`` is the first event that does not fit."""

    intact: bool
    length: int
    broken_at: int | None = None


def append(
    execution: Execution, kind: str, element_id: str, data: Mapping[str, Any], secret: Mapping[str, Any]
) -> int:
    """Add an event in the name of the acting person; returns its number in the matter."""
    work = execution.work
    seq: int = execution.row["history_seq"] + 1
    node = execution.model.nodes.get(element_id)
    sealed: dict[str, str] = {}
    for name, value in secret.items():
        salt, text = secrets.token_hex(16), values.dump(value)
        sealed[name] = values.digest(salt, text)
        key = {"community": work.community, "instance_key": execution.key, "seq": seq, "name": name}
        work.changes.insert(tables.history_value, key | {"salt": salt, "value": text})
    event = {
        "community": work.community,
        "instance_key": execution.key,
        "seq": seq,
        "at": work.now,
        "kind": kind,
        "element_id": element_id,
        "element_name": node.name if node else "",
        "actor_id": work.actor.id,
        "actor_name": work.actor.name,
        "data": values.dump({**data, **({"values": sealed} if sealed else {})}),
    }
    head = _seal(execution.row["history_head"], event)
    work.changes.insert(tables.history, event | {"digest": head})
    execution.change(history_seq=seq, history_head=head)
    return seq


def values_of(work: Work, instance_key: int, seq: int) -> dict[str, Any]:
    """The values beside one event that were not erased."""
    return _values(work, instance_key).get(seq, {})


def timeline(work: Work, instance_key: int) -> list[HistoryEvent]:
    """All events of a matter in order."""
    match = (tables.history.c.community == work.community, tables.history.c.instance_key == instance_key)
    events = work.connection.execute(select(tables.history).where(*match).order_by(tables.history.c.seq))
    beside = _values(work, instance_key)
    found = []
    for row in events:
        data = values.load(row.data)
        data.pop("values", None)
        data.update(beside.get(row.seq, {}))
        found.append(
            HistoryEvent(
                row.seq,
                row.at,
                row.kind,
                row.element_id,
                row.element_name,
                row.actor_id,
                row.actor_name,
                data,
            )
        )
    return found


def last_of(work: Work, instance_key: int, kind: str, task_key: int) -> datetime | None:
    """When an event of this kind last told of a task; ``None`` when never."""
    event = tables.history.c
    match = (event.community == work.community, event.instance_key == instance_key, event.kind == kind)
    rows = work.connection.execute(select(event.at, event.data).where(*match).order_by(event.seq.desc()))
    return next((row.at for row in rows if values.load(row.data).get("task") == str(task_key)), None)


def verify(work: Work, instance_key: int) -> ChainCheck:
    """Compute the chain anew from the rows and compare; values still present must match their digests."""
    match = (tables.history.c.community == work.community, tables.history.c.instance_key == instance_key)
    rows = work.connection.execute(
        select(tables.history).where(*match).order_by(tables.history.c.seq)
    ).mappings()
    stored = _stored_values(work, instance_key)
    head, count = FIRST, 0
    for count, row in enumerate(rows, 1):
        event = {name: row[name] for name in row if name != "digest"}
        head = _seal(head, event)
        sealed = values.load(row["data"]).get("values", {})
        own = stored.get(row["seq"], {})
        fits = all(sealed.get(name) == values.digest(salt, text) for name, (salt, text) in own.items())
        if row["seq"] != count or row["digest"] != head or not fits:
            return ChainCheck(False, count, count)
    expected = work.connection.execute(
        select(tables.instance.c.history_head).where(
            tables.instance.c.community == work.community, tables.instance.c.key == instance_key
        )
    ).scalar_one()
    return ChainCheck(expected == head, count, None if expected == head else count + 1)


def _seal(head: str, event: Mapping[str, Any]) -> str:
    body = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in event.items()
    }
    return values.digest(head, values.dump(body))


def _stored_values(work: Work, instance_key: int) -> dict[int, dict[str, tuple[str, str]]]:
    table = tables.history_value
    match = (
        table.c.community == work.community,
        table.c.instance_key == instance_key,
        table.c.value.is_not(None),
    )
    found: dict[int, dict[str, tuple[str, str]]] = {}
    for row in work.connection.execute(select(table).where(*match)):
        found.setdefault(row.seq, {})[row.name] = (row.salt, row.value)
    return found


def _values(work: Work, instance_key: int) -> dict[int, dict[str, Any]]:
    stored = _stored_values(work, instance_key)
    return {seq: {name: values.load(text) for name, (_, text) in own.items()} for seq, own in stored.items()}
