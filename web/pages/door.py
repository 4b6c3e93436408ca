"""Who may pass: every page asks for a signed-in person unless it is named here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web import errors
from web.pages import context

PUBLIC = frozenset(
    {
        "static",
        "home.index",
        "home.display",
        "home.about",
        "home.healthz",
        "session.sign_in",
        "session.demo",
        "notices.board",
        "notices.show",
        "reviews.index",
        "reviews.show",
        "reviews.draw",
        "reviews.draw_csv",
        "ledger.figures",
        "receipts.ask",
        "receipts.check",
        "interfaces.show",
        "report.show",
        "report.submit",
        "report.ask",
        "report.progress",
    }
)
"""Endpoints for everybody. What is not named here is for those who signed in."""

API_BLUEPRINTS = frozenset({"engine_api", "governance_api", "api_description"})
"""Blueprints for programs, which bring their own credentials with each request."""


GUARDS: Mapping[str, Callable[[], bool]] = {
    "admin": context.can_administer,
    "workbench": context.can_administer,
    "editor": context.can_administer,
    "parameters": context.can_administer,
    "publications": context.can_decide,
}
"""Blueprints that are not there for everybody who signed in."""

OWN_TABS = frozenset({"matters.choose", "me.notifications"})
HOMES = {
    "tasks": "tasks.inbox",
    "handing": "tasks.inbox",
    "matters": "tasks.inbox",
    "together": "tasks.inbox",
    "notices": "notices.board",
    "reviews": "notices.board",
    "ledger": "ledger.index",
    "report": "report.show",
    "receipts": "notices.board",
    "me": "me.show",
    "tokens": "me.show",
    "interfaces": "me.show",
    "admin": "admin.processes",
    "workbench": "admin.processes",
    "editor": "admin.processes",
    "parameters": "admin.processes",
    "publications": "publications.index",
    "session": "session.sign_in",
}
"""Pages that are a tab themselves, and for the others the tab of their blueprint."""


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry of the main navigation; ``desk`` ones appear on wide screens only."""

    href: str
    text: str
    icon: str
    here: bool
    count: int = 0
    desk: bool = False


def keep_door(app: Flask) -> None:
    """Turn strangers to the sign-in page, and hide the administrator's pages from members."""
    app.before_request(_admit)


def _admit() -> Response | tuple[str, int] | None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC or request.blueprint in API_BLUEPRINTS:
        return None
    if context.actor() is None:
        session.pop("person", None)
        return redirect(url_for("session.sign_in", next=context.here()))
    if not GUARDS.get(request.blueprint or "", lambda: True)():
        return errors.page(404)
    return None


def tabs() -> list[Tab]:
    """The navigation as this person sees it."""
    if context.actor() is None:
        return [
            _tab("report.show", _("上报"), "start"),
            _tab("notices.board", _("公示"), "board"),
            _tab("session.sign_in", _("登录"), "door"),
        ]
    shown = [
        _tab("tasks.inbox", _("待办"), "inbox", count=context.frame().tasks),
        _tab("matters.choose", _("发起"), "start"),
        _tab("notices.board", _("公示"), "board"),
        _tab("me.notifications", _("消息"), "bell", count=context.frame().messages),
        _tab("me.show", _("我的"), "me"),
    ]
    shown.insert(-2, _tab("ledger.index", _("台账"), "book", desk=True))
    if context.can_administer():
        shown.append(_tab("admin.processes", _("流程"), "gear", desk=True))
    if context.can_decide():
        shown.append(_tab("publications.index", _("发布审批"), "done", desk=True))
    return shown


def _tab(endpoint: str, text: str, icon: str, *, count: int = 0, desk: bool = False) -> Tab:
    return Tab(url_for(endpoint), text, icon, _place() == endpoint, count, desk)


def _place() -> str:
    """The tab a page belongs to: a matter is reached from 待办, an administrator's page from 流程."""
    endpoint, blueprint = request.endpoint or "", request.blueprint or ""
    return endpoint if endpoint in OWN_TABS else HOMES.get(blueprint, "")
