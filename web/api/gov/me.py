"""Who a program acts for, and the tokens it shows."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import fields
from marshmallow.validate import Length, OneOf

from web.api import tokens
from web.api.fields import Answer, Body, Flag, Instant, Text
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Scope
from web.security import csrf_token

area = Area("身份与令牌")


class Me(Answer):
    """``csrfToken`` is what a page of ours, called by its session, sends along with every change."""

    id = Text()
    name = Text()
    principals = fields.List(Text())
    scopes = fields.List(Text())
    administrator = Flag()
    csrfToken = Text(allow_none=True)


class NewToken(Body):
    """What the token is for, until when it is good, and what it may do."""

    name = Text(required=True, longest=120, shortest=1)
    scopes = fields.List(
        Text(validate=OneOf([scope.value for scope in Scope])),
        load_default=lambda: [Scope.READ.value, Scope.WRITE.value],
        validate=Length(min=1, max=len(Scope)),
    )
    expiresAt = Instant(load_default=None, allow_none=True)


class TokenRow(Answer):
    id = Text()
    name = Text()
    scopes = fields.List(Text())
    createdAt = Instant(attribute="created_at")
    expiresAt = Instant(attribute="expires_at", allow_none=True)
    usedAt = Instant(attribute="used_at", allow_none=True)
    revokedAt = Instant(attribute="revoked_at", allow_none=True)


class IssuedToken(TokenRow):
    """A new token with its text, which is shown this once."""

    token = Text()


class TokenList(Answer):
    items = fields.List(fields.Nested(TokenRow))


@area.get("/me", "getMe", "查看令牌代表谁、能做什么", answer=Me, password=True)
def me(call: Call) -> dict[str, Any]:
    actor = call.caller.actor
    return {
        "id": actor.id,
        "name": actor.name,
        "principals": sorted(actor.principals),
        "scopes": sorted(call.caller.scopes),
        "administrator": call.caller.is_administrator,
        "csrfToken": csrf_token() if call.caller.by_session else None,
    }


@area.get("/api-tokens", "listApiTokens", "列出自己的令牌", answer=TokenList, password=True)
def list_tokens(call: Call) -> dict[str, Any]:
    return {"items": tokens.of_person(call.work)}


@area.post(
    "/api-tokens",
    "createApiToken",
    "新建令牌；内容只显示这一次",
    body=NewToken,
    answer=IssuedToken,
    password=True,
    secret=True,
)
def create_token(call: Call) -> dict[str, Any]:
    """Made with a password only: a token that leaks must not be able to outlive itself."""
    if call.caller.by_token:
        raise Problem(403, _("新建令牌请用账号和密码，不能用另一个令牌。"))
    scopes = sorted(map(Scope, set(call.body["scopes"])))
    return tokens.issue(call.work, call.body["name"], scopes, call.body["expiresAt"])


@area.delete("/api-tokens/<token_id>", "revokeApiToken", "撤销令牌", password=True)
def revoke_token(call: Call, token_id: str) -> None:
    tokens.revoke(call.work, token_id)
