"""Element instances: what runs in a matter, and what has ended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, null, select, union_all

from engine import instances
from engine.interpreter.model import NodeType
from engine.runtime import Work
from engine.store import tables
from web.api.conditions import Rows
from web.api.fields import Flag, Instant, Key, Text
from web.api.operations import Area, Call
from web.api.rules import Rule
from web.api.search import Search
from web.api.v2.columns import OfElement, belonging, of_instance
from web.api.v2.incidents import INCIDENTS

area = Area("元素实例")

TYPES = {
    NodeType.START: "START_EVENT",
    NodeType.END: "END_EVENT",
    NodeType.CATCH: "INTERMEDIATE_CATCH_EVENT",
    NodeType.THROW: "INTERMEDIATE_THROW_EVENT",
    NodeType.BOUNDARY: "BOUNDARY_EVENT",
    NodeType.USER_TASK: "USER_TASK",
    NodeType.SERVICE_TASK: "SERVICE_TASK",
    NodeType.SEND_TASK: "SEND_TASK",
    NodeType.RECEIVE_TASK: "RECEIVE_TASK",
    NodeType.SCRIPT_TASK: "SCRIPT_TASK",
    NodeType.BUSINESS_RULE_TASK: "BUSINESS_RULE_TASK",
    NodeType.MANUAL_TASK: "MANUAL_TASK",
    NodeType.TASK: "TASK",
    NodeType.EXCLUSIVE: "EXCLUSIVE_GATEWAY",
    NodeType.PARALLEL: "PARALLEL_GATEWAY",
    NodeType.INCLUSIVE: "INCLUSIVE_GATEWAY",
    NodeType.EVENT_BASED: "EVENT_BASED_GATEWAY",
    NodeType.SUB_PROCESS: "SUB_PROCESS",
    NodeType.CALL_ACTIVITY: "CALL_ACTIVITY",
}
_TYPES = {
    **{node.value: name for node, name in TYPES.items()},
    "process": "PROCESS",
    "eventSubProcess": "EVENT_SUB_PROCESS",
}


class ElementInstance(OfElement):
    startDate = Instant()
    endDate = Instant(allow_none=True)
    elementName = Text()
    type = Text()
    state = Text()
    hasIncident = Flag()
    incidentKey = Key(allow_none=True)


def _type(kind: ColumnElement[Any], tag: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((kind == "BODY", "MULTI_INSTANCE_BODY"), else_=case(_TYPES, value=tag, else_="UNKNOWN"))


def _all(work: Work) -> Any:
    """Active and ended elements in one shape."""
    active, ended, incident = tables.element, tables.ended_element, tables.incident
    stuck = (
        select(incident.c.key)
        .where(
            incident.c.community == active.c.community,
            incident.c.element_key == active.c.key,
            incident.c.resolved_at.is_(None),
        )
        .order_by(incident.c.key.desc())
        .limit(1)
        .scalar_subquery()
    )
    shared = ("community", "key", "instance_key", "scope_key", "element_id")
    running = select(
        *(active.c[name] for name in shared),
        active.c.entered_at,
        null().label("ended_at"),
        _type(active.c.kind, active.c.type).label("type"),
        literal("ACTIVE").label("state"),
        stuck.label("incident"),
    ).where(active.c.community == work.community)
    past = select(
        *(ended.c[name] for name in shared),
        ended.c.entered_at,
        ended.c.ended_at,
        _type(ended.c.kind, ended.c.type).label("type"),
        ended.c.state,
        null().label("incident"),
    ).where(ended.c.community == work.community)
    return union_all(past, running).subquery("elements")


def _elements(work: Work) -> Select[Any]:
    element, instance = _all(work), tables.instance
    return (
        select(
            *belonging(instance),
            element.c.entered_at.label("startDate"),
            element.c.ended_at.label("endDate"),
            element.c.element_id.label("elementId"),
            element.c.type,
            element.c.state,
            element.c.incident.is_not(None).label("hasIncident"),
            element.c.key.label("elementInstanceKey"),
            element.c.incident.label("incidentKey"),
            element.c.scope_key.label("elementInstanceScopeKey"),
        )
        .join(instance, of_instance(element))
        .where(instance.c.community == work.community, instances.concerns(work))
    )


def _named(work: Work, rows: Rows) -> None:
    for row in rows:
        model = work.engine.catalogue.model(work.connection, row["processDefinitionKey"])
        node = model.nodes.get(row["elementId"])
        row["elementName"] = node.name if node else model.name


ELEMENTS = Search(
    _elements,
    ElementInstance,
    "elementInstanceKey",
    "元素",
    hidden={"elementInstanceScopeKey": Key()},
    computed=frozenset({"elementName"}),
    complete=_named,
)

area.searches("/element-instances/search", "searchElementInstances", "查找元素实例", ELEMENTS)
area.shows("/element-instances/<key:key>", "getElementInstance", "查看元素实例", ELEMENTS)


@area.searching(
    "/element-instances/<key:key>/incidents/search",
    "searchElementInstanceIncidents",
    "查找元素实例的事故",
    INCIDENTS,
    rule=Rule.OVERSEER,
)
def incidents(call: Call, key: int) -> dict[str, Any]:
    ELEMENTS.row(call.work, key)
    return INCIDENTS.run(call.work, call.body, lambda rows: rows.c.elementInstanceKey == key)
