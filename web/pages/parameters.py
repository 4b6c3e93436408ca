"""The figures the rules rest on, for the administrator: source, where they take effect, who stands for them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _later
from werkzeug.wrappers import Response

from engine import deployments
from engine.errors import Refusal
from web.pages import context, people, words
from workflows.parameters import catalogue, store
from workflows.parameters.model import Confirmation, Grade, Parameter
from workflows.parameters.rules import NOTE_LENGTH, needs_confirmation

blueprint = Blueprint("parameters", __name__, url_prefix="/admin/parameters")

GROUPS: Mapping[str, Any] = {
    "council": _later("八位一体议事会"),
    "assembly": _later("居民会议与居民代表会议"),
    "reps": _later("居民代表"),
    "owners": _later("业主共同决定"),
    "committee": _later("业主委员会"),
    "prep": _later("业主大会筹备组"),
    "escalate": _later("事项升级"),
    "rate": _later("三率考核"),
    "petition": _later("信访"),
    "mediation": _later("和为贵调解"),
    "grid": _later("网格"),
    "patrol": _later("巡查"),
    "visit": _later("走访"),
    "must": _later("三必"),
    "joint": _later("联席会议"),
    "hazard": _later("问题台账"),
    "review": _later("半年评议"),
    "inspect": _later("督查"),
    "org": _later("社会组织"),
    "publicity": _later("网格公示"),
    "pipl": _later("个人信息"),
    "calendar": _later("工作日历"),
    "proxy": _later("委托"),
    "archive": _later("档案"),
}
GRADES: Mapping[Grade, Any] = {
    Grade.ARTICLE: _later("文章原文"),
    Grade.VERIFIED: _later("法规原文，已核对"),
    Grade.SECONDARY: _later("公开报道，未见原文"),
    Grade.MEMORY: _later("凭经验，未核对"),
    Grade.DESIGN: _later("设计值"),
}


@blueprint.get("")
def index() -> str:
    """All figures by topic, or only those that wait for somebody to stand for them."""
    return _index("")


@blueprint.post("/<key>")
def confirm(key: str) -> Response | tuple[str, int]:
    """Stand for the present value."""
    try:
        with context.acting() as work:
            store.confirm(work, key, request.form.get("note", ""))
    except Refusal as refusal:
        return _index(str(refusal)), 422
    flash(_("已确认。"), "done")
    return redirect(url_for("parameters.index", waiting=request.args.get("waiting"), _anchor=key), 303)


def _index(wrong: str) -> str:
    with context.reading() as work:
        confirmed = store.confirmations(work)
        names = people.by_id(work.connection, [one.person for one in confirmed])
        definitions = {one.process_id: one.key for one in deployments.definitions(work) if one.latest}
    every = catalogue.parameters()
    waiting = [one for one in every if needs_confirmation(one, confirmed)]
    shown = waiting if request.args.get("waiting") else every
    groups = [
        (GROUPS[group], [_facts(one, one in waiting, confirmed, names, definitions) for one in found])
        for group, found in groupby(shown, key=attrgetter("group"))
    ]
    return render_template(
        "admin/parameters.html",
        groups=groups,
        waiting=len(waiting),
        total=len(every),
        wrong=wrong,
        note_length=NOTE_LENGTH,
    )


def _facts(
    parameter: Parameter,
    waits: bool,
    confirmed: list[Confirmation],
    names: Mapping[str, str],
    definitions: Mapping[str, int],
) -> dict[str, Any]:
    return {
        "parameter": parameter,
        "waits": waits,
        "grades": [GRADES[grade] for grade in parameter.grades],
        "places": [
            {"text": f"{place.file} · {place.element}", "definition": definitions.get(place.process)}
            for place in parameter.places
        ],
        "history": [
            {
                "value": one.value,
                "note": one.note,
                "name": names.get(one.person, one.person),
                "when": words.moment(one.at, context.now()),
            }
            for one in confirmed
            if one.key == parameter.key
        ],
    }
