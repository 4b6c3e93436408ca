"""What every page starts from: the product, the person who asks, and a transaction in their name."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from engine.runtime import Actor, Work

if TYPE_CHECKING:
    from web.wiring import Frame, Product


def product() -> Product:
    """The running installation."""
    return cast("Product", current_app.extensions["yishi"])


def actor() -> Actor | None:
    """Who is signed in; principals are read from the organisation anew for every request."""
    if "actor" not in g:
        person = session.get("person")
        g.actor = product().actor(person) if person else None
    return cast("Actor | None", g.actor)


def frame() -> Frame:
    """What stands around the page."""
    if "frame" not in g:
        g.frame = product().frame(actor())
    return cast("Frame", g.frame)


def me() -> Actor:
    """Who is signed in, on pages that are only for those who are."""
    person = actor()
    if person is None:  # the door (web.pages.door) lets nobody else through
        raise LookupError("no one is signed in")
    return person


def community() -> str:
    """The community whose matters are shown."""
    return product().settings.community


def reading() -> AbstractContextManager[Work]:
    """A consistent view of the data for the person who asks; writes nothing."""
    return product().engine.look(me(), community())


def acting() -> AbstractContextManager[Work]:
    """One transaction in the person's name, committed at the end of the block."""
    return product().engine.work(me(), community())


def now() -> datetime:
    """The engine's present."""
    return product().engine.clock.now()


def can_administer() -> bool:
    """Whether the person may deploy processes and retry incidents."""
    person = actor()
    return person is not None and product().is_administrator(person)


def can_decide() -> bool:
    """Whether the person may decide on publications."""
    person = actor()
    return person is not None and product().may_decide(person)


def own_path(text: str | None, default: str) -> str:
    """A path on this site to go on to, never another site's address."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return default
    parts = urlsplit(text)
    return text if not parts.scheme and not parts.netloc else default


def go(url: str) -> Response:
    """On to another page: by status for a browser, by header for htmx, which would swap that page into the form."""
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": url})
    return redirect(url, 303)


def here() -> str:
    """The path that shows this page again; the page that led here when it was a submission."""
    if request.method == "GET":
        return request.full_path.removesuffix("?")
    return url_for("home.index")


def once() -> str:
    """A one-time mark for a form, so that sending it twice acts once."""
    return secrets.token_urlsafe(12)
