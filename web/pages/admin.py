"""For the administrator: processes with their versions and drafts, what got stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine import deployments, incidents, instances
from engine.deployments import ProcessDefinition
from engine.errors import Refusal
from web.pages import context, people, words
from web.pages.cards import matter_card
from web.pages.publications import tell_deciders
from web.pages.uploads import resources
from workflows.workbench import drafts, publishing
from workflows.workbench.model import Draft, State
from workflows.workbench.publishing import Version

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/processes")
def processes() -> str:
    """The processes in force and the drafts of new ones; each one's page has its versions."""
    return _processes("")


@blueprint.post("/processes")
def take_in() -> BaseResponse | tuple[str, int]:
    """Files made elsewhere become a draft; publishing is another act."""
    try:
        with context.acting() as work:
            draft = drafts.take_in(work, resources(request))
    except Refusal as refusal:
        return _processes(str(refusal)), 422
    flash(_("文件已放进草稿，检查无误后送审发布。"), "done")
    return redirect(url_for("workbench.show", key=draft.key))


def _processes(wrong: str) -> str:
    with context.reading() as work:
        found = deployments.definitions(work)
        running = instances.count_by_definition(work)
        open_drafts = drafts.listing(work)
        authors = [draft.created_by for draft in open_drafts]
        names = people.by_id(work.connection, [*authors, *(one.deployed_by for one in found)])
        retired = deployments.retired(work)
        waiting = {
            one.process_id: one.key for one in publishing.listing(work) if one.state is State.REQUESTED
        }
    on_any_version: Counter[str] = Counter()
    for one in found:
        on_any_version[one.process_id] += running.get(one.key, 0)
    drafted = {draft.process_id: draft.key for draft in open_drafts}
    rows = [
        {
            **_facts(one, names),
            "running": on_any_version[one.process_id],
            "draft": drafted.get(one.process_id),
            "retired": one.process_id in retired,
        }
        for one in found
        if one.latest
    ]
    return render_template(
        "admin/processes.html",
        processes=rows,
        drafts=[_draft_facts(draft, names, waiting) for draft in open_drafts],
        wrong=wrong,
    )


def _draft_facts(draft: Draft, names: Mapping[str, str], waiting: Mapping[str, int]) -> dict[str, object]:
    return {
        "key": draft.key,
        "name": draft.name,
        "by": names[draft.created_by],
        "when": words.moment(draft.created_at, context.now()),
        "waiting": waiting.get(draft.process_id),
    }


@blueprint.get("/processes/<int:key>")
def process(key: int) -> str:
    """One version: its diagram, and the matters that run on it."""
    with context.reading() as work:
        one = deployments.definition(work, key)
        versions = publishing.versions(work, one.process_id)
        asked = [version.publication.requested_by for version in versions if version.publication]
        names = people.by_id(work.connection, [*asked, *(version.deployed_by for version in versions)])
        retired = one.process_id in deployments.retired(work)
        matters = instances.find(work, definition_key=key, state="ACTIVE", limit=100)
    return render_template(
        "admin/process.html",
        definition=_facts(one, names),
        versions=[_version_facts(version, names) for version in versions],
        running=[matter_card(matter) for matter in matters],
        retired=retired,
    )


def _version_facts(version: Version, names: Mapping[str, str]) -> dict[str, object]:
    asked = version.publication
    return {
        "key": version.definition_key,
        "number": version.number,
        "latest": version.latest,
        "when": words.moment(version.deployed_at, context.now()),
        "approved_by": names[version.deployed_by],
        "asked_by": names[asked.requested_by] if asked else "",
        "reason": asked.reason if asked else "",
        "basis": asked.basis if asked else "",
        "publication": asked.key if asked else None,
    }


@blueprint.post("/processes/<int:key>/return")
def return_to(key: int) -> BaseResponse:
    """Ask for an old version to be put in force again."""
    with context.acting() as work:
        asked = publishing.request_return(
            work, key, request.form.get("reason", ""), request.form.get("basis", "")
        )
        tell_deciders(work, asked)
    flash(_("已送审。另一位审批人批准后，这一版的内容会作为新版本发布。"), "done")
    return redirect(url_for("publications.show", key=asked.key), 303)


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
