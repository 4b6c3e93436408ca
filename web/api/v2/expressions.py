"""Trying out a FEEL expression."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from engine.errors import ModelFault
from engine.expressions import ExpressionFault
from web.api.fields import Answer, Tenanted, Text, Variables
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Rule, Scope

area = Area("表达式")


class Expression(Tenanted):
    """An expression after an equals sign, and the variables it reads."""

    expression = Text(required=True, longest=10_000, shortest=1)
    variables = Variables(load_default=dict, allow_none=True)


class EvaluationWarning(Answer):
    message = Text()


class Evaluated(Answer):
    expression = Text()
    result = fields.Raw(allow_none=True)
    warnings = fields.List(fields.Nested(EvaluationWarning))
    referencedSecrets = fields.List(fields.Raw())


@area.post(
    "/expression/evaluation",
    "evaluateExpression",
    "试算 FEEL 表达式",
    rule=Rule.ADMINISTRATOR,
    scope=Scope.READ,
    body=Expression,
    answer=Evaluated,
    reads=True,
)
def evaluate(call: Call) -> dict[str, Any]:
    """As a model would: unknown names are refused, not read as ``null``."""
    text = call.body["expression"]
    try:
        parsed = call.work.engine.expressions.parse(text)
        result = parsed.evaluate(call.body["variables"] or {}, call.work.now)
    except (ExpressionFault, ModelFault) as fault:
        raise Problem(400, str(fault)) from fault
    return {"expression": text, "result": result, "warnings": [], "referencedSecrets": []}
