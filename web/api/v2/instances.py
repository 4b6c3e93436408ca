"""Process instances: starting, finding, stopping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length
from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, select, true

from engine import deployments, instances
from engine.runtime import Work
from engine.store import tables
from web.api import conditions
from web.api.fields import (
    MAX_KEY,
    Always,
    Answer,
    Body,
    Flag,
    Instant,
    Key,
    Tenanted,
    Text,
    Variables,
    Whole,
    tenant,
)
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Rule, Scope
from web.api.search import Search
from web.api.v2.columns import OfInstance, belonging
from web.api.v2.incidents import INCIDENTS

area = Area("流程实例")


class ProcessInstance(OfInstance):
    processDefinitionName = Text(allow_none=True)
    processDefinitionVersion = Whole()
    processDefinitionVersionTag = Always()
    startDate = Instant()
    endDate = Instant(allow_none=True)
    state = Text()
    suspendedDate = Instant(allow_none=True)
    hasIncident = Flag()
    parentProcessInstanceKey = Key(allow_none=True)
    parentElementInstanceKey = Key(allow_none=True)
    tags = Always([])
    businessId = Always()


class NewInstance(Tenanted):
    """Which process to start, by id or by key, and with what."""

    processDefinitionId = Text(longest=255)
    processDefinitionKey = Key()
    processDefinitionVersion = Whole(least=-1)
    variables = Variables(load_default=dict, allow_none=True)
    awaitCompletion = Flag(load_default=False)
    fetchVariables = fields.List(Text(), load_default=list, allow_none=True)
    requestTimeout = Whole(least=-1, most=MAX_KEY, load_default=0)
    # Known to the interface, not to this engine: accepted empty, refused otherwise.
    tags = fields.List(Text(), validate=Length(max=0))
    businessId = Text(allow_none=True, validate=Length(max=0))
    startInstructions = fields.List(fields.Raw(), validate=Length(max=0))
    runtimeInstructions = fields.List(fields.Raw(), validate=Length(max=0))

    @validates_schema
    def _names_a_process(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if ("processDefinitionId" in data) == ("processDefinitionKey" in data):
            raise ValidationError(
                "请写 processDefinitionId 或 processDefinitionKey 其中一个。", "processDefinitionId"
            )


class StartedInstance(Answer):
    processDefinitionId = Text()
    processDefinitionVersion = Whole()
    tenantId = tenant()
    variables = fields.Dict()
    processDefinitionKey = Key()
    processInstanceKey = Key()
    tags = Always([])
    businessId = Always()


class SequenceFlow(OfInstance):
    sequenceFlowId = Text()
    elementId = Text()


class SequenceFlows(Answer):
    items = fields.List(fields.Nested(SequenceFlow))


class Reference(Body):
    """A body with nothing but a reference for the caller's own logs."""

    operationReference = Whole(least=1, most=MAX_KEY)


def _instances(work: Work) -> Select[Any]:
    instance, definition, incident = tables.instance, tables.definition, tables.incident
    stuck = exists(
        select(incident.c.key).where(
            incident.c.community == instance.c.community,
            incident.c.instance_key == instance.c.key,
            incident.c.resolved_at.is_(None),
        )
    )
    return (
        select(
            *belonging(instance),
            definition.c.name.label("processDefinitionName"),
            definition.c.version.label("processDefinitionVersion"),
            instance.c.started_at.label("startDate"),
            instance.c.ended_at.label("endDate"),
            _state(instance).label("state"),
            instance.c.suspended_at.label("suspendedDate"),
            stuck.label("hasIncident"),
            instance.c.parent_key.label("parentProcessInstanceKey"),
            instance.c.parent_element_key.label("parentElementInstanceKey"),
        )
        .join(definition, definition.c.key == instance.c.definition_key)
        .where(instance.c.community == work.community, instances.concerns(work))
    )


def _state(instance: FromClause) -> ColumnElement[str]:
    """A matter that rests runs on, but clients know a word for it."""
    return case((instance.c.suspended_at.is_(None), instance.c.state), else_="SUSPENDED")


