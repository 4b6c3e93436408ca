"""Messages and signals from outside."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from engine import correlation, messages
from engine.runtime import Work
from engine.store import tables
from web.api.fields import Always, Answer, Instant, Key, Tenanted, Text, Variables, Whole, tenant
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Rule, Scope
from web.api.search import Search
from web.api.v2.columns import OfElement, belonging, of_instance

area = Area("消息与信号")

YEAR_MS = 366 * 24 * 3600 * 1000


class Publication(Tenanted):
    name = Text(required=True, longest=255, shortest=1)
    correlationKey = Text(load_default="", longest=500)
    timeToLive = Whole(load_default=0, least=0, most=YEAR_MS)
    messageId = Text(allow_none=True, load_default=None, longest=255)
    variables = Variables(load_default=dict, allow_none=True)
    businessId = Text(allow_none=True)


class Correlation(Tenanted):
    name = Text(required=True, longest=255, shortest=1)
    correlationKey = Text(load_default="", longest=500)
    variables = Variables(load_default=dict, allow_none=True)
    businessId = Text(allow_none=True)


class Signal(Tenanted):
    signalName = Text(required=True, longest=255, shortest=1)
    variables = Variables(load_default=dict, allow_none=True)


class Published(Answer):
    tenantId = tenant()
    messageKey = Key()


class Correlated(Answer):
    tenantId = tenant()
    messageKey = Key()
    processInstanceKey = Key()


class Broadcast(Answer):
    tenantId = tenant()
    signalKey = Key()


class MessageSubscription(OfElement):
    """A matter that waits for a message."""

    businessId = Always()
    messageSubscriptionKey = Key()
    messageSubscriptionState = Always("CREATED")
    lastUpdatedDate = Instant()
    messageName = Text()
    correlationKey = Text(allow_none=True)
    messageSubscriptionType = Always("PROCESS_EVENT")
    toolProperties = Always({})
    processDefinitionName = Text(allow_none=True)
    processDefinitionVersion = Whole()
    toolName = Always()
    inboundConnectorType = Always()


PUBLISHING: dict[str, Any] = {"rule": Rule.ADMINISTRATOR, "scope": Scope.JOBS}
"""Messages move matters on past their forms: only programs an administrator lets in may send them."""


@area.post(
    "/messages/publication", "publishMessage", "发布消息", body=Publication, answer=Published, **PUBLISHING
)
def publish(call: Call) -> dict[str, Any]:
    """Reaches who waits, or is kept for ``timeToLive`` milliseconds; a message id counts once in that time."""
    asked = call.body
    if _is_known(call.work, asked):
        raise Problem(409, _("编号为“%(id)s”的消息已经发布过。", id=asked["messageId"]))
    messages.publish(
        call.work,
        asked["name"],
        asked["correlationKey"],
        asked["variables"] or {},
        ttl=timedelta(milliseconds=asked["timeToLive"]) or None,
        message_id=asked["messageId"],
    )
    return {"messageKey": call.work.engine.keys.next()}


def _is_known(work: Work, asked: dict[str, Any]) -> bool:
    table = tables.message
    own = {"community": work.community, "name": asked["name"], "correlation_key": asked["correlationKey"]}
    statement = select(table.c.key).filter_by(**own, message_id=asked["messageId"])
    alive = statement.where(table.c.message_id.is_not(None), table.c.expires_at > work.now)
    return work.connection.execute(alive).first() is not None


@area.post(
    "/messages/correlation",
    "correlateMessage",
    "立即送达消息",
    body=Correlation,
    answer=Correlated,
    **PUBLISHING,
)
def correlate(call: Call) -> dict[str, Any]:
    asked = call.body
    variables = asked["variables"] or {}
    reached = correlation.correlate(call.work, asked["name"], asked["correlationKey"], variables)
    return {"messageKey": call.work.engine.keys.next(), "processInstanceKey": reached}


@area.post("/signals/broadcast", "broadcastSignal", "广播信号", body=Signal, answer=Broadcast, **PUBLISHING)
def broadcast(call: Call) -> dict[str, Any]:
    messages.broadcast(call.work, call.body["signalName"], call.body["variables"] or {})
    return {"signalKey": call.work.engine.keys.next()}


def _subscriptions(work: Work) -> Select[Any]:
    waiting, instance, definition, element = (
        tables.subscription,
        tables.instance,
        tables.definition,
        tables.element,
    )
    host = (element.c.community == waiting.c.community) & (element.c.key == waiting.c.element_key)
    return (
        select(
            waiting.c.key.label("messageSubscriptionKey"),
            *belonging(instance),
            waiting.c.event_id.label("elementId"),
            waiting.c.element_key.label("elementInstanceKey"),
            element.c.entered_at.label("lastUpdatedDate"),
            waiting.c.name.label("messageName"),
            waiting.c.correlation_key.label("correlationKey"),
            definition.c.name.label("processDefinitionName"),
            definition.c.version.label("processDefinitionVersion"),
        )
        .join(instance, of_instance(waiting))
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(element, host)
        .where(waiting.c.community == work.community, waiting.c.kind == "message")
    )


SUBSCRIPTIONS = Search(_subscriptions, MessageSubscription, "messageSubscriptionKey", "消息订阅")

area.searches(
    "/message-subscriptions/search",
    "searchMessageSubscriptions",
    "查找等待中的消息",
    SUBSCRIPTIONS,
    rule=Rule.OVERSEER,
)
