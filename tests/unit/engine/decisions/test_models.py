"""Whole models: requirement graphs, functions, services, imports, boxed expressions, and unsafe files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine import feel
from engine.decisions import DecisionModel, DecisionModelError, DecisionNotFoundError, parse
from engine.decisions.xml import MAX_BYTES

XMLNS = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def source(body: str, *, namespace: str = "n", extra: str = "") -> bytes:
    return f'<definitions xmlns="{XMLNS}" namespace="{namespace}" name="模型" {extra}>{body}</definitions>'.encode()


def model(body: str) -> DecisionModel:
    return parse(source(body))


def decision(identifier: str, expression: str, *needs: str) -> str:
    """A decision with a boxed expression; needs are written ``Input:id``, ``Decision:id`` or ``Knowledge:id``."""
    requirements = ""
    for need in needs:
        kind, _, reference = need.partition(":")
        wrapper = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
        requirements += f'<{wrapper}><required{kind} href="#{reference}"/></{wrapper}>'
    return f'<decision id="{identifier}" name="{identifier}">{requirements}{expression}</decision>'


def text(feel_text: str) -> str:
    return f"<literalExpression><text><![CDATA[{feel_text}]]></text></literalExpression>"


INPUT = '<inputData id="数" name="数"><variable name="数" typeRef="number"/></inputData>'
DOUBLE = (
    '<businessKnowledgeModel id="翻倍" name="翻倍"><encapsulatedLogic><formalParameter name="n" typeRef="number"/>'
    f"{text('n * 2')}</encapsulatedLogic></businessKnowledgeModel>"
)


def test_a_decision_uses_the_decisions_it_requires() -> None:
    graph = model(
        INPUT + decision("甲", text("数 + 1"), "Input:数") + decision("乙", text("甲 * 10"), "Decision:甲")
    )
    assert graph.evaluate("乙", {"数": 2}).value == 30


def test_a_decision_does_not_see_what_it_does_not_require() -> None:
    result = model(INPUT + decision("甲", text("数 + 1"))).evaluate("甲", {"数": 2})
    assert result.value is None
    assert "没有变量“数”" in str(result.hard_warnings[0])


def test_a_model_without_input_data_reads_the_callers_variables() -> None:
    result = model(decision("甲", text("数 + 1"))).evaluate("甲", {"数": 2, "别的": object()})
    assert result.value == 3
    assert result.hard_warnings == ()


def test_decisions_that_require_each_other_end_in_a_warning() -> None:
    circle = decision("甲", text("乙"), "Decision:乙") + decision("乙", text("甲"), "Decision:甲")
    result = model(circle).evaluate("甲", {})
    assert result.value is None
    assert "绕回了自己" in str(result.hard_warnings[0])


def test_a_business_knowledge_model_is_a_function() -> None:
    graph = model(
        INPUT + DOUBLE + decision("甲", text("翻倍(数) + 翻倍(n: 1)"), "Input:数", "Knowledge:翻倍")
    )
    assert graph.evaluate("甲", {"数": 5}).value == 12
    assert graph.invoke("翻倍", {"n": 4}).value == 8
    assert graph.invoke("翻倍", {"n": "四"}).value is None


def test_a_business_knowledge_model_may_call_itself_but_not_for_ever() -> None:
    def recursive(body: str) -> DecisionModel:
        return model(
            '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n"/>'
            f"{text(body)}</encapsulatedLogic></businessKnowledgeModel>"
        )

    assert recursive("if n = 0 then 1 else n * f(n - 1)").invoke("f", {"n": 10}).value == 3628800
    with pytest.raises(feel.FeelBudgetExceeded):
        recursive("f(n + 1)").invoke("f", {"n": 0})


SERVICE = (
    '<decisionService id="服务" name="服务"><outputDecision href="#乙"/><inputDecision href="#甲"/>'
    '<inputData href="#数"/></decisionService>'
)


def test_a_decision_service_takes_its_inputs_from_the_caller() -> None:
    graph = model(
        INPUT
        + SERVICE
        + decision("甲", text("1"))
        + decision("乙", text("甲 * 100 + 数"), "Decision:甲", "Input:数")
        + decision("丙", text("服务(5, 7)"), "Knowledge:服务")
    )
    assert graph.invoke("服务", {"甲": 3, "数": 4}).value == 304
    assert graph.evaluate("丙", {}).value == 705
    assert graph.evaluate("乙", {"数": 4}).value == 104


@pytest.mark.parametrize(
    ("boxed", "value"),
    [
        (
            (
                "<context><contextEntry><variable name='a'/><literalExpression><text>2</text></literalExpression>"
                "</contextEntry><contextEntry><variable name='b'/><literalExpression><text>a + 1</text>"
                "</literalExpression></contextEntry></context>"
            ),
            {"a": 2, "b": 3},
        ),
        (
            (
                "<context><contextEntry><variable name='a'/><literalExpression><text>2</text></literalExpression>"
                "</contextEntry><contextEntry><literalExpression><text>a * 5</text></literalExpression>"
                "</contextEntry></context>"
            ),
            10,
        ),
        (f"<list>{text('1')}{text('2')}</list>", [1, 2]),
        (
            f"<relation><column name='x'/><column name='y'/><row>{text('1')}{text('2')}</row></relation>",
            [{"x": 1, "y": 2}],
        ),
        (
            f"<conditional><if>{text('1 > 2')}</if><then>{text('1')}</then><else>{text('2')}</else></conditional>",
            2,
        ),
        (f"<filter><in>{text('[1,2,3]')}</in><match>{text('item > 1')}</match></filter>", [2, 3]),
        (
            f"<for iteratorVariable='x'><in>{text('[1..3]')}</in><return>{text('x * x')}</return></for>",
            [1, 4, 9],
        ),
        (
            f"<some iteratorVariable='x'><in>{text('[1,2]')}</in><satisfies>{text('x > 1')}</satisfies></some>",
            True,
        ),
        (
            f"<every iteratorVariable='x'><in>{text('[1,2]')}</in><satisfies>{text('x > 1')}</satisfies></every>",
            False,
        ),
        (
            (
                f"<invocation>{text('function(a, b) a - b')}<binding><parameter name='b'/>{text('1')}</binding>"
                f"<binding><parameter name='a'/>{text('5')}</binding></invocation>"
            ),
            4,
        ),
    ],
)
def test_boxed_expressions_have_their_value(boxed: str, value: object) -> None:
    assert model(decision("甲", boxed)).evaluate("甲", {}).value == value


def test_values_are_converted_to_declared_types_or_refused() -> None:
    types = (
        '<itemDefinition name="t票"><typeRef>string</typeRef><allowedValues><text>"同意", "反对"</text></allowedValues>'
        '</itemDefinition><itemDefinition name="t票们" isCollection="true"><typeRef>t票</typeRef></itemDefinition>'
        '<inputData id="票" name="票"><variable name="票" typeRef="t票们"/></inputData>'
    )
    graph = model(types + decision("数", text("count(票)"), "Input:票"))
    assert graph.evaluate("数", {"票": ["同意", "反对"]}).value == 2
    assert graph.evaluate("数", {"票": "同意"}).value == 1
    assert graph.evaluate("数", {"票": ["同意", "随便"]}).value is None


def test_an_imported_model_is_seen_under_its_name() -> None:
    library = source(DOUBLE, namespace="lib")
    body = (
        '<import namespace="lib" name="库" locationURI="lib.dmn" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        '<decision id="甲" name="甲"><knowledgeRequirement><requiredKnowledge href="lib#翻倍"/></knowledgeRequirement>'
        f"{text('库.翻倍(21)')}</decision>"
    )
    asked = []

    def resolve(location: str) -> bytes:
        asked.append(location)
        return library

    assert parse(source(body), resolve=resolve).evaluate("甲", {}).value == 42
    assert asked == ["lib.dmn"]
    with pytest.raises(DecisionModelError, match="没有说明到哪里去取"):
        parse(source(body))


def test_a_model_that_imports_itself_is_refused() -> None:
    body = '<import namespace="n" name="我" locationURI="self.dmn"/>'
    with pytest.raises(DecisionModelError, match="绕一圈"):
        parse(source(body), resolve=lambda location: source(body))


def test_the_clock_is_the_callers() -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    assert str(model(decision("甲", text("today()"))).evaluate("甲", {}, now=moment).value) == "2026-11-22"


def test_one_budget_covers_all_decisions_of_a_model() -> None:
    heavy = "".join(decision(f"d{i}", text("count(for x in 1..40000 return x)")) for i in range(5))
    needs = [f"Decision:d{i}" for i in range(5)]
    graph = model(heavy + decision("sum", text("d0 + d1 + d2 + d3 + d4"), *needs))
    assert graph.evaluate("d0", {}).value == 40000
    with pytest.raises(feel.FeelBudgetExceeded):
        graph.evaluate("sum", {})


def test_a_name_the_model_does_not_have_is_refused_by_name() -> None:
    with pytest.raises(DecisionNotFoundError, match="没有“丁”"):
        model(INPUT).evaluate("丁", {})


@pytest.mark.parametrize(
    ("expression", "finding"),
    [
        ("数目 + 1", "没有变量“数目”，是不是“数”？"),
        ('数 > "三"', "类型不合：number 和 string"),
        ("cuont(数)", "“cuont”不是函数，是不是“count”？"),
    ],
)
def test_what_can_never_work_in_a_model_is_found_when_it_is_read(expression: str, finding: str) -> None:
    (found,) = model(INPUT + decision("甲", text(expression), "Input:数")).findings
    assert found.element == "甲"
    assert finding in str(found)


def test_a_model_that_may_work_has_no_findings() -> None:
    needs = ("Input:数", "Knowledge:翻倍")
    assert model(INPUT + DOUBLE + decision("甲", text("翻倍(数) + 1"), *needs)).findings == ()


BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
    f'<definitions xmlns="{XMLNS}" namespace="n" name="&c;"/>'
)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (BOMB.encode(), "DOCTYPE"),
        (BOMB.encode("utf-16"), "DOCTYPE"),
        (b'<!DOCTYPE d SYSTEM "http://example.org/x.dtd"><definitions namespace="n"/>', "DOCTYPE"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions name="&x;"/>', "DOCTYPE"),
        (b"<definitions>", "XML"),
        (b"", "XML"),
        (b"\x00\xff", "XML"),
        (b"<html/>", "definitions"),
        (b"<definitions>" + b" " * MAX_BYTES + b"</definitions>", "2 MB"),
        (b"<definitions>" + b"<a>" * 150 + b"</a>" * 150 + b"</definitions>", "嵌套太深"),
    ],
    ids=[
        "bomb",
        "bomb in UTF-16",
        "foreign DTD",
        "file entity",
        "cut off",
        "empty",
        "no XML",
        "HTML",
        "huge",
        "deep",
    ],
)
def test_an_unsafe_or_broken_file_is_refused_with_a_chinese_sentence(content: bytes, refusal: str) -> None:
    with pytest.raises(DecisionModelError, match=refusal) as caught:
        parse(content)
    assert any("\u4e00" <= character <= "\u9fff" for character in str(caught.value))
