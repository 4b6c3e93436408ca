"""Who calls: HTTP Basic (RFC 7617) or a bearer token (RFC 6750) with every request, or a page of ours by its session.

Programs bring no cookie, so there is nothing another site could make a browser send along; what a session changes
must show its CSRF token (:mod:`web.security`).
"""

from __future__ import annotations

from flask import g, request
from flask_babel import gettext as _

from web.api import tokens
from web.api.problems import Problem
from web.api.rules import Caller, Scope
from web.pages import context
from web.settings import LOOPBACK
from web.wiring import DEMO_ADMINISTRATOR, Product

EVERYTHING = frozenset(Scope)


def caller(product: Product, *, password: bool = False) -> Caller:
    """Who the credentials are of; :class:`Problem` 401 when there are none or they are wrong.

    ``password`` says that a member's own password is good here: only for making tokens, since checking one is
    slow on purpose.
    """
    if "caller" not in g:
        g.caller = _recognised(product, password=password)
    if g.caller is None:
        raise Problem(401, _("请提供有效的令牌：用户名任意，密码填令牌，或用 Bearer 方式。"))
    return g.caller  # type: ignore[no-any-return]  # set two lines above


def _recognised(product: Product, *, password: bool) -> Caller | None:
    given = request.authorization
    if given is None:
        return _by_session(product)
    secret = given.token if given.type == "bearer" else given.password
    if secret and tokens.is_token(secret):
        return _by_token(product, secret)
    if given.type != "basic" or not (password or _is_demo(product, given.username, secret)):
        return None
    person = product.authenticate(given.username or "", secret or "", request.remote_addr or "")
    actor = product.actor(person) if person else None
    return None if actor is None else Caller(actor, product.settings.community, EVERYTHING, by_token=False)


def _by_session(product: Product) -> Caller | None:
    """Who is signed in on the pages of this browser, for what an ``Authorization`` header never came with."""
    if "Authorization" in request.headers:
        return None
    actor = context.actor()
    if actor is None:
        return None
    return Caller(actor, product.settings.community, EVERYTHING, by_token=False, by_session=True)


def _is_demo(product: Product, username: str | None, password: str | None) -> bool:
    """In demo mode, from this machine only, the demo's administrator needs no token."""
    local = request.remote_addr in LOOPBACK
    return product.settings.demo and local and (username, password) == DEMO_ADMINISTRATOR


def _by_token(product: Product, text: str) -> Caller | None:
    community, now = product.settings.community, product.engine.clock.now()
    with product.store.snapshot() as connection:
        token = tokens.find(connection, community, text, now)
    actor = product.actor(token.person) if token else None
    if token is None or actor is None:
        return None
    if token.used_at is None or now - token.used_at >= tokens.SEEN_EVERY:
        with product.store.transaction() as connection:
            tokens.note_use(connection, community, token, now)
    return Caller(actor, community, token.scopes, by_token=True)
