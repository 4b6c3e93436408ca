"""Reporting an issue without signing in, and asking by query code how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from engine import deployments
from engine.errors import FormInvalid, NotFound
from engine.runtime import Actor, Work
from web import once
from web.forms import Form, FormState, Upload
from web.pages import context
from workflows.issues import visitors

blueprint = Blueprint("report", __name__, url_prefix="/report")

Answer = Response | str | tuple[str, int]

NO_FILES: MultiDict[str, FileStorage] = MultiDict()


@blueprint.get("")
def show() -> str:
    """The form for everybody. A signed-in person who wants to stay unnamed may use it too."""
    with context.product().engine.look(visitors.PUBLIC, context.community()) as work:
        return _page(_form(work).open(_variables(work), {"anonymous": True}, now=work.now))


@blueprint.post("")
def submit() -> Answer:
    """Hand the report in, or redraw it. Nothing is kept of a report that was not handed in."""
    if request.form.get("_do") != "submit":
        return _page(_redrawn())
    try:
        with context.product().engine.work(visitors.PUBLIC, context.community()) as work:
            code = _handed_in(work)
    except FormInvalid as refusal:
        return _page(replace(_redrawn(), intent="submit").with_errors(refusal.errors)), 422
    answer = Response(render_template("report/received.html", code=code), mimetype="text/html")
    answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return answer


@blueprint.get("/progress")
def ask() -> str:
    return render_template("report/progress.html", found=None, wrong="", code="")


@blueprint.post("/progress")
def progress() -> Answer:
    """Where the report of a code stands. Guessing is slowed down like guessing a password."""
    code, address = request.form.get("code", "").strip()[:40], request.remote_addr or ""
    throttle = context.product().throttle
    if throttle.wait(address):
        wrong = _("查得太频繁了，请过几分钟再查。")
        return render_template("report/progress.html", found=None, wrong=wrong, code=code), 429
    with context.product().engine.look(Actor.system(), context.community()) as work:
        found = visitors.progress(work, code)
    if found is None:
        throttle.failed(address)
        wrong = _("没有这个查询码，请对照上报时给您的查询码再输一遍。")
        return render_template("report/progress.html", found=None, wrong=wrong, code=code), 404
    return render_template("report/progress.html", found=found, wrong="", code=code)


def _handed_in(work: Work) -> str:
    """The query code; the same form sent twice gets the code of the first time."""
    mark = request.args.get("once", "") or context.once()
    earlier = once.earlier_answer(work, mark)
    if earlier is not None:
        return earlier
    task = visitors.begin(work)

    def keep(upload: Upload) -> Any:
        return context.product().attachments.keep(work, task.instance_key, upload)

    state = _form(work).read(request.form, request.files, _variables(work), now=work.now, uploads=keep)
    code = visitors.hand_in(work, task, state)
    once.note_answer(work, mark, code)
    return code


def _redrawn() -> FormState:
    """The answers as they were sent, without files: those are chosen again."""
    with context.product().engine.look(visitors.PUBLIC, context.community()) as work:
        form = _form(work)
        state = form.read(request.form, NO_FILES, _variables(work), now=work.now)
        return form.review(state, now=work.now)


def _form(work: Work) -> Form:
    schema = deployments.latest_form(work, visitors.REPORT_FORM)
    if schema is None:
        raise NotFound("表单")
    return context.product().forms.compiled(schema)


def _variables(work: Work) -> Mapping[str, Any]:
    given = visitors.form_context(work)
    return {**context.product().offered(work.connection, given), **given}


def _page(state: FormState) -> str:
    template = "report/fields.html" if request.headers.get("HX-Request") else "report/form.html"
    return render_template(template, state=state, action=url_for("report.submit", once=_mark()))


def _mark() -> str:
    """The mark of the form being redrawn stays the same."""
    return request.args.get("once", "") or context.once()
