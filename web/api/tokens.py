"""Tokens of programs: shown once when made, kept only as a digest, limited in scope, revocable.

A token is ``yst_<id>_<secret>``. The secret has 256 random bits, so that its plain SHA-256 cannot be searched
(NIST SP 800-63B-4 §3.1.2.2 on look-up secrets) and checking it costs microseconds, not a password hash.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from engine import values
from engine.errors import NotFound
from engine.runtime import Work
from web.api.rules import Scope
from web.store import api_token

PREFIX = "yst"
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is kept: a write for each request would cost more than the request."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; its secret is not."""

    id: str
    person: str
    scopes: frozenset[Scope]
    used_at: datetime | None


def issue(work: Work, name: str, scopes: Iterable[Scope], expires_at: datetime | None) -> dict[str, Any]:
    """A new token of the actor: its row, with the text under ``token``, which is never shown again."""
    token_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    row = {
        "community": work.community,
        "id": token_id,
        "person": work.actor.id,
        "name": name,
        "digest": values.digest(secret),
        "scopes": " ".join(sorted(scopes)),
        "created_at": work.now,
        "expires_at": expires_at,
        "used_at": None,
        "revoked_at": None,
    }
    work.connection.execute(api_token.insert().values(row))
    return {**_shown(row), "token": f"{PREFIX}_{token_id}_{secret}"}


def revoke(work: Work, token_id: str) -> None:
    """End a token of the actor's; :class:`NotFound` when they have none of this id."""
    own = {"community": work.community, "id": token_id, "person": work.actor.id, "revoked_at": None}
    if not work.connection.execute(api_token.update().filter_by(**own).values(revoked_at=work.now)).rowcount:
        raise NotFound("令牌")


def of_person(work: Work) -> list[dict[str, Any]]:
    """The actor's tokens, newest first, the revoked ones too."""
    statement = (
        select(api_token)
        .filter_by(community=work.community, person=work.actor.id)
        .order_by(api_token.c.created_at.desc(), api_token.c.id)
    )
    return [_shown(dict(row)) for row in work.connection.execute(statement).mappings()]


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "scopes": row["scopes"].split()}


def is_token(text: str) -> bool:
    return text.startswith(f"{PREFIX}_")


def find(connection: Connection, community: str, text: str, now: datetime) -> Token | None:
    """The valid token this text is, or ``None``."""
    _prefix, _, rest = text.partition("_")
    token_id, _, secret = rest.partition("_")
    statement = select(api_token).filter_by(community=community, id=token_id)
    row = connection.execute(statement).one_or_none()
    known = row.digest if row is not None else ""
    if not hmac.compare_digest(known, values.digest(secret)) or row is None:
        return None
    if row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return Token(row.id, row.person, frozenset(map(Scope, row.scopes.split())), row.used_at)


def note_use(connection: Connection, community: str, token: Token, now: datetime) -> None:
    """Keep when a token was last used."""
    own = {"community": community, "id": token.id}
    connection.execute(api_token.update().filter_by(**own).values(used_at=now))