def with_variables(work: Work, rows: FromClause, value: Any) -> ColumnElement[bool]:
    """Instances whose own variables have these values, each given by name and JSON text."""
    if not isinstance(value, list) or len(value) > conditions.MAX_VALUES:
        raise ValidationError("应为 {name, value} 的列表。")
    variable = tables.variable
    wanted = []
    for item in value:
        if not isinstance(item, Mapping) or set(item) != {"name", "value"}:
            raise ValidationError("应为 {name, value} 的列表。")
        name = Text().deserialize(item["name"])
        held = conditions.condition(variable.c.value, Text(), item["value"])
        own = (variable.c.community == work.community, variable.c.scope_key == rows.c.processInstanceKey)
        wanted.append(exists(select(variable.c.key).where(*own, variable.c.name == name, held)))
    return and_(true(), *wanted)


INSTANCES = Search(
    _instances, ProcessInstance, "processInstanceKey", "事项", special={"variables": with_variables}
)

area.searches("/process-instances/search", "searchProcessInstances", "查找流程实例", INSTANCES)
area.shows("/process-instances/<key:key>", "getProcessInstance", "查看流程实例", INSTANCES)


@area.post(
    "/process-instances", "createProcessInstance", "发起流程", body=NewInstance, answer=StartedInstance
)
def create(call: Call) -> dict[str, Any]:
    """Variables come from administrators' programs only: everybody else fills in forms, which check them."""
    asked = call.body
    variables = asked["variables"] or {}
    if variables and not call.caller.is_administrator:
        raise Problem(403, _("发起时带变量只限管理员的程序，其他人请在表单里填写。"))
    process_id, version = _process(call.work, asked)
    key = instances.start(call.work, process_id, variables, version=version)
    call.work.flush()
    row = INSTANCES.row(call.work, key)
    if asked["awaitCompletion"] and row["state"] == "ACTIVE":
        raise Problem(
            504, _("流程要等人办理或等到时限，没有马上结束；没有发起，请不带 awaitCompletion 再试。")
        )
    return {**row, "variables": _results(call.work, key, asked)}


def _process(work: Work, asked: Mapping[str, Any]) -> tuple[str, int | None]:
    if "processDefinitionKey" in asked:
        found = deployments.definition(work, asked["processDefinitionKey"])
        return found.process_id, found.version
    version = asked.get("processDefinitionVersion", -1)
    return asked["processDefinitionId"], None if version == -1 else version


def _results(work: Work, key: int, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the caller waited for: the variables at the end, all or those asked for."""
    if not asked["awaitCompletion"]:
        return {}
    found = instances.variables(work, key)
    names = asked["fetchVariables"]
    return {name: value for name, value in found.items() if not names or name in names}


@area.post(
    "/process-instances/<key:key>/cancellation",
    "cancelProcessInstance",
    "终止流程实例",
    rule=Rule.ADMINISTRATOR,
    scope=Scope.ADMIN,
    body=Reference,
)
def cancel(call: Call, key: int) -> None:
    instances.cancel(call.work, key)


@area.get(
    "/process-instances/<key:key>/sequence-flows",
    "getProcessInstanceSequenceFlows",
    "查看走过的连线",
    answer=SequenceFlows,
)
def sequence_flows(call: Call, key: int) -> dict[str, Any]:
    row = INSTANCES.row(call.work, key)
    flows = instances.diagram_state(call.work, key)["flows"]
    return {"items": [{**row, "sequenceFlowId": f"{key}_{flow}", "elementId": flow} for flow in flows]}


@area.searching(
    "/process-instances/<key:key>/incidents/search",
    "searchProcessInstanceIncidents",
    "查找流程实例的事故",
    INCIDENTS,
    rule=Rule.OVERSEER,
)
def incidents(call: Call, key: int) -> dict[str, Any]:
    INSTANCES.row(call.work, key)
    return INCIDENTS.run(call.work, call.body, lambda rows: rows.c.processInstanceKey == key)
