"""Publishing: what was handed in, what it changes, and the decision of the second person."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine import comparison, deployments, instances
from engine.errors import Refusal
from engine.runtime import Work
from web.pages import context, people, words
from workflows.notices import desk
from workflows.workbench import publishing
from workflows.workbench.model import Publication, State

blueprint = Blueprint("publications", __name__, url_prefix="/publications")

Answer = BaseResponse | str | tuple[str, int]


def tell_deciders(work: Work, asked: Publication) -> None:
    """A message to everybody who may decide, but the one who asks."""
    title = _("“%(name)s”的改动等您批准", name=asked.name)
    body = _("%(who)s送审。理由：%(reason)s", who=work.actor.name, reason=asked.reason)
    others = [person for person in context.product().deciders(work) if person != work.actor.id]
    desk.tell(work, others, title, body, "")


@blueprint.get("")
def index() -> str:
    """What waits for a decision, and what was decided."""
    with context.reading() as work:
        found = publishing.listing(work)
        names = people.by_id(work.connection, [one.requested_by for one in found])
    rows = [_facts(one, names) for one in found]
    return render_template(
        "publications/index.html",
        waiting=[row for row in rows if row["state"] is State.REQUESTED],
        decided=[row for row in rows if row["state"] is not State.REQUESTED],
        administers=context.can_administer(),
    )


@blueprint.get("/<int:key>")
def show(key: int) -> str:
    """One request: reason, basis, every difference; and the buttons of whoever may decide."""
    return _page(key)


@blueprint.get("/<int:key>/diagram/<side>")
def diagram(key: int, side: str) -> Response:
    """The drawing before or after."""
    with context.reading() as work:
        pairs = publishing.pairs(work, publishing.get(work, key))
    found = next(((old, new) for name, old, new in pairs if name.endswith(".bpmn")), None)
    content = None if found is None else found[0 if side == "before" else 1]
    if content is None:
        abort(404)
    return Response(content, mimetype="application/xml")


@blueprint.get("/<int:key>/marks/<side>")
def marks(key: int, side: str) -> Response:
    """Which elements differ, for the drawing of one side: the viewer's own kinds of marks."""
    with context.reading() as work:
        pairs = publishing.pairs(work, publishing.get(work, key))
    gone = comparison.How.REMOVED if side == "before" else comparison.How.ADDED
    shown = (comparison.How.CHANGED, gone)
    changes = [
        c
        for name, old, new in pairs
        if name.endswith(".bpmn")
        for c in comparison.compare(name, old, new).changes
    ]
    return jsonify(differing=[change.element for change in changes if change.how in shown])


@blueprint.post("/<int:key>/approve")
def approve(key: int) -> Answer:
    """The second person publishes."""
    try:
        with context.acting() as work:
            deployment = publishing.approve(work, key, request.form.get("remark", ""))
    except Refusal as refusal:
        return _page(key, str(refusal)), 422
    new = "、".join(_("%(name)s第 %(n)d 版", name=d.name, n=d.version) for d in deployment.definitions)
    flash(_("已发布：%(new)s。新发起的事项用新版本，正在办的仍按原来的版本办完。", new=new), "done")
    return redirect(url_for("publications.show", key=key), 303)


@blueprint.post("/<int:key>/reject")
def reject(key: int) -> Answer:
    try:
        with context.acting() as work:
            publishing.reject(work, key, request.form.get("remark", ""))
    except Refusal as refusal:
        return _page(key, str(refusal)), 422
    flash(_("已退回。草稿还在，改好以后可以再送审。"), "done")
    return redirect(url_for("publications.show", key=key), 303)


@blueprint.post("/<int:key>/withdraw")
def withdraw(key: int) -> Answer:
    with context.acting() as work:
        publishing.withdraw(work, key)
    flash(_("已撤回送审。"), "done")
    return redirect(url_for("publications.show", key=key), 303)


def _page(key: int, wrong: str = "") -> str:
    with context.reading() as work:
        found = publishing.get(work, key)
        pairs = publishing.pairs(work, found)
        names = people.by_id(work.connection, [found.requested_by, found.decided_by])
        running = instances.count_by_definition(work)
        affected = [d for d in deployments.definitions(work) if d.process_id == found.process_id]
    return render_template(
        "publications/show.html",
        publication=_facts(found, names),
        changes=[comparison.compare(name, old, new) for name, old, new in pairs],
        drawn=any(name.endswith(".bpmn") and old is not None for name, old, _new in pairs),
        running=sum(running.get(one.key, 0) for one in affected),
        own=found.requested_by == context.me().id,
        wrong=wrong,
        remark=request.form.get("remark", ""),
    )


def _facts(one: Publication, names: dict[str, str]) -> dict[str, object]:
    titles = {
        State.REQUESTED: (_("等待批准"), "soon"),
        State.PUBLISHED: (_("已发布"), "done"),
        State.REJECTED: (_("已退回"), "late"),
        State.WITHDRAWN: (_("已撤回"), "calm"),
    }
    text, tone = titles[one.state]
    return {
        "key": one.key,
        "draft_key": one.draft_key,
        "name": one.name,
        "reason": one.reason,
        "basis": one.basis,
        "remark": one.remark,
        "state": one.state,
        "stage": text,
        "tone": tone,
        "by": names.get(one.requested_by, one.requested_by),
        "when": _moment(one.requested_at),
        "decided_by": names.get(one.decided_by or "", ""),
        "decided_when": _moment(one.decided_at) if one.decided_at else "",
    }


def _moment(at: datetime) -> str:
    return words.moment(at, context.now())
