"""For the administrator: deployed processes with their versions, deploying a new one, what got stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from engine import deployments, incidents, instances
from engine.deployments import ProcessDefinition, Resource
from engine.errors import DeploymentRefused, Problem
from engine.runtime import Actor, Work
from engine.xml import MAX_BYTES
from web.pages import context, words
from web.pages.cards import matter_card
from workflows.organisation import store as organisation

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/processes")
def processes() -> str:
    """The processes in force; each one's page has its versions."""
    return _processes([])


@blueprint.post("/processes")
def deploy() -> BaseResponse | tuple[str, int]:
    """Deploy the files that were sent, all or none; every culprit is named."""
    try:
        resources = _resources([file for file in request.files.getlist("files") if file.filename])
        with context.acting() as work:
            deployment = deployments.deploy(work, resources)
    except DeploymentRefused as refusal:
        return _processes(list(refusal.problems)), 422
    new = "、".join(_("%(name)s第 %(n)d 版", name=d.name, n=d.version) for d in deployment.definitions)
    flash(_("已部署：%(new)s。", new=new) if new else _("内容与现行版本相同，没有产生新版本。"), "done")
    return redirect(url_for("admin.processes"))


def _resources(files: list[FileStorage]) -> list[Resource]:
    if not files:
        raise DeploymentRefused([Problem("-", "-", _("请先选择模型文件。"))])
    return [_resource(file) for file in files]


def _resource(file: FileStorage) -> Resource:
    name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return Resource(name, file.stream.read(MAX_BYTES + 1))


def _processes(problems: list[Problem]) -> str:
    with context.reading() as work:
        found = deployments.definitions(work)
        running = instances.count_by_definition(work)
        names = _deployers(work, found)
    on_any_version: Counter[str] = Counter()
    for one in found:
        on_any_version[one.process_id] += running.get(one.key, 0)
    rows = [{**_facts(one, names), "running": on_any_version[one.process_id]} for one in found if one.latest]
    return render_template("admin/processes.html", processes=rows, problems=problems)


@blueprint.get("/processes/<int:key>")
def process(key: int) -> str:
    """One version: its diagram, and the matters that run on it."""
    with context.reading() as work:
        everything = deployments.definitions(work)
        names = _deployers(work, everything)
        matters = instances.find(work, definition_key=key, state="ACTIVE", limit=100)
    one = next((definition for definition in everything if definition.key == key), None)
    if one is None:
        abort(404)
    versions = [_facts(other, names) for other in everything if other.process_id == one.process_id]
    return render_template(
        "admin/process.html",
        definition=_facts(one, names),
        versions=versions,
        running=[matter_card(matter) for matter in matters],
    )


@blueprint.get("/processes/<int:key>/diagram")
def diagram(key: int) -> Response:
    with context.reading() as work:
        return Response(deployments.bpmn_xml(work, key), mimetype="application/xml")


@blueprint.get("/incidents", endpoint="incidents")
def open_incidents() -> str:
    """What stopped, why, and where."""
    with context.reading() as work:
        found = incidents.open_incidents(work)
    rows = [
        {
            "key": incident.key,
            "title": incident.title,
            "matter_no": incident.matter_no,
            "where": incident.element_name or incident.element_id,
            "message": incident.message,
            "when": words.moment(incident.raised_at, context.now()),
        }
        for incident in found
    ]
    return render_template("admin/incidents.html", incidents=rows)


@blueprint.post("/incidents/<int:key>/retry")
def retry(key: int) -> BaseResponse:
    with context.acting() as work:
        incidents.retry(work, key)
    flash(_("已重试。如果原因还在，它会再次出现在这里。"), "done")
    return redirect(url_for("admin.incidents"))


def _deployers(work: Work, definitions: Iterable[ProcessDefinition]) -> dict[str, str]:
    people = organisation.people(work.connection, {one.deployed_by for one in definitions})
    return {Actor.system().id: Actor.system().name, **{key: one.name for key, one in people.items()}}


def _facts(definition: ProcessDefinition, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "key": definition.key,
        "process_id": definition.process_id,
        "name": definition.name,
        "version": definition.version,
        "digest": definition.digest,
        "latest": definition.latest,
        "when": words.moment(definition.deployed_at, context.now()),
        "by": names.get(definition.deployed_by, definition.deployed_by),
    }
