"""Deployments: process definitions, decision tables and forms, versioned by digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from engine import instances, timers, values
from engine.deployed import (
    ProcessDefinition,
    Resource,
    bpmn_xml,
    content_of,
    definition,
    definitions,
    file_of,
    files_of,
    form,
    latest_form,
    names,
    newest,
    newest_definition,
)
from engine.errors import DeploymentRefused, ModelFault, NotFound, Problem
from engine.inspection import Batch, inspect, references
from engine.interpreter.model import EventKind, ProcessModel
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work

__all__ = [
    "Deployment",
    "ProcessDefinition",
    "Resource",
    "bpmn_xml",
    "content_of",
    "definition",
    "definitions",
    "deploy",
    "documentation",
    "file_of",
    "files_of",
    "form",
    "latest_form",
    "names",
    "put_back",
    "references_of",
    "retire",
    "retired",
    "startable",
    "unseen",
]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one deployment brought; ``definitions`` is empty when nothing had changed."""

    key: int | None
    definitions: tuple[ProcessDefinition, ...]


def deploy(work: Work, resources: Sequence[Resource], *, prove: bool = True) -> Deployment:
    """Deploy files together, all or none.

    A process gets a new version when its model, or a form or table it is bound to, has changed; running
    matters stay on theirs. Raises :class:`~engine.errors.DeploymentRefused` naming every problem; without
    ``prove`` a model need not be proven sound, which only experiments with the engine itself want.
    """
    batch = inspect(work, resources, prove=prove)
    if batch.problems:
        raise DeploymentRefused(batch.problems)
    return _Writer(work, batch).write()


def unseen(work: Work, resources: Sequence[Resource]) -> list[Resource]:
    """The files that were never deployed under their name with this content.

    What ships with the product is deployed once; after that the administrator's own versions stand.
    """
    table = tables.resource
    named = table.c.name.in_([resource.name for resource in resources])
    rows = work.connection.execute(select(table.c.name, table.c.digest).where(named))
    known = {(row.name, row.digest) for row in rows}
    return [resource for resource in resources if (resource.name, resource.digest) not in known]


def startable(work: Work) -> list[ProcessDefinition]:
    """The latest versions the actor may start by hand."""
    out_of_use = retired(work)
    return [
        found
        for found in definitions(work)
        if found.latest
        and found.process_id not in out_of_use
        and _has_none_start(work, found.key)
        and instances.may_start(work, found.key)
    ]


def retired(work: Work) -> frozenset[str]:
    """The processes that are out of use."""
    return frozenset(work.connection.execute(select(tables.retired_process.c.process_id)).scalars())


def retire(work: Work, process_id: str) -> None:
    """Take a process out of use: nothing new begins by hand, message or timer; what runs is finished."""
    if newest_definition(work, process_id) is None:
        raise NotFound("流程")
    if process_id in retired(work):
        return
    row = {"process_id": process_id, "retired_by": work.actor.id, "retired_at": work.now}
    work.connection.execute(tables.retired_process.insert().values(row))
    for starts in (tables.start_subscription, tables.start_timer):
        work.connection.execute(starts.delete().where(starts.c.process_id == process_id))


def put_back(work: Work, process_id: str) -> None:
    """Put a process into use again, in its newest version."""
    if process_id not in retired(work):
        return
    _into_use(work, process_id)
    latest = newest_definition(work, process_id)
    _open_starts(work, work.engine.catalogue.model(work.connection, latest.key), latest.key)


def _into_use(work: Work, process_id: str) -> None:
    table = tables.retired_process
    work.connection.execute(table.delete().where(table.c.process_id == process_id))


def documentation(work: Work, definition_key: int) -> dict[str, str]:
    """The documentation of the process (under its id) and of each node that has any."""
    model = work.engine.catalogue.model(work.connection, definition_key)
    texts = {node.id: node.documentation for node in model.nodes.values() if node.documentation}
    return {model.process_id: model.documentation, **texts}


def references_of(work: Work, definition_key: int) -> frozenset[tuple[str, str]]:
    """The forms and decisions a process version names, as (``form`` or ``decision``, id)."""
    return frozenset(references(work.engine.catalogue.model(work.connection, definition_key)))


# -- writing -----------------------------------------------------------------------------------------


