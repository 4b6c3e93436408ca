"""The notice board, and the messages to a person."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from engine.errors import NotFound
from web.api.fields import Answer, Body, Instant, Key, Text
from web.api.operations import Area, Call
from web.api.rules import Rule
from web.wiring import Product
from workflows.notices import store as notices

area = Area("公示与消息")

SHOWN = 200


class Notice(Answer):
    id = Key()
    kind = Text()
    title = Text()
    body = Text()
    matterNo = Text(attribute="matter_no")
    publishedAt = Instant(attribute="published_at")
    until = Instant()


class Notices(Answer):
    items = fields.List(fields.Nested(Notice))


class Notification(Answer):
    id = Key()
    title = Text()
    body = Text()
    matterNo = Text(attribute="matter_no")
    createdAt = Instant(attribute="created_at")
    readAt = Instant(attribute="read_at", allow_none=True)


class Notifications(Answer):
    items = fields.List(fields.Nested(Notification))


class Seen(Body):
    ids = fields.List(Key(), required=True, validate=Length(max=SHOWN))


def _plain(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


@area.get("/notices", "listNotices", "公示栏，新的在前，不需要令牌", rule=Rule.EVERYBODY, answer=Notices)
def board(product: Product) -> dict[str, Any]:
    with product.store.snapshot() as connection:
        found = notices.board(connection, product.settings.community, limit=SHOWN)
    return {"items": [_plain(one) for one in found]}


@area.get("/notices/<key:key>", "getNotice", "查看一条公示", answer=Notice)
def show(call: Call, key: int) -> dict[str, Any]:
    found = notices.get(call.work.connection, call.work.community, key)
    if found is None:
        raise NotFound("公示")
    return _plain(found)


@area.get("/notifications", "listNotifications", "自己的消息，新的在前", answer=Notifications)
def letters(call: Call) -> dict[str, Any]:
    found = notices.letters(call.work.connection, call.caller.actor.id, limit=SHOWN)
    return {"items": [_plain(one) for one in found]}


@area.post("/notifications/read", "readNotifications", "标记消息已读", body=Seen)
def read(call: Call) -> None:
    notices.mark_read(call.work.connection, call.caller.actor.id, call.body["ids"], call.work.now)
