"""A model with pieces missing or out of place is refused or answers; it never breaks the engine."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from engine import feel
from engine.decisions import DecisionError, DecisionModelError, parse

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">
<itemDefinition name="t"><typeRef>number</typeRef><allowedValues><text>[0..100]</text></allowedValues></itemDefinition>
<itemDefinition name="r"><itemComponent name="a"><typeRef>t</typeRef></itemComponent></itemDefinition>
<inputData id="i" name="数"><variable name="数" typeRef="t"/></inputData>
<businessKnowledgeModel id="b" name="f"><variable name="f"/><encapsulatedLogic><formalParameter name="n" typeRef="t"/>
 <literalExpression><text>n + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
<decision id="d1" name="表"><variable name="表" typeRef="string"/>
 <informationRequirement><requiredInput href="#i"/></informationRequirement>
 <decisionTable hitPolicy="COLLECT" aggregation="SUM"><input label="x"><inputExpression typeRef="t"><text>数</text>
 </inputExpression><inputValues><text>[0..50]</text></inputValues></input><output name="o" typeRef="t"/>
 <rule id="r1"><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>5</text></outputEntry></rule>
 <rule id="r2"><inputEntry><text>-</text></inputEntry><outputEntry><text>7</text></outputEntry></rule></decisionTable></decision>
<decision id="d2" name="盒"><informationRequirement><requiredDecision href="#d1"/></informationRequirement>
 <knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
 <context><contextEntry><variable name="a"/><invocation><literalExpression><text>f</text></literalExpression><binding>
 <parameter name="n"/><literalExpression><text>1</text></literalExpression></binding></invocation></contextEntry>
 <contextEntry><variable name="c"/><conditional><if><literalExpression><text>true</text></literalExpression></if>
 <then><list><literalExpression><text>1</text></literalExpression></list></then><else><relation><column name="p"/><row>
 <literalExpression><text>2</text></literalExpression></row></relation></else></conditional></contextEntry>
 <contextEntry><variable name="e"/><for iteratorVariable="v"><in><literalExpression><text>[1,2]</text></literalExpression></in>
 <return><literalExpression><text>v</text></literalExpression></return></for></contextEntry></context></decision>
<decisionService id="s" name="服"><outputDecision href="#d2"/><inputData href="#i"/></decisionService>
</definitions>"""

DOCUMENTED = (DecisionError, feel.FeelError)
VALUES = (
    "",
    "UNIQUE",
    "FIRST",
    "no such thing",
    "#d1",
    "#d2",
    "#b",
    "#i",
    "other#d1",
    "t",
    "r",
    "list",
    "数",
    "1 +",
    "表",
)


def _mutated(source: random.Random) -> bytes:
    """The model with an element gone, doubled or moved, or with an attribute or a text changed."""
    root = etree.fromstring(MODEL)
    for _ in range(source.randrange(1, 4)):
        element = source.choice(list(root.iter("{*}*")))
        parent = element.getparent()
        kind = source.randrange(5)
        if kind == 0 and parent is not None:
            parent.remove(element)
        elif kind == 1 and parent is not None:
            parent.append(etree.fromstring(etree.tostring(element)))
        elif kind == 2 and element.attrib:
            element.set(source.choice(list(element.attrib)), source.choice(VALUES))
        elif kind == 3:
            element.text = source.choice(VALUES)
        else:
            source.choice(list(root.iter("{*}*"))).append(etree.fromstring(etree.tostring(element)))
    return etree.tostring(root)


def _answer_everything(xml: bytes) -> None:
    model = parse(xml, resolve=lambda location: b"")
    for name in [*(decision.id for decision in model.decisions), "f", "服"]:
        try:
            feel.to_json(model.evaluate(name, {"数": 5, "n": 1}).value)
        except DOCUMENTED:
            continue


@pytest.mark.parametrize("seed", range(10))
def test_a_model_with_random_changes_is_refused_or_answers(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(60):
        try:
            _answer_everything(_mutated(source))
        except DOCUMENTED:
            continue


def test_the_model_that_is_changed_works_as_it_stands() -> None:
    model = parse(MODEL.encode())
    assert model.problems == model.findings == ()
    assert model.evaluate("表", {"数": 5}).hard_warnings != ()  # a sum of numbers, declared to be text
    assert model.evaluate("盒", {"数": 5}).value == {"a": 2, "c": [1], "e": [1, 2]}


@pytest.mark.parametrize(
    ("before", "after", "refusal"),
    [
        ('hitPolicy="COLLECT"', 'hitPolicy="BEST"', "命中策略"),
        ('aggregation="SUM"', 'aggregation="AVG"', "汇总"),
        ("<outputEntry><text>7</text></outputEntry>", "", "规则 2"),
        ("<inputEntry><text>-</text></inputEntry>", "", "规则 2"),
        ('<output name="o" typeRef="t"/>', "", "输出"),
    ],
)
def test_a_table_that_does_not_fit_together_is_refused_by_name(before: str, after: str, refusal: str) -> None:
    with pytest.raises(DecisionModelError, match=refusal) as caught:
        parse(MODEL.replace(before, after).encode())
    assert "表" in str(caught.value)
