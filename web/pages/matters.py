"""Matters: starting one, and following it from proposal to archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine import deployments, history, instances, user_tasks
from engine.errors import NotFound
from engine.runtime import Work
from web import once
from web.pages import context, demo, papers, timeline
from web.pages.cards import BASIS, guide, matter_card, task_card
from web.pages.steps import concerns, steps
from web.pages.together import note_reading, together
from workflows.collaboration import matters as collaboration

blueprint = Blueprint("matters", __name__, url_prefix="/matters")

REVIEW = "semiannual_review"
"""The process whose matters have pages of numbers beside their own."""

VIEWER_STATE = {"active": "active", "passed": "completed", "flows": "taken", "incidents": "incidents"}
"""The engine's names for what happened in a diagram, and the viewer's."""


@blueprint.get("/new")
def choose() -> str:
    """The processes this person may start."""
    with context.reading() as work:
        definitions = [_introduced(work, definition) for definition in deployments.startable(work)]
    return render_template("matters/choose.html", definitions=definitions)


def _introduced(work: Work, definition: deployments.ProcessDefinition) -> dict[str, object]:
    introduction = guide(deployments.documentation(work, definition.key).get(definition.process_id))
    return {
        "key": definition.key,
        "process_id": definition.process_id,
        "name": definition.name,
        "what": introduction.what,
        "basis": introduction.basis.removeprefix(BASIS),
    }


@blueprint.post("/new/<process_id>")
def start(process_id: str) -> BaseResponse:
    """Start a matter and go on to its first task, if that is this person's."""
    mark = request.form.get("once", "") or context.once()
    with context.acting() as work:
        answer = once.earlier_answer(work, mark)
        if answer is None:
            answer = _first_page(work, instances.start(work, process_id, {}))
            once.note_answer(work, mark, answer)
    return redirect(answer, 303)


def _first_page(work: Work, instance_key: int) -> str:
    waiting = user_tasks.of_instance(work, instance_key)
    mine = next((task for task in waiting if concerns(work, task)), None)
    if mine is None:
        return url_for("matters.show", key=instance_key)
    return url_for("tasks.show", key=mine.key)


@blueprint.get("/number/<matter_no>")
def by_number(matter_no: str) -> BaseResponse:
    """A matter by the number people know it by."""
    with context.reading() as work:
        return redirect(url_for("matters.show", key=instances.by_number(work, matter_no).key))


@blueprint.get("/<int:key>")
def show(key: int) -> str:
    """What happened, where it stands, who is next and by when; the diagram beside it."""
    note_reading(key)
    with context.reading() as work:
        instance = instances.get(work, key)
        waiting = user_tasks.of_instance(work, key)
        state = instances.diagram_state(work, key)
        return render_template(
            "matters/matter.html",
            matter=matter_card(instance),
            is_review=instance.process_id == REVIEW,
            steps=steps(work, waiting),
            waiting="、".join(_names(work, instance.definition_key, state["active"])),
            next_timer=demo.next_timer(work, key),
            stuck=bool(state["incidents"]),
            tally=_tally(instances.variables(work, key)),
            answers=[matter_card(one) for one in instances.answering(work, instance.matter_no)],
            course=timeline.course(history.timeline(work, key), _readable(work, key), work.now),
            around=together(work, instance),
            withdrawable=collaboration.may_withdraw(work, instance),
        )


def _readable(work: Work, key: int) -> set[int]:
    done = user_tasks.of_instance(work, key, state="COMPLETED")
    return {task.key for task in done if papers.readable(task)}


def _names(work: Work, definition_key: int, elements: list[str]) -> list[str]:
    nodes = work.engine.catalogue.model(work.connection, definition_key).nodes
    return [nodes[element].name for element in elements if element in nodes and nodes[element].name]


def _tally(variables: Mapping[str, Any]) -> dict[str, Any] | None:
    basis = str(variables.get("tally_basis") or "")
    lines = [line for line in variables.get("tally_lines") or [] if not basis or basis not in line]
    return {"lines": lines, "basis": basis} if lines else None


@blueprint.get("/<int:key>/map")
def whole_diagram(key: int) -> str:
    """The diagram alone, as large as the screen."""
    with context.reading() as work:
        return render_template("matters/map.html", matter=matter_card(instances.get(work, key)))


@blueprint.get("/<int:key>/diagram")
def diagram(key: int) -> Response:
    with context.reading() as work:
        definition_key = instances.get(work, key).definition_key
        return Response(deployments.bpmn_xml(work, definition_key), mimetype="application/xml")


@blueprint.get("/<int:key>/diagram-state")
def diagram_state(key: int) -> Response:
    with context.reading() as work:
        state = instances.diagram_state(work, key)
    return jsonify({VIEWER_STATE[name]: ids for name, ids in state.items()})


@blueprint.get("/<int:key>/papers/<int:task>")
def paper(key: int, task: int) -> str:
    """What somebody handed in, to be read by those whom the matter concerns."""
    with context.reading() as work:
        done = user_tasks.of_instance(work, key, state="COMPLETED")
        found = next((one for one in done if one.key == task and papers.readable(one)), None)
        if found is None:
            raise NotFound("材料")
        return render_template(
            "matters/paper.html",
            task=task_card(found),
            by=found.completed_by_name,
            state=papers.open_paper(work, found, instances.variables(work, key)),
        )


@blueprint.post("/<int:key>/withdraw")
def withdraw(key: int) -> BaseResponse:
    """The proposer takes the topic back, with a reason."""
    with context.acting() as work:
        reached = collaboration.withdraw(work, key, request.form.get("reason", "").strip()[:500])
    for one in reached:
        flash(_withdrawn()[one], "done")
    return redirect(url_for("matters.show", key=key))


def _withdrawn() -> Mapping[str, str]:
    """What to say to whoever has just taken a matter back, by message."""
    return {
        "msg_withdraw_topic": _("议题已撤回，参会人会收到通知。"),
        "msg_withdraw_issue": _("撤回的要求已收到。已经知道的重大隐患须继续办理，只撤去您的姓名。"),
    }
