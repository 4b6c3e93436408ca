"""What files would become if they were deployed, and everything that forbids it.

One function, :func:`inspect`, is asked while a process is drawn and again when it is published, so that the two never
disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine import decisions, lint, soundness
from engine.declarations import Names, declared, kept
from engine.deployed import Resource, bpmn_xml, definitions, latest_form, newest, newest_definition
from engine.errors import Problem
from engine.feel.types import ANY, FeelType
from engine.interpreter import parser
from engine.interpreter.model import ProcessModel
from engine.lint.ground import Ground
from engine.schemas import SchemaUnreadable, read_schema
from engine.store import tables
from engine.xml import MAX_BYTES

if TYPE_CHECKING:
    from engine.runtime import Work


@dataclass
class Batch:
    """The resources of one deployment, read."""

    processes: list[tuple[Resource, ProcessModel]] = field(default_factory=list)
    forms: dict[str, tuple[Resource, Mapping[str, Any]]] = field(default_factory=dict)
    tables: dict[str, tuple[Resource, decisions.DecisionInfo]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def inspect(work: Work, resources: Sequence[Resource], *, prove: bool = True) -> Batch:
    """Read files as they would be deployed together, with every problem that forbids it.

    ``prove`` asks for soundness as well (:mod:`engine.soundness`): a model that is not proven sound, be it
    that the checker cannot judge it, has a problem.
    """
    batch = _read(work, resources)
    drawn = {model.process_id for _, model in batch.processes}
    batch.processes += list(_affected(work, batch))
    ground = _ground(work, batch)
    for resource, model in batch.processes:
        problems = lint.check(model, ground, resource.name)
        if prove and model.process_id in drawn:  # the others are as they were when they were deployed
            problems += _unsoundness(work, batch, resource, model, {problem.element for problem in problems})
        batch.problems += problems
    return batch


def _unsoundness(
    work: Work, batch: Batch, resource: Resource, model: ProcessModel, named: Collection[str]
) -> Iterator[Problem]:
    """Why the model is not proven sound, unless a lint rule has named the same element, or what is not drawn yet."""
    verdict = soundness.check(model, _callable(work, batch))
    repeated = verdict.elements[:1] and verdict.elements[0] in named
    undrawn = verdict.kind is soundness.Kind.UNKNOWN and bool(named)
    if not (verdict.is_sound or repeated or undrawn):
        culprit = verdict.elements[0]
        yield Problem(resource.name, culprit, verdict.sentence, model.name_of(culprit), verdict.trace)


def _callable(work: Work, batch: Batch) -> dict[str, ProcessModel]:
    """The processes a call activity may call, as they would be after this deployment."""
    deployed = {
        found.process_id: work.engine.catalogue.model(work.connection, found.key)
        for found in definitions(work)
        if found.latest
    }
    return deployed | {model.process_id: model for _, model in batch.processes}


def _read(work: Work, resources: Iterable[Resource]) -> Batch:
    batch = Batch()
    for resource in resources:
        read = _READERS.get(resource.kind)
        if read is None:
            batch.problems.append(Problem(resource.name, "", "只能部署 .bpmn、.dmn 与 .form 文件。"))
        elif len(resource.content) > MAX_BYTES:
            batch.problems.append(Problem(resource.name, "", "文件超过 2 MB,请精简后再上传。"))
        else:
            read(work, resource, batch)
    return batch


def _read_bpmn(work: Work, resource: Resource, batch: Batch) -> None:
    try:
        models = parser.parse(resource.content, resource.name, work.engine.expressions)
    except parser.ModelRefused as refused:
        batch.problems += refused.problems
        return
    batch.processes += [(resource, model) for model in models]


def _read_dmn(work: Work, resource: Resource, batch: Batch) -> None:
    try:
        model = decisions.parse(resource.content, functions=work.engine.expressions.functions)
    except decisions.DecisionError as fault:
        batch.problems.append(Problem(resource.name, "", f"决策表读不懂：{fault}"))
        return
    batch.problems += [
        Problem(resource.name, found.element, str(found)) for found in (*model.problems, *model.findings)
    ]
    for found in model.decisions:
        batch.tables[found.id] = (resource, found)


def _read_form(work: Work, resource: Resource, batch: Batch) -> None:
    try:
        schema = read_schema(resource.content)
    except SchemaUnreadable as refusal:
        batch.problems.append(Problem(resource.name, "", str(refusal)))
        return
    form_id = schema.get("id")
    if not isinstance(form_id, str) or not form_id:
        batch.problems.append(Problem(resource.name, "", "表单没有编号（id）。"))
        return
    batch.problems += [Problem(resource.name, where, why) for where, why in work.engine.forms.check(schema)]
    batch.forms[form_id] = (resource, schema)


_READERS = {"bpmn": _read_bpmn, "dmn": _read_dmn, "form": _read_form}


def _affected(work: Work, batch: Batch) -> Iterator[tuple[Resource, ProcessModel]]:
    """Processes that are not deployed anew themselves but use a form or table that is."""
    own = {model.process_id for _, model in batch.processes}
    brought = {("form", name) for name in batch.forms} | {("decision", name) for name in batch.tables}
    for found in definitions(work):
        if found.latest and found.process_id not in own:
            model = work.engine.catalogue.model(work.connection, found.key)
            if brought & references(model):
                yield Resource(f"{model.process_id}.bpmn", bpmn_xml(work, found.key)), model


def references(model: ProcessModel) -> set[tuple[str, str]]:
    """The forms and decisions a process names."""
    forms = {("form", node.form_id) for node in model.nodes.values() if node.form_id}
    return forms | {("decision", node.decision_id) for node in model.nodes.values() if node.decision_id}


def _ground(work: Work, batch: Batch) -> Ground:
    registry = work.engine.registry
    return Ground(
        has_form=lambda form_id: _schema(work, batch, form_id) is not None,
        has_decision=lambda decision_id: _decision(work, batch, decision_id) is not None,
        has_handler=lambda job_type: registry.handler(job_type) is not None,
        has_roster=lambda name: registry.roster_named(name) is not None,
        has_role=work.engine.groups.known,
        process=lambda process_id: _process(work, batch, process_id),
        form_reads=lambda form_id: _form_reads(work, batch, form_id),
        form_writes=lambda form_id: _form_writes(work, batch, form_id),
        task_writes=registry.task_writes,
        task_shows=registry.task_shows,
        job_reads=registry.reads,
        job_writes=registry.writes,
        decision_reads=lambda decision_id: _decision_reads(work, batch, decision_id),
        decision_type=lambda decision_id: _decision_type(work, batch, decision_id),
        expression=work.engine.expressions.parse,
    )


def _process(work: Work, batch: Batch, process_id: str) -> ProcessModel | None:
    for _, model in batch.processes:
        if model.process_id == process_id:
            return model
    latest = newest_definition(work, process_id)
    return None if latest is None else work.engine.catalogue.model(work.connection, latest.key)


def _schema(work: Work, batch: Batch, form_id: str) -> Mapping[str, Any] | None:
    return batch.forms[form_id][1] if form_id in batch.forms else latest_form(work, form_id)


def _form_reads(work: Work, batch: Batch, form_id: str) -> frozenset[str]:
    schema = _schema(work, batch, form_id)
    return frozenset() if schema is None else work.engine.forms.reads(schema)


def _form_writes(work: Work, batch: Batch, form_id: str) -> Names:
    schema = _schema(work, batch, form_id)
    written = {} if schema is None else work.engine.forms.writes(schema)
    return declared(f"{name}: {kind}" for name, kind in written.items())


def _decision(work: Work, batch: Batch, decision_id: str) -> decisions.DecisionInfo | None:
    if decision_id in batch.tables:
        return batch.tables[decision_id][1]
    latest = newest(work, tables.decision, "decision_id", decision_id)
    if latest is None:
        return None
    model = work.engine.catalogue.decision(work.connection, latest.key)
    return next((found for found in model.decisions if found.id == decision_id), None)


def _decision_reads(work: Work, batch: Batch, decision_id: str) -> Names:
    found = _decision(work, batch, decision_id)
    return {} if found is None else found.reads


def _decision_type(work: Work, batch: Batch, decision_id: str) -> FeelType:
    found = _decision(work, batch, decision_id)
    return ANY if found is None else kept(found.type)
