"""The installation itself, and who is asking."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy import select

from web.api.fields import TENANT, Always, Answer, Flag, Instant, Text, Whole
from web.api.operations import Area, Call, Visit
from web.api.rules import Rule

VERSION = "8.9.0"
"""The version of the interface this profile follows; clients read it as the version of the server."""

area = Area("系统")


class Partition(Answer):
    partitionId = Whole()
    role = Always("leader")
    health = Always("healthy")
    state = Always("active")


class Broker(Answer):
    nodeId = Whole()
    brokerId = Text()
    host = Text()
    port = Whole()
    partitions = fields.List(fields.Nested(Partition))
    version = Always(VERSION)


class Topology(Answer):
    brokers = fields.List(fields.Nested(Broker))
    clusterId = Always()
    clusterSize = Whole()
    partitionsCount = Whole()
    replicationFactor = Whole()
    gatewayVersion = Always(VERSION)
    lastCompletedChangeId = Always("-1")


class License(Answer):
    validLicense = Flag()
    licenseType = Text()
    isCommercial = Flag()
    expiresAt = Instant(allow_none=True)


class Tenant(Answer):
    name = Text()
    tenantId = Always(TENANT)
    description = Always()


class CurrentUser(Answer):
    username = Text()
    displayName = Text(allow_none=True)
    email = Always()
    authorizedComponents = fields.List(Text())
    tenants = fields.List(fields.Nested(Tenant))
    groups = fields.List(Text())
    roles = fields.List(Text())
    salesPlanType = Always()
    c8Links = fields.Dict()
    canLogout = Flag()


@area.get("/topology", "getTopology", "查看系统组成", answer=Topology)
def topology(call: Call) -> dict[str, Any]:
    """One node with one partition: that is what one installation is to a client."""
    settings = call.product.settings
    node = {"nodeId": 0, "brokerId": "0", "host": settings.host, "port": settings.port}
    return {
        "brokers": [{**node, "partitions": [{"partitionId": 1}]}],
        "clusterSize": 1,
        "partitionsCount": 1,
        "replicationFactor": 1,
    }


@area.get("/status", "getStatus", "是否可用：可用时应答 204", rule=Rule.EVERYBODY)
def status(visit: Visit) -> None:
    """Healthy when the database answers."""
    with visit.product.store.snapshot() as connection:
        connection.execute(select(1))


@area.get("/license", "getLicense", "查看许可", rule=Rule.EVERYBODY, answer=License)
def licence(_visit: Visit) -> dict[str, Any]:
    """No licence is needed here and none of Camunda's is claimed."""
    return {"validLicense": False, "licenseType": "unknown", "isCommercial": False, "expiresAt": None}


@area.get("/authentication/me", "getAuthentication", "查看当前身份", answer=CurrentUser)
def me(call: Call) -> dict[str, Any]:
    actor = call.caller.actor
    return {
        "username": actor.id,
        "displayName": actor.name,
        "authorizedComponents": ["*"],
        "tenants": [{"name": call.product.community_name()}],
        "groups": sorted(actor.principals - {actor.id}),
        "roles": [],
        "c8Links": {},
        "canLogout": False,
    }
