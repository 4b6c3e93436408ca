"""Variables, by the scope they live in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal, select

from engine import variables
from engine.runtime import Work
from engine.store import tables
from web.api.fields import MAX_KEY, Body, Flag, Key, Text, Variables, Whole
from web.api.operations import Area, Call
from web.api.rules import Rule, Scope
from web.api.search import Search
from web.api.v2.columns import Belonging, of_instance, root_key

area = Area("变量")


class Variable(Belonging):
    """A variable; its value is its JSON text, always whole."""

    value = Text()
    isTruncated = Flag()
    name = Text()
    variableKey = Key()
    scopeKey = Key()


class VariableValue(Belonging):
    value = Text()
    name = Text()
    variableKey = Key()
    scopeKey = Key()


class SetVariables(Body):
    variables = Variables(required=True)
    local = Flag(load_default=False)
    operationReference = Whole(least=1, most=MAX_KEY)


def _variables(work: Work) -> Select[Any]:
    variable, instance = tables.variable, tables.instance
    return (
        select(
            variable.c.value,
            literal(False).label("isTruncated"),
            variable.c.name,
            variable.c.key.label("variableKey"),
            variable.c.scope_key.label("scopeKey"),
            variable.c.instance_key.label("processInstanceKey"),
            root_key(instance).label("rootProcessInstanceKey"),
        )
        .join(instance, of_instance(variable))
        .where(variable.c.community == work.community)
    )


VARIABLES = Search(_variables, Variable, "variableKey", "变量")

area.searches("/variables/search", "searchVariables", "查找变量", VARIABLES, rule=Rule.OVERSEER)


@area.get("/variables/<key:key>", "getVariable", "查看变量", rule=Rule.OVERSEER, answer=VariableValue)
def show(call: Call, key: int) -> dict[str, Any]:
    return VARIABLES.row(call.work, key)


@area.put(
    "/element-instances/<key:key>/variables",
    "createElementInstanceVariables",
    "写变量到元素实例或流程实例",
    rule=Rule.ADMINISTRATOR,
    scope=Scope.ADMIN,
    body=SetVariables,
)
def write(call: Call, key: int) -> None:
    variables.write(call.work, key, call.body["variables"], local=call.body["local"])
