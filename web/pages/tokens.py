"""程序令牌: what programs show instead of a password, made and revoked by whom they act for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from engine.runtime import Work
from web import once
from web.api import tokens
from web.api.rules import Scope
from web.forms import Errors, Form, FormState
from web.pages import context, words

blueprint = Blueprint("tokens", __name__, url_prefix="/me/tokens")

Answer = Response | str | tuple[str, int]
NO_FILES: MultiDict[str, FileStorage] = MultiDict()

FORM = Form.compile(
    {
        "id": "token",
        "components": [
            {
                "type": "textfield",
                "id": "name",
                "key": "name",
                "label": "用途",
                "description": "给哪个程序用，例如“月报脚本”。",
                "validate": {"required": True, "maxLength": 120},
            },
            {
                "type": "checklist",
                "id": "scopes",
                "key": "scopes",
                "label": "可以做什么",
                "valuesExpression": "=allowed",
                "validate": {"required": True},
            },
            {
                "type": "radio",
                "id": "days",
                "key": "days",
                "label": "有效期",
                "values": [
                    {"label": "30 天", "value": "30"},
                    {"label": "90 天", "value": "90"},
                    {"label": "一年", "value": "365"},
                ],
                "validate": {"required": True},
            },
        ],
    }
)


@dataclass(frozen=True, slots=True)
class TokenCard:
    """A token as it is listed; ``good`` while programs may show it."""

    id: str
    name: str
    scopes: str
    made: str
    until: str
    used: str
    good: bool


@blueprint.get("")
def show() -> str:
    """The person's tokens, and the form for another."""
    with context.reading() as work:
        return _page(work, FORM.open(_offered(), None, now=work.now))


@blueprint.post("")
def make() -> Answer:
    """A new token, shown this once."""
    mark = request.args.get("once", "") or context.once()
    with context.acting() as work:
        state = FORM.read(request.form, NO_FILES, _offered(), now=work.now)
        result = FORM.validate(state, now=work.now)
        if state.intent != "submit" or isinstance(result, Errors):
            errors = result.errors if isinstance(result, Errors) and state.intent == "submit" else {}
            return _page(work, state.with_errors(errors), mark=mark), 422 if errors else 200
        if once.earlier_answer(work, mark) is not None:
            return redirect(url_for("tokens.show"), 303)
        once.note_answer(work, mark, url_for("tokens.show"))
        made = _issued(work, result.data)
        answer = Response(_page(work, FORM.open(_offered(), None, now=work.now), made), mimetype="text/html")
    answer.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"})
    return answer


@blueprint.post("/<token_id>/revocation")
def revoke(token_id: str) -> Response:
    with context.acting() as work:
        tokens.revoke(work, token_id)
    flash(_("令牌已撤销，用它的程序从现在起不能再访问。"), "done")
    return redirect(url_for("tokens.show"), 303)


def _issued(work: Work, data: Mapping[str, Any]) -> str:
    scopes = sorted(map(Scope, set(data["scopes"])))
    expires_at = work.now + timedelta(days=int(data["days"]))
    return str(tokens.issue(work, data["name"], scopes, expires_at)["token"])


def _names() -> Mapping[Scope, str]:
    """What each scope allows, in words; managing only for those who may."""
    names = {
        Scope.READ: _("查看"),
        Scope.WRITE: _("办理"),
        Scope.JOBS: _("领作业、发消息"),
        Scope.ADMIN: _("管理"),
    }
    return names if context.can_administer() else {k: v for k, v in names.items() if k is not Scope.ADMIN}


def _offered() -> dict[str, Any]:
    return {"allowed": [{"value": scope.value, "label": name} for scope, name in _names().items()]}


def _page(work: Work, state: FormState, made: str = "", mark: str = "") -> str:
    action = url_for("tokens.make", once=mark or context.once())
    if request.headers.get("HX-Request") and not made:
        return render_template("me/token_form.html", state=state, action=action)
    cards = [_card(row, work.now) for row in tokens.of_person(work)]
    return render_template("me/tokens.html", state=state, action=action, made=made, tokens=cards)


def _card(row: Mapping[str, Any], now: datetime) -> TokenCard:
    expires, used = row["expires_at"], row["used_at"]
    names = _names()
    return TokenCard(
        id=row["id"],
        name=row["name"],
        scopes="、".join(names.get(Scope(scope), scope) for scope in row["scopes"]),
        made=words.moment(row["created_at"], now),
        until=words.moment(expires, now) if expires else _("不限期"),
        used=words.moment(used, now) if used else "",
        good=row["revoked_at"] is None and (expires is None or expires > now),
    )