class _Writer:
    """Gives changed resources new versions and binds processes to the versions they were checked with."""

    def __init__(self, work: Work, batch: Batch) -> None:
        self._work = work
        self._batch = batch
        self._deployment: int | None = None
        self._resources: dict[Resource, int] = {}

    def write(self) -> Deployment:
        for form_id, (resource, schema) in self._batch.forms.items():
            self._version(
                tables.form, "form_id", form_id, resource, {"title": str(schema.get("title", form_id))}
            )
        for decision_id, (resource, info) in self._batch.tables.items():
            self._version(tables.decision, "decision_id", decision_id, resource, {"name": info.name})
        new = [self._process(resource, model) for resource, model in self._batch.processes]
        return Deployment(self._deployment, tuple(found for found in new if found is not None))

    def _version(
        self, table: Table, column: str, identity: str, resource: Resource, more: Mapping[str, Any]
    ) -> None:
        latest = newest(self._work, table, column, identity)
        if latest is not None and latest.digest == resource.digest:
            return
        row = {
            "key": self._work.engine.keys.next(),
            "resource_key": self._resource(resource),
            column: identity,
            "version": 1 if latest is None else latest.version + 1,
            **more,
        }
        self._work.connection.execute(table.insert().values(row))

    def _process(self, resource: Resource, model: ProcessModel) -> ProcessDefinition | None:
        work, bindings = self._work, self._bindings(model)
        digest = values.digest(resource.digest, values.dump(sorted(bindings.items())))
        latest = newest_definition(work, model.process_id)
        if latest is not None and latest.digest == digest:
            return None
        key = work.engine.keys.next()
        row = {
            "key": key,
            "resource_key": self._resource(resource),
            "process_id": model.process_id,
            "version": 1 if latest is None else latest.version + 1,
            "name": model.name,
            "digest": digest,
            "deployed_at": work.now,
            "deployed_by": work.actor.id,
        }
        work.connection.execute(tables.definition.insert().values(row))
        for (kind, name), target in bindings.items():
            bound = {"definition_key": key, "kind": kind, "name": name, "target_key": target}
            work.connection.execute(tables.binding.insert().values(bound))
        _into_use(work, model.process_id)
        try:
            _open_starts(work, model, key)
        except ModelFault as fault:
            raise DeploymentRefused([Problem(resource.name, model.process_id, str(fault))]) from fault
        return definition(work, key)

    def _bindings(self, model: ProcessModel) -> dict[tuple[str, str], int]:
        where = {"form": (tables.form, "form_id"), "decision": (tables.decision, "decision_id")}
        return {
            (kind, name): newest(self._work, *where[kind], name).key
            for kind, name in sorted(references(model))
        }

    def _resource(self, resource: Resource) -> int:
        if resource not in self._resources:
            key = self._work.engine.keys.next()
            row = {
                "key": key,
                "deployment_key": self._own_deployment(),
                "name": resource.name,
                "kind": resource.kind,
                "digest": resource.digest,
                "content": resource.content,
            }
            self._work.connection.execute(tables.resource.insert().values(row))
            self._resources[resource] = key
        return self._resources[resource]

    def _own_deployment(self) -> int:
        if self._deployment is None:
            self._deployment = self._work.engine.keys.next()
            row = {"key": self._deployment, "deployed_at": self._work.now, "deployed_by": self._work.actor.id}
            self._work.connection.execute(tables.deployment.insert().values(row))
        return self._deployment


def _has_none_start(work: Work, definition_key: int) -> bool:
    model = work.engine.catalogue.model(work.connection, definition_key)
    starts = model.start_events(model.process_id)
    return any(start.event is None or start.event.kind is EventKind.NONE for start in starts)


def _open_starts(work: Work, model: ProcessModel, definition_key: int) -> None:
    """Let messages and timers begin matters of this version from now on."""
    table = tables.start_subscription
    work.connection.execute(table.delete().where(table.c.process_id == model.process_id))
    for start in model.start_events(model.process_id):
        if start.event is not None and start.event.kind is EventKind.MESSAGE:
            row = {
                "message_name": start.event.name,
                "process_id": model.process_id,
                "definition_key": definition_key,
                "element_id": start.id,
            }
            work.connection.execute(table.insert().values(row))
    timers.plan_starts(work, model, definition_key, work.engine.communities(work))
