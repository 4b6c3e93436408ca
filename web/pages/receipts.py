"""核对回执: whether one's paper lies in the box, for everybody who has a code; nobody is asked who they are."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from web.pages import context
from workflows.ballots import store
from workflows.ballots.model import BallotMode

blueprint = Blueprint("receipts", __name__, url_prefix="/receipts")


@blueprint.get("")
def ask() -> str:
    return _page()


@blueprint.post("")
def check() -> tuple[str, int] | str:
    """The vote the paper lies in. Guessing is slowed down like guessing a password."""
    code, address = request.form.get("code", "").strip()[:40], request.remote_addr or ""
    throttle = context.product().throttle
    if throttle.wait(address):
        return _page(code, _("查得太频繁了，请过几分钟再查。")), 429
    with context.product().store.snapshot() as connection:
        found = store.look_up(connection, context.community(), code)
    if found is None:
        throttle.failed(address)
        return _page(code, _("没有这个回执码，请对照投票时抄下的再输一遍。")), 404
    return render_template(
        "notices/receipt.html",
        code=code,
        wrong="",
        found=found,
        secret=found.box.mode is BallotMode.SECRET,
    )


def _page(code: str = "", wrong: str = "") -> str:
    return render_template("notices/receipt.html", code=code, wrong=wrong, found=None, secret=False)
