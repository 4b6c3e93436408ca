"""The front door of the site: where to go first, how pages look, what is running."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from web.health import versions
from web.pages import context
from web.pages.display import CHOICES

blueprint = Blueprint("home", __name__)

YEAR = 365 * 24 * 3600  # seconds


@blueprint.get("/")
def index() -> BaseResponse:
    return redirect(url_for("tasks.inbox" if context.actor() else "session.sign_in"))


@blueprint.post("/display")
def display() -> BaseResponse:
    """Remember the text size or the colours in a cookie, so that the next page comes that way."""
    answer = redirect(context.own_path(request.form.get("next"), url_for("home.index")))
    for name, allowed in CHOICES.items():
        value = request.form.get(name)
        if value is not None and (not value or value in allowed):
            _remember(answer, name, value)
    return answer


def _remember(answer: BaseResponse, name: str, value: str) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    answer.set_cookie(name, value, max_age=YEAR if value else 0, samesite="Lax", secure=secure)


@blueprint.get("/about")
def about() -> str:
    names = {
        "product": _("议事"),
        "schema": _("数据库结构"),
        "spiffworkflow": "SpiffWorkflow",
        "database": _("数据库"),
        "python": "Python",
    }
    found = versions(context.product().store)
    return render_template("about.html", versions=[(names[name], text) for name, text in found.items()])


@blueprint.get("/healthz")
def healthz() -> Response:
    """State and versions for whoever watches over the server."""
    return jsonify({"state": "ok", "versions": versions(context.product().store)})
