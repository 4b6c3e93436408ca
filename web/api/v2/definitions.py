"""Process definitions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from engine import deployments
from engine.runtime import Work
from engine.store import tables
from web.api.conditions import Rows
from web.api.fields import Always, Answer, Flag, Key, Text, Whole, tenant
from web.api.operations import Area, Call
from web.api.rules import Rule
from web.api.search import Search
from web.api.v2.columns import of_instance
from web.api.v2.forms import Form

area = Area("流程定义")


class ProcessDefinition(Answer):
    name = Text(allow_none=True)
    resourceName = Text()
    version = Whole()
    versionTag = Text(allow_none=True)
    processDefinitionId = Text()
    tenantId = tenant()
    processDefinitionKey = Key()
    hasStartForm = Always(False)
    state = Always("ACTIVE")


class VariableName(Answer):
    name = Text()


def _definitions(work: Work) -> Select[Any]:
    definition, resource, other = tables.definition, tables.resource, tables.definition.alias("other")
    newest = (
        select(func.max(other.c.version))
        .where(other.c.process_id == definition.c.process_id)
        .scalar_subquery()
    )
    return select(
        definition.c.name,
        resource.c.name.label("resourceName"),
        definition.c.version,
        definition.c.process_id.label("processDefinitionId"),
        definition.c.key.label("processDefinitionKey"),
        (definition.c.version == newest).label("isLatestVersion"),
    ).join(resource, resource.c.key == definition.c.resource_key)


def _complete(work: Work, rows: Rows) -> None:
    for row in rows:
        model = work.engine.catalogue.model(work.connection, row["processDefinitionKey"])
        row["versionTag"] = model.version_tag or None


DEFINITIONS = Search(
    _definitions,
    ProcessDefinition,
    "processDefinitionKey",
    "流程",
    hidden={"isLatestVersion": Flag()},
    computed=frozenset({"versionTag"}),
    complete=_complete,
)


def _names(work: Work) -> Select[Any]:
    variable, instance = tables.variable, tables.instance
    return (
        select(variable.c.name, instance.c.definition_key.label("definition"))
        .join(instance, of_instance(variable))
        .where(variable.c.community == work.community)
        .distinct()
    )


NAMES = Search(_names, VariableName, "name", "变量")

area.searches("/process-definitions/search", "searchProcessDefinitions", "查找流程定义", DEFINITIONS)
area.shows("/process-definitions/<key:key>", "getProcessDefinition", "查看流程定义", DEFINITIONS)


@area.get("/process-definitions/<key:key>/xml", "getProcessDefinitionXML", "取流程图文件", answer="text/xml")
def xml(call: Call, key: int) -> bytes:
    return deployments.bpmn_xml(call.work, key)


@area.get(
    "/process-definitions/<key:key>/form",
    "getStartProcessForm",
    "取发起表单；没有时应答 204",
    answer=Form,
    also_empty=True,
)
def start_form(call: Call, key: int) -> None:
    """Matters begin with a task, whose form it is; there are no forms before that."""
    DEFINITIONS.row(call.work, key)


@area.searching(
    "/process-definitions/<key:key>/variable-names/search",
    "searchProcessDefinitionVariableNames",
    "查找一个流程用到的变量名",
    NAMES,
    rule=Rule.OVERSEER,
)
def variable_names(call: Call, key: int) -> dict[str, Any]:
    DEFINITIONS.row(call.work, key)
    return NAMES.run(call.work, call.body, lambda rows: rows.c.definition == key)
