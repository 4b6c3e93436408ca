"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.pages import context

blueprint = Blueprint("session", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    """A name and a password; wrong ones cost time, more each time."""
    if request.method == "GET":
        return redirect(_onward()) if context.actor() else _page()
    address = request.remote_addr or ""
    if wait := context.product().throttle.wait(address):
        return _page(_("尝试次数太多，请 %(seconds)d 秒后再试。", seconds=int(wait.total_seconds()) + 1)), 429
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    person = context.product().authenticate(name, password, address)
    if person is None:
        return _page(_("账号或密码不对，请再试一次。忘记密码请联系社区管理员。")), 422
    return _enter(person)


@blueprint.post("/sign-in/demo")
def demo() -> Answer:
    """One click, for the people of the demo community only."""
    person = request.form.get("person", "")
    if not context.product().settings.demo or context.product().actor(person) is None:
        abort(404)
    return _enter(person)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    session.clear()
    return redirect(url_for("session.sign_in"))


def _enter(person: str) -> Response:
    session.clear()  # a session from before the sign-in is worth nothing afterwards
    session["person"] = person
    session.permanent = True
    return redirect(_onward())


def _onward() -> str:
    return context.own_path(request.values.get("next"), url_for("tasks.inbox"))


def _page(wrong: str = "") -> str:
    product = context.product()
    return render_template(
        "session/sign_in.html",
        demo_groups=product.demo_groups() if product.settings.demo else [],
        next=request.values.get("next", ""),
        name=request.form.get("name", ""),
        wrong=wrong,
    )
