"""Copies of a matter (抄送): whoever is sent one may read the matter, and it is noted when they first did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, exists, select

from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work

_copy = tables.matter_copy


@dataclass(frozen=True, slots=True)
class MatterCopy:
    """A matter one person was sent to read; ``read_at`` is when they first opened it."""

    instance_key: int
    person: str
    sent_by: str
    sent_by_name: str
    note: str
    sent_at: datetime
    read_at: datetime | None


def send(work: Work, instance_key: int, persons: Iterable[str], note: str) -> list[str]:
    """Send copies; who has one already is not sent another. Those who were sent one now.

    The caller decides whether the actor may.
    """
    execution = work.execution(instance_key)
    known = {one.person for one in of_matter(work, instance_key)}
    fresh = [person for person in dict.fromkeys(persons) if person not in known]
    for person in fresh:
        work.changes.insert(
            _copy,
            {
                "community": work.community,
                "instance_key": instance_key,
                "person": person,
                "sent_by": work.actor.id,
                "sent_by_name": work.actor.name,
                "note": note,
                "sent_at": work.now,
                "read_at": None,
            },
        )
    if fresh:
        execution.record("MATTER_COPIED", execution.model.process_id, {"persons": fresh, "note": note})
        work.flush()
    return fresh


def of_matter(work: Work, instance_key: int) -> list[MatterCopy]:
    """Who was sent the matter, in the order they were; the caller has found the matter."""
    statement = _own(work, instance_key).order_by(_copy.c.sent_at, _copy.c.person)
    return [MatterCopy(**row) for row in work.connection.execute(statement).mappings()]


def unread(work: Work, instance_key: int) -> bool:
    """Whether the actor was sent the matter and has not read it yet."""
    mine = _own(work, instance_key).where(_copy.c.person == work.actor.id, _copy.c.read_at.is_(None))
    return work.connection.execute(mine).first() is not None


def mark_read(work: Work, instance_key: int) -> None:
    """Note that the actor has read the matter; the first time counts, and nothing happens without a copy."""
    mine = (
        _copy.c.community == work.community,
        _copy.c.instance_key == instance_key,
        _copy.c.person == work.actor.id,
        _copy.c.read_at.is_(None),
    )
    work.connection.execute(_copy.update().where(*mine).values(read_at=work.now))


def was_sent(person: Any) -> ColumnElement[bool]:
    """The condition under which an instance row was sent to a person (a value or a bound parameter)."""
    instance = tables.instance.c
    return exists(
        select(_copy.c.person).where(
            _copy.c.community == instance.community,
            _copy.c.instance_key == instance.key,
            _copy.c.person == person,
        )
    )


def _own(work: Work, instance_key: int) -> Select[Any]:
    columns = [_copy.c[name] for name in MatterCopy.__dataclass_fields__]
    return select(*columns).where(_copy.c.community == work.community, _copy.c.instance_key == instance_key)
