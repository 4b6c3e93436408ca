"""What is deployed: versions of processes, decision tables and forms, and the files they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from engine.errors import NotFound
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work


@dataclass(frozen=True, slots=True)
class ProcessDefinition:
    """One version of a process."""

    key: int
    process_id: str
    name: str
    version: int
    deployed_at: datetime
    deployed_by: str
    digest: str
    latest: bool


def definitions(work: Work) -> list[ProcessDefinition]:
    """All versions of all processes, by process and newest first."""
    table = tables.definition
    rows = work.connection.execute(select(table).order_by(table.c.process_id, table.c.version.desc()))
    found: list[ProcessDefinition] = []
    for row in rows:
        latest = not found or found[-1].process_id != row.process_id
        found.append(_definition(row, latest))
    return found


def definition(work: Work, key: int) -> ProcessDefinition:
    """One version of a process."""
    for found in definitions(work):
        if found.key == key:
            return found
    raise NotFound("流程")


def bpmn_xml(work: Work, definition_key: int) -> bytes:
    """The file a process version was deployed from."""
    table = tables.definition
    statement = (
        select(tables.resource.c.content)
        .join(table, table.c.resource_key == tables.resource.c.key)
        .where(table.c.key == definition_key)
    )
    content: bytes | None = work.connection.execute(statement).scalar_one_or_none()
    if content is None:
        raise NotFound("流程")
    return content


def form(work: Work, form_key: int) -> Mapping[str, Any]:
    """The schema of a form version."""
    return work.engine.catalogue.form(work.connection, form_key)


def latest_form(work: Work, form_id: str) -> Mapping[str, Any] | None:
    """The schema of the newest version of a form, for forms no task of a running matter names."""
    key = latest_form_key(work, form_id)
    return None if key is None else form(work, key)


def latest_form_key(work: Work, form_id: str) -> int | None:
    """The key of the newest version of a form."""
    found = newest(work, tables.form, "form_id", form_id)
    return None if found is None else int(found.key)


def newest(work: Work, table: Table, column: str, name: str) -> Any:
    """Key, version and digest of the latest version, or ``None``."""
    statement = (
        select(table.c.key, table.c.version, tables.resource.c.digest)
        .join(tables.resource, tables.resource.c.key == table.c.resource_key)
        .where(table.c[column] == name)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    return work.connection.execute(statement).one_or_none()


def newest_definition(work: Work, process_id: str) -> Any:
    table = tables.definition
    statement = (
        select(table).where(table.c.process_id == process_id).order_by(table.c.version.desc()).limit(1)
    )
    return work.connection.execute(statement).one_or_none()


def _definition(row: Any, latest: bool) -> ProcessDefinition:
    return ProcessDefinition(
        row.key, row.process_id, row.name, row.version, row.deployed_at, row.deployed_by, row.digest, latest
    )
