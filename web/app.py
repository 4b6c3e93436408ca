"""The Flask application: pages, static files, health."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, request, url_for
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from engine.store import conflicts
from web import api
from web.errors import register_errors
from web.language import OneLanguage
from web.pages import context, display, door
from web.pages.admin import blueprint as admin
from web.pages.demo import blueprint as demo
from web.pages.editor import blueprint as editor
from web.pages.files import blueprint as files
from web.pages.handing import blueprint as handing
from web.pages.home import blueprint as home
from web.pages.interfaces import blueprint as interfaces
from web.pages.ledger import blueprint as ledger
from web.pages.matters import blueprint as matters
from web.pages.me import blueprint as me
from web.pages.notices import blueprint as notices
from web.pages.parameters import blueprint as parameters
from web.pages.publications import blueprint as publications
from web.pages.receipts import blueprint as receipts
from web.pages.report import blueprint as report
from web.pages.reviews import blueprint as reviews
from web.pages.session import blueprint as session
from web.pages.tasks import blueprint as tasks
from web.pages.together import blueprint as together
from web.pages.tokens import blueprint as tokens
from web.pages.workbench import blueprint as workbench
from web.security import protect
from web.wiring import Product

HERE = Path(__file__).parent
STATIC_SECONDS = 365 * 24 * 3600


class PlainJson(DefaultJSONProvider):
    """Chinese stays Chinese in JSON."""

    ensure_ascii = False


class Application(Flask):
    """Flask, where an action that met another in the database and had to give way is done again."""

    def dispatch_request(self) -> ResponseReturnValue:
        def dispatch() -> ResponseReturnValue:
            for file in request.files.values():
                file.seek(0)
            return super(Application, self).dispatch_request()

        return conflicts.settled(dispatch)


def create_app(product: Product) -> Flask:
    """A WSGI application over a product."""
    app = Application("web", root_path=str(HERE))
    app.extensions["yishi"] = product
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json = PlainJson(app)
    OneLanguage(app)
    protect(app, product.settings)
    register_errors(app)
    members = (home, session, tasks, handing, matters, together, notices, receipts, ledger, report, reviews)
    own = (me, tokens, interfaces, files, demo)
    for blueprint in (*members, *own, admin, workbench, editor, publications, parameters):
        app.register_blueprint(blueprint)
    api.register(app, product)
    door.keep_door(app)
    app.context_processor(_layout)
    app.jinja_env.globals.update(asset=asset, icon=icon, once=context.once)
    return app


def _layout() -> dict[str, object]:
    """What base.html needs on every page."""
    return {
        "display": display.chosen(request.cookies),
        "tabs": door.tabs(),
        "here": context.here(),
        "community_name": context.frame().community_name,
    }


@cache
def asset(name: str) -> str:
    """The address of a static file, marked with its content, so that browsers may keep it for a year."""
    return url_for("static", filename=name, v=_digest(HERE / "static" / name))


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "missing"


@cache
def icon(name: str) -> Markup:
    """A drawing from the icon sheet, for the eye only."""
    sheet = asset("icons/icons.svg")
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(sheet, name)
