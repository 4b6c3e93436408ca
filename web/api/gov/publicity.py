"""The notice board, and the messages to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from engine import values
from engine.errors import NotFound
from web.api.fields import Answer, Body, Flag, Instant, Key, Text, Variables
from web.api.operations import Area, Call, Visit
from web.api.rules import Rule
from web.api.v2 import forms
from workflows.notices import objections
from workflows.notices import store as notices
from workflows.notices.model import PublicNotice

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
    openToObjections = Flag(attribute="open")


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


class ObjectionBody(Body):
    """What the form of objections asks for; the objector is who calls."""

    variables = Variables(required=True)


class Seen(Body):
    ids = fields.List(Key(), required=True, validate=Length(max=SHOWN))


def _plain(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


@area.get("/notices", "listNotices", "公示栏，新的在前，不需要令牌", rule=Rule.EVERYBODY, answer=Notices)
def board(visit: Visit) -> dict[str, Any]:
    with visit.product.store.snapshot() as connection:
        found = notices.board(connection, visit.product.settings.community, limit=SHOWN)
    return {"items": [_told(one, visit.product.engine.clock.now()) for one in found]}


@area.get("/notices/<key:key>", "getNotice", "查看一条公示，不需要令牌", rule=Rule.EVERYBODY, answer=Notice)
def show(visit: Visit, key: int) -> dict[str, Any]:
    with visit.product.store.snapshot() as connection:
        found = notices.get(connection, visit.product.settings.community, key)
    if found is None:
        raise NotFound("公示")
    return _told(found, visit.product.engine.clock.now())


def _told(notice: PublicNotice, now: datetime) -> dict[str, Any]:
    return {**_plain(notice), "open": objections.is_open(notice, now)}


@area.get("/notices/<key:key>/objection-form", "getObjectionForm", "取异议书的表单", answer=forms.Form)
def objection_form(call: Call, key: int) -> dict[str, Any]:
    return forms.read(call.work, objections.form_key(call.work, _notice(call, key)))


@area.post("/notices/<key:key>/objections", "objectToNotice", "对公示的决议提出异议", body=ObjectionBody)
def object_to(call: Call, key: int) -> None:
    """Under one's own name, within the time of the notice; checked by the form of objections."""
    notice = _notice(call, key)
    objections.require_open(notice, call.work.now)
    schema = objections.form(call.work, notice)
    mine = objections.own_answers(call.work)
    given = {**call.body["variables"], "objector": call.caller.actor.id}
    data = call.product.forms.validate(schema, given, mine, call.work.now)
    mark = values.digest(values.dump(data))
    objections.object_to(call.work, notice, data, mark)


def _notice(call: Call, key: int) -> PublicNotice:
    found = notices.get(call.work.connection, call.work.community, key)
    if found is None:
        raise NotFound("公示")
    return found


@area.get("/notifications", "listNotifications", "自己的消息，新的在前", answer=Notifications)
def letters(call: Call) -> dict[str, Any]:
    found = notices.letters(call.work.connection, call.caller.actor.id, limit=SHOWN)
    return {"items": [_plain(one) for one in found]}


@area.post("/notifications/read", "readNotifications", "标记消息已读", body=Seen)
def read(call: Call) -> None:
    notices.mark_read(call.work.connection, call.caller.actor.id, call.body["ids"], call.work.now)
