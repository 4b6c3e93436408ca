"""What is deployed: versions of processes, decision tables and forms, and the files they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from engine import values
from engine.errors import NotFound
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work


@dataclass(frozen=True, slots=True)
class Resource:
    """A file to deploy; its kind is told by the ending of its name (.bpmn, .dmn, .form)."""

    name: str
    content: bytes

    @property
    def kind(self) -> str:
        return self.name.rsplit(".", 1)[-1].lower()

    @property
    def digest(self) -> str:
        return values.digest(self.content)


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


_IDENTIFIED: Mapping[str, tuple[Table, str, str]] = {
    "process": (tables.definition, "process_id", "name"),
    "decision": (tables.decision, "decision_id", "name"),
    "form": (tables.form, "form_id", "title"),
}


def file_of(work: Work, kind: str, identity: str) -> Resource | None:
    """The file the newest version of a ``process``, ``decision`` or ``form`` came from."""
    table, column, _ = _IDENTIFIED[kind]
    found = newest(work, table, column, identity)
    return None if found is None else _resource(work, found.resource_key)


def files_of(work: Work, definition_key: int) -> list[Resource]:
    """The files a process version runs with: its drawing, then the forms and tables it is bound to, by name."""
    own = select(tables.definition.c.resource_key).where(tables.definition.c.key == definition_key)
    drawing = work.connection.execute(own).scalar_one_or_none()
    if drawing is None:
        raise NotFound("流程")
    bound: set[int] = set()
    for kind in ("form", "decision"):
        table = _IDENTIFIED[kind][0]
        statement = (
            select(table.c.resource_key)
            .join(tables.binding, tables.binding.c.target_key == table.c.key)
            .where(tables.binding.c.definition_key == definition_key, tables.binding.c.kind == kind)
        )
        bound.update(work.connection.execute(statement).scalars())
    rest = sorted((_resource(work, key) for key in bound - {drawing}), key=lambda file: file.name)
    return [_resource(work, drawing), *rest]


def content_of(work: Work, digest: str) -> bytes | None:
    """A file that was once deployed, by the digest of its content."""
    statement = select(tables.resource.c.content).where(tables.resource.c.digest == digest).limit(1)
    found: bytes | None = work.connection.execute(statement).scalar_one_or_none()
    return found


def names(work: Work, kind: str) -> dict[str, str]:
    """Every ``process``, ``decision`` or ``form`` there is: its id, and the name of its newest version."""
    table, column, name = _IDENTIFIED[kind]
    statement = select(table.c[column], table.c[name]).order_by(table.c[column], table.c.version)
    return {row[0]: row[1] for row in work.connection.execute(statement)}


def _resource(work: Work, key: int) -> Resource:
    statement = select(tables.resource.c.name, tables.resource.c.content).where(tables.resource.c.key == key)
    row = work.connection.execute(statement).one()
    return Resource(row.name, row.content)


def newest(work: Work, table: Table, column: str, name: str) -> Any:
    """Key, version, file and digest of the latest version, or ``None``."""
    statement = (
        select(table.c.key, table.c.version, table.c.resource_key, tables.resource.c.digest)
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
