"""Deployments: process definitions, decision tables and forms, versioned by digest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, select

from engine import decisions, instances, lint, timers, values
from engine.errors import DeploymentRefused, ModelFault, NotFound, Problem
from engine.interpreter import parser
from engine.interpreter.model import EventKind, ProcessModel
from engine.lint.ground import Ground
from engine.store import tables
from engine.xml import MAX_BYTES

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


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one deployment brought; ``definitions`` is empty when nothing had changed."""

    key: int | None
    definitions: tuple[ProcessDefinition, ...]


@dataclass
class _Batch:
    """The resources of one deployment, read."""

    processes: list[tuple[Resource, ProcessModel]] = field(default_factory=list)
    forms: dict[str, tuple[Resource, Mapping[str, Any]]] = field(default_factory=dict)
    tables: dict[str, tuple[Resource, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def deploy(work: Work, resources: Sequence[Resource]) -> Deployment:
    """Deploy files together, all or none.

    A process gets a new version when its model, or a form or table it is bound to, has changed; running
    matters stay on theirs. Raises :class:`~engine.errors.DeploymentRefused` naming every problem.
    """
    batch = _read(work, resources)
    batch.processes += list(_affected(work, batch))
    ground = _ground(work, batch)
    for resource, model in batch.processes:
        batch.problems += lint.check(model, ground, resource.name)
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


def startable(work: Work) -> list[ProcessDefinition]:
    """The latest versions the actor may start by hand."""
    return [
        found
        for found in definitions(work)
        if found.latest and _has_none_start(work, found.key) and instances.may_start(work, found.key)
    ]


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
    found = _latest(work, tables.form, "form_id", form_id)
    return None if found is None else form(work, found.key)


def documentation(work: Work, definition_key: int) -> dict[str, str]:
    """The documentation of the process (under its id) and of each node that has any."""
    model = work.engine.catalogue.model(work.connection, definition_key)
    texts = {node.id: node.documentation for node in model.nodes.values() if node.documentation}
    return {model.process_id: model.documentation, **texts}


# -- reading -----------------------------------------------------------------------------------------


def _read(work: Work, resources: Iterable[Resource]) -> _Batch:
    batch = _Batch()
    for resource in resources:
        read = _READERS.get(resource.kind)
        if read is None:
            batch.problems.append(Problem(resource.name, "", "只能部署 .bpmn、.dmn 与 .form 文件。"))
        elif len(resource.content) > MAX_BYTES:
            batch.problems.append(Problem(resource.name, "", "文件超过 2 MB,请精简后再上传。"))
        else:
            read(work, resource, batch)
    return batch


def _read_bpmn(work: Work, resource: Resource, batch: _Batch) -> None:
    try:
        models = parser.parse(resource.content, resource.name, work.engine.expressions)
    except parser.ModelRefused as refused:
        batch.problems += refused.problems
        return
    batch.processes += [(resource, model) for model in models]


def _read_dmn(work: Work, resource: Resource, batch: _Batch) -> None:
    try:
        model = decisions.parse(resource.content, functions=work.engine.expressions.functions)
    except decisions.DecisionError as fault:
        batch.problems.append(Problem(resource.name, "", f"决策表读不懂：{fault}"))
        return
    batch.problems += [
        Problem(resource.name, found.element, str(found)) for found in (*model.problems, *model.findings)
    ]
    for found in model.decisions:
        batch.tables[found.id] = (resource, found.name)


def _read_form(work: Work, resource: Resource, batch: _Batch) -> None:
    try:
        schema = json.loads(resource.content)
        form_id = schema["id"]
    except (ValueError, KeyError, TypeError):
        batch.problems.append(Problem(resource.name, "", "表单不是有效的 form-js JSON,或者没有 id。"))
        return
    batch.problems += [Problem(resource.name, where, why) for where, why in work.engine.forms.check(schema)]
    batch.forms[form_id] = (resource, schema)


_READERS = {"bpmn": _read_bpmn, "dmn": _read_dmn, "form": _read_form}


def _affected(work: Work, batch: _Batch) -> Iterator[tuple[Resource, ProcessModel]]:
    """Processes that are not deployed anew themselves but use a form or table that is."""
    own = {model.process_id for _, model in batch.processes}
    brought = {("form", name) for name in batch.forms} | {("decision", name) for name in batch.tables}
    for found in definitions(work):
        if found.latest and found.process_id not in own:
            model = work.engine.catalogue.model(work.connection, found.key)
            if brought & _references(model):
                yield Resource(f"{model.process_id}.bpmn", bpmn_xml(work, found.key)), model


def _references(model: ProcessModel) -> set[tuple[str, str]]:
    """The forms and decisions a process names."""
    forms = {("form", node.form_id) for node in model.nodes.values() if node.form_id}
    return forms | {("decision", node.decision_id) for node in model.nodes.values() if node.decision_id}


def _ground(work: Work, batch: _Batch) -> Ground:
    return Ground(
        has_form=lambda form_id: (
            form_id in batch.forms or _latest(work, tables.form, "form_id", form_id) is not None
        ),
        has_decision=lambda decision_id: (
            decision_id in batch.tables
            or _latest(work, tables.decision, "decision_id", decision_id) is not None
        ),
        has_process=lambda process_id: (
            any(model.process_id == process_id for _, model in batch.processes)
            or _latest_definition(work, process_id) is not None
        ),
        has_handler=lambda job_type: work.engine.registry.handler(job_type) is not None,
        has_roster=lambda name: work.engine.registry.roster_named(name) is not None,
        has_role=work.engine.groups.known,
        form_writes=lambda form_id: _form_writes(work, batch, form_id),
        job_writes=work.engine.registry.outputs,
        decision_reads=lambda decision_id: _decision_reads(work, batch, decision_id),
    )


def _form_writes(work: Work, batch: _Batch, form_id: str) -> frozenset[str] | None:
    schema = batch.forms[form_id][1] if form_id in batch.forms else latest_form(work, form_id)
    return None if schema is None else frozenset(work.engine.forms.names(schema))


def _decision_reads(work: Work, batch: _Batch, decision_id: str) -> frozenset[str]:
    if decision_id in batch.tables:
        functions = work.engine.expressions.functions
        model = decisions.parse(batch.tables[decision_id][0].content, functions=functions)
    else:
        latest = _latest(work, tables.decision, "decision_id", decision_id)
        if latest is None:
            return frozenset()
        model = work.engine.catalogue.decision(work.connection, latest.key)
    others = {name for found in model.decisions for name in (found.id, found.name)}
    called = next(found for found in model.decisions if found.id == decision_id)
    return frozenset({*called.inputs, *called.names} - others)


# -- writing -----------------------------------------------------------------------------------------


class _Writer:
    """Gives changed resources new versions and binds processes to the versions they were checked with."""

    def __init__(self, work: Work, batch: _Batch) -> None:
        self._work = work
        self._batch = batch
        self._deployment: int | None = None
        self._resources: dict[Resource, int] = {}

    def write(self) -> Deployment:
        for form_id, (resource, schema) in self._batch.forms.items():
            self._version(
                tables.form, "form_id", form_id, resource, {"title": str(schema.get("title", form_id))}
            )
        for decision_id, (resource, name) in self._batch.tables.items():
            self._version(tables.decision, "decision_id", decision_id, resource, {"name": name})
        new = [self._process(resource, model) for resource, model in self._batch.processes]
        return Deployment(self._deployment, tuple(found for found in new if found is not None))

    def _version(
        self, table: Table, column: str, identity: str, resource: Resource, more: Mapping[str, Any]
    ) -> None:
        latest = _latest(self._work, table, column, identity)
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
        latest = _latest_definition(work, model.process_id)
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
        self._start_messages(model, key)
        self._start_timers(resource, model, key)
        return definition(work, key)

    def _bindings(self, model: ProcessModel) -> dict[tuple[str, str], int]:
        where = {"form": (tables.form, "form_id"), "decision": (tables.decision, "decision_id")}
        return {
            (kind, name): _latest(self._work, *where[kind], name).key
            for kind, name in sorted(_references(model))
        }

    def _start_messages(self, model: ProcessModel, definition_key: int) -> None:
        table = tables.start_subscription
        self._work.connection.execute(table.delete().where(table.c.process_id == model.process_id))
        for start in model.start_events(model.process_id):
            if start.event is not None and start.event.kind is EventKind.MESSAGE:
                row = {
                    "message_name": start.event.name,
                    "process_id": model.process_id,
                    "definition_key": definition_key,
                    "element_id": start.id,
                }
                self._work.connection.execute(table.insert().values(row))

    def _start_timers(self, resource: Resource, model: ProcessModel, definition_key: int) -> None:
        places = self._work.engine.communities(self._work)
        try:
            timers.plan_starts(self._work, model, definition_key, places)
        except ModelFault as fault:
            raise DeploymentRefused([Problem(resource.name, model.process_id, str(fault))]) from fault

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


def _latest(work: Work, table: Table, column: str, name: str) -> Any:
    """Key, version and digest of the latest version, or ``None``."""
    statement = (
        select(table.c.key, table.c.version, tables.resource.c.digest)
        .join(tables.resource, tables.resource.c.key == table.c.resource_key)
        .where(table.c[column] == name)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    return work.connection.execute(statement).one_or_none()


def _latest_definition(work: Work, process_id: str) -> Any:
    table = tables.definition
    statement = (
        select(table).where(table.c.process_id == process_id).order_by(table.c.version.desc()).limit(1)
    )
    return work.connection.execute(statement).one_or_none()


def _definition(row: Any, latest: bool) -> ProcessDefinition:
    return ProcessDefinition(
        row.key, row.process_id, row.name, row.version, row.deployed_at, row.deployed_by, row.digest, latest
    )


def _has_none_start(work: Work, definition_key: int) -> bool:
    model = work.engine.catalogue.model(work.connection, definition_key)
    starts = model.start_events(model.process_id)
    return any(start.event is None or start.event.kind is EventKind.NONE for start in starts)
