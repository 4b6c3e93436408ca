"""Incidents: a token that cannot go on by itself waits, and somebody is told why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import values
from engine.errors import NotFound
from engine.store import tables

if TYPE_CHECKING:
    from engine.interpreter.elements import Element
    from engine.interpreter.execution import Execution
    from engine.runtime import Work


@dataclass(frozen=True, slots=True)
class Incident:
    """An open incident with the matter it stopped. ``message`` is a Chinese sentence for the administrator."""

    key: int
    instance_key: int
    element_id: str
    element_name: str
    kind: str
    message: str
    raised_at: datetime
    matter_no: str
    title: str


def raise_(
    execution: Execution,
    element: Element,
    action: str,
    kind: str,
    message: str,
    *,
    event_id: str = "",
    results: Mapping[str, Any] | None = None,
) -> None:
    """Note that ``element`` is stuck; ``action``, with its event and results, is what resolving will try again."""
    work = execution.work
    row = {
        "community": work.community,
        "key": work.engine.keys.next(),
        "instance_key": execution.key,
        "element_key": element.key,
        "element_id": element.element_id,
        "action": action,
        "event_id": event_id or None,
        "results": values.dump(dict(results)) if results else None,
        "kind": kind,
        "message": message,
        "raised_at": work.now,
        "resolved_at": None,
        "resolved_by": None,
    }
    work.changes.insert(tables.incident, row)
    execution.record("INCIDENT_RAISED", element.element_id, {"kind": kind, "message": message})


def close(execution: Execution, element: Element) -> None:
    """The stuck element was taken away: nobody has to do anything about it any more."""
    work = execution.work
    work.flush()
    table = tables.incident
    match = (table.c.community == work.community, table.c.element_key == element.key)
    done = {"resolved_at": work.now, "resolved_by": work.actor.id}
    work.connection.execute(table.update().where(*match, table.c.resolved_at.is_(None)).values(done))
    execution.record("INCIDENT_RESOLVED", element.element_id)


def open_incidents(work: Work, instance_key: int | None = None, limit: int = 200) -> list[Incident]:
    """Unresolved incidents of the community (or of one matter), newest first."""
    incident, instance = tables.incident, tables.instance
    statement = (
        select(incident, instance.c.matter_no, instance.c.title, instance.c.definition_key)
        .join(
            instance,
            (instance.c.community == incident.c.community) & (instance.c.key == incident.c.instance_key),
        )
        .where(incident.c.community == work.community, incident.c.resolved_at.is_(None))
        .order_by(incident.c.raised_at.desc())
        .limit(limit)
    )
    if instance_key is not None:
        statement = statement.where(incident.c.instance_key == instance_key)
    return [_incident(work, row) for row in work.connection.execute(statement)]


def retry(work: Work, key: int) -> None:
    """Resolve an incident by trying again what had failed; a new incident says if it fails once more."""
    table = tables.incident
    match = (table.c.community == work.community, table.c.key == key, table.c.resolved_at.is_(None))
    row = work.connection.execute(select(table).where(*match)).one_or_none()
    if row is None:
        raise NotFound("事故")
    execution = work.execution(row.instance_key)
    identity = {"community": work.community, "key": key}
    resolved = {"resolved_at": work.now, "resolved_by": work.actor.id, "results": None}
    work.changes.update(table, identity, resolved)
    execution.record("INCIDENT_RESOLVED", row.element_id)
    element = execution.elements.get(row.element_key)
    if element is not None:
        results = values.load(row.results) if row.results else {}
        execution.resume(element, row.action, row.event_id or "", results)
    work.settle()


def _incident(work: Work, row: Any) -> Incident:
    node = work.engine.catalogue.model(work.connection, row.definition_key).nodes.get(row.element_id)
    return Incident(
        key=row.key,
        instance_key=row.instance_key,
        element_id=row.element_id,
        element_name=node.name if node else row.element_id,
        kind=row.kind,
        message=row.message,
        raised_at=row.raised_at,
        matter_no=row.matter_no,
        title=row.title,
    )
