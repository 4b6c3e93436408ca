"""Decisions: the tables, the files they came in, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema
from sqlalchemy import Select, func, literal, select

from engine import decisions, feel
from engine.decisions import Result
from engine.errors import NotFound
from engine.expressions import ZONE
from engine.runtime import Work
from engine.store import tables
from engine.xml import read_xml
from web.api.conditions import Row, Rows
from web.api.fields import Answer, Flag, JsonText, Key, Tenanted, Text, Variables, Whole, tenant
from web.api.operations import Area, Call
from web.api.search import Search

area = Area("决策")

REQUIREMENTS_VERSION = 1
"""Files have no versions of their own here: each deployed file is one, and its decisions count theirs."""


def requirements_id(content: bytes) -> tuple[str, str]:
    """The id and name of a DMN file that was deployed."""
    root = read_xml(content)
    identity = root.get("id") or root.get("name") or "definitions"
    return identity, root.get("name") or identity


class Decision(Answer):
    decisionDefinitionId = Text()
    decisionDefinitionKey = Key()
    decisionRequirementsId = Text()
    decisionRequirementsKey = Key()
    decisionRequirementsName = Text()
    decisionRequirementsVersion = Whole()
    name = Text()
    tenantId = tenant()
    version = Whole()


class Requirements(Answer):
    decisionRequirementsId = Text()
    decisionRequirementsKey = Key()
    decisionRequirementsName = Text()
    resourceName = Text()
    tenantId = tenant()
    version = Whole()


class EvaluatedInput(Answer):
    inputId = Text()
    inputName = Text()
    inputValue = JsonText()


class EvaluatedOutput(Answer):
    outputId = Text()
    outputName = Text()
    outputValue = JsonText()
    ruleId = Text(allow_none=True)
    ruleIndex = Whole(allow_none=True)


class MatchedRule(Answer):
    ruleId = Text()
    ruleIndex = Whole()
    evaluatedOutputs = fields.List(fields.Nested(EvaluatedOutput))


class EvaluatedDecision(Answer):
    decisionDefinitionId = Text()
    decisionDefinitionName = Text()
    decisionDefinitionVersion = Whole()
    decisionDefinitionType = Text()
    output = JsonText()
    tenantId = tenant()
    matchedRules = fields.List(fields.Nested(MatchedRule))
    evaluatedInputs = fields.List(fields.Nested(EvaluatedInput))
    decisionDefinitionKey = Key()
    decisionEvaluationInstanceKey = Text()


class Evaluation(Answer):
    decisionDefinitionId = Text()
    decisionDefinitionKey = Key()
    decisionDefinitionName = Text()
    decisionDefinitionVersion = Whole()
    decisionEvaluationKey = Key()
    decisionInstanceKey = Key()
    decisionRequirementsId = Text()
    decisionRequirementsKey = Key()
    evaluatedDecisions = fields.List(fields.Nested(EvaluatedDecision))
    failedDecisionDefinitionId = Text(allow_none=True)
    failureMessage = Text(allow_none=True)
    output = JsonText()
    tenantId = tenant()


class Question(Tenanted):
    """Which decision, by id (its newest version) or by key, and the inputs."""

    decisionDefinitionId = Text(longest=255)
    decisionDefinitionKey = Key()
    variables = Variables(load_default=dict, allow_none=True)

    @validates_schema
    def _names_a_decision(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if ("decisionDefinitionId" in data) == ("decisionDefinitionKey" in data):
            raise ValidationError(
                "请写 decisionDefinitionId 或 decisionDefinitionKey 其中一个。", "decisionDefinitionId"
            )


# -- finding -----------------------------------------------------------------------------------------


def _decisions(work: Work) -> Select[Any]:
    decision, other = tables.decision, tables.decision.alias("other")
    newest = (
        select(func.max(other.c.version))
        .where(other.c.decision_id == decision.c.decision_id)
        .scalar_subquery()
    )
    return select(
        decision.c.decision_id.label("decisionDefinitionId"),
        decision.c.key.label("decisionDefinitionKey"),
        decision.c.resource_key.label("decisionRequirementsKey"),
        literal(REQUIREMENTS_VERSION).label("decisionRequirementsVersion"),
        decision.c.name,
        decision.c.version,
        (decision.c.version == newest).label("isLatestVersion"),
    )


def _requirements(work: Work) -> Select[Any]:
    resource = tables.resource
    return select(
        resource.c.key.label("decisionRequirementsKey"),
        resource.c.name.label("resourceName"),
        literal(REQUIREMENTS_VERSION).label("version"),
    ).where(resource.c.kind == "dmn")


def _with_names(work: Work, rows: Rows) -> None:
    for row in rows:
        own_id, name = requirements_id(_content(work, row["decisionRequirementsKey"]))
        row.update(decisionRequirementsId=own_id, decisionRequirementsName=name)


def _content(work: Work, resource_key: int) -> bytes:
    statement = select(tables.resource.c.content).where(tables.resource.c.key == resource_key)
    content: bytes = work.connection.execute(statement).scalar_one()
    return content


_NAMES = frozenset({"decisionRequirementsId", "decisionRequirementsName"})
DECISIONS = Search(
    _decisions,
    Decision,
    "decisionDefinitionKey",
    "决策",
    hidden={"isLatestVersion": Flag()},
    computed=_NAMES,
    complete=_with_names,
)
REQUIREMENTS = Search(
    _requirements, Requirements, "decisionRequirementsKey", "决策", computed=_NAMES, complete=_with_names
)

area.searches("/decision-definitions/search", "searchDecisionDefinitions", "查找决策", DECISIONS)
area.shows("/decision-definitions/<key:key>", "getDecisionDefinition", "查看决策", DECISIONS)
area.searches("/decision-requirements/search", "searchDecisionRequirements", "查找决策文件", REQUIREMENTS)
area.shows("/decision-requirements/<key:key>", "getDecisionRequirements", "查看决策文件", REQUIREMENTS)


@area.get("/decision-definitions/<key:key>/xml", "getDecisionDefinitionXML", "取决策文件", answer="text/xml")
def xml(call: Call, key: int) -> bytes:
    return _content(call.work, DECISIONS.row(call.work, key)["decisionRequirementsKey"])


@area.get(
    "/decision-requirements/<key:key>/xml", "getDecisionRequirementsXML", "取决策文件内容", answer="text/xml"
)
def requirements_xml(call: Call, key: int) -> bytes:
    return _content(call.work, REQUIREMENTS.row(call.work, key)["decisionRequirementsKey"])


# -- answering ---------------------------------------------------------------------------------------


@area.post(
    "/decision-definitions/evaluation",
    "evaluateDecision",
    "用给定的输入试算决策",
    body=Question,
    answer=Evaluation,
    reads=True,
)
def evaluate(call: Call) -> dict[str, Any]:
    """Answers with the rules that matched; a decision that cannot be decided says why in ``failureMessage``."""
    decision = DECISIONS.row(call.work, _asked(call.work, call.body))
    evaluation = call.work.engine.keys.next()
    about = {**decision, "decisionEvaluationKey": evaluation, "decisionInstanceKey": evaluation}
    about |= {"decisionDefinitionName": decision["name"], "decisionDefinitionVersion": decision["version"]}
    context = {name: feel.from_json(value) for name, value in (call.body["variables"] or {}).items()}
    model = call.work.engine.catalogue.decision(call.work.connection, decision["decisionDefinitionKey"])
    try:
        now = call.work.now.astimezone(ZONE)
        result = model.evaluate(decision["decisionDefinitionId"], context, now=now)
    except (decisions.DecisionError, feel.FeelError) as fault:
        return _failed(about, str(fault))
    if result.hard_warnings:
        return _failed(about, result.hard_warnings[0].message)
    output = feel.to_json(result.value)
    fine = {"failedDecisionDefinitionId": None, "failureMessage": None, "output": output}
    return {**about, **fine, "evaluatedDecisions": [_told(about, result, output)]}


def _failed(about: Row, why: str) -> Row:
    failed = {"failedDecisionDefinitionId": about["decisionDefinitionId"], "failureMessage": why}
    return {**about, **failed, "evaluatedDecisions": [], "output": None}


def _asked(work: Work, asked: Mapping[str, Any]) -> int:
    if "decisionDefinitionKey" in asked:
        return int(asked["decisionDefinitionKey"])
    table = tables.decision
    statement = select(table.c.key).where(table.c.decision_id == asked["decisionDefinitionId"])
    key = work.connection.execute(statement.order_by(table.c.version.desc()).limit(1)).scalar_one_or_none()
    if key is None:
        raise NotFound("决策")
    return int(key)


def _told(about: Row, result: Result, output: Any) -> Row:
    """The decision asked for, with the rules of its table that matched and the inputs they looked at."""
    matched = [rule for rule in result.rules if rule.matched]
    cells = {cell.column: cell.value for rule in result.rules for cell in rule.cells}
    return {
        **about,
        "decisionDefinitionType": "DECISION_TABLE" if result.trace is not None else "LITERAL_EXPRESSION",
        "output": output,
        "matchedRules": [
            {
                "ruleId": rule.id,
                "ruleIndex": rule.number,
                "evaluatedOutputs": _outputs(rule.id, rule.number, output),
            }
            for rule in matched
        ],
        "evaluatedInputs": [
            {"inputId": name, "inputName": name, "inputValue": feel.to_json(value)}
            for name, value in cells.items()
        ],
        "decisionEvaluationInstanceKey": f"{about['decisionEvaluationKey']}-1",
    }


def _outputs(rule_id: str, number: int, output: Any) -> list[Row]:
    """What a rule put out, column by column; of tables that collect several rules only the whole is known."""
    columns = output if isinstance(output, dict) else {}
    return [
        {"outputId": name, "outputName": name, "outputValue": value, "ruleId": rule_id, "ruleIndex": number}
        for name, value in columns.items()
    ]
