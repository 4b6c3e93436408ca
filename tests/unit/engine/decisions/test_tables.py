"""Decision tables: hit policies, defaults, and why a rule matched."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine import feel
from engine.decisions import DecisionModel, parse

XMLNS = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(
    hit_policy: str, rules: list[tuple[str, str]], *, aggregation: str = "", output: str = ""
) -> DecisionModel:
    """A model with one decision 等级 over the input 金额; rules are pairs of a condition and a result."""
    rows = "".join(
        f'<rule id="r{number}"><inputEntry><text><![CDATA[{test}]]></text></inputEntry>'
        f"<outputEntry><text><![CDATA[{result}]]></text></outputEntry></rule>"
        for number, (test, result) in enumerate(rules, 1)
    )
    return parse(
        f"""<definitions xmlns="{XMLNS}" namespace="n" name="经费">
        <inputData id="i" name="金额"><variable name="金额" typeRef="number"/></inputData>
        <decision id="grade" name="等级">
          <informationRequirement><requiredInput href="#i"/></informationRequirement>
          <decisionTable hitPolicy="{hit_policy}" {f'aggregation="{aggregation}"' if aggregation else ""}>
            <input label="金额"><inputExpression typeRef="number"><text>金额</text></inputExpression></input>
            <output name="结果">{output}</output>{rows}
          </decisionTable>
        </decision></definitions>""".encode()
    )


OVERLAPPING = [("> 10", '"大"'), ("> 5", '"中"'), ("> 0", '"小"')]
ORDER = '<outputValues><text>"小", "大", "中"</text></outputValues>'


@pytest.mark.parametrize(
    ("hit_policy", "value", "matched"),
    [
        ("FIRST", "大", (1,)),
        ("RULE ORDER", ["大", "中", "小"], (1, 2, 3)),
        ("COLLECT", ["大", "中", "小"], (1, 2, 3)),
        ("PRIORITY", "小", (1, 2, 3)),
        ("OUTPUT ORDER", ["小", "大", "中"], (1, 2, 3)),
        ("UNIQUE", None, (1, 2, 3)),
        ("ANY", None, (1, 2, 3)),
    ],
)
def test_each_hit_policy_chooses_among_the_rules_that_match(
    hit_policy: str, value: object, matched: tuple[int, ...]
) -> None:
    result = table(hit_policy, OVERLAPPING, output=ORDER).evaluate("grade", {"金额": 20})
    assert (result.value, result.matched) == (value, matched)


@pytest.mark.parametrize(
    ("aggregation", "value"),
    [("SUM", Decimal(60)), ("MIN", Decimal(10)), ("MAX", Decimal(30)), ("COUNT", Decimal(3))],
)
def test_collect_aggregates(aggregation: str, value: Decimal) -> None:
    rules = [("> 0", "10"), ("> 1", "20"), ("> 2", "30")]
    assert table("COLLECT", rules, aggregation=aggregation).evaluate("等级", {"金额": 5}).value == value


def test_rules_that_overlap_under_unique_are_named() -> None:
    result = table("UNIQUE", OVERLAPPING).evaluate("grade", {"金额": 7})
    assert result.value is None
    assert [str(w.message) for w in result.hard_warnings] == [
        "决策表“等级”的规则 2、3 同时成立，而命中策略是“唯一”"
    ]


def test_any_accepts_rules_that_agree() -> None:
    assert table("ANY", [("> 1", '"甲"'), ("> 2", '"甲"')]).evaluate("grade", {"金额": 3}).value == "甲"


def test_a_table_without_a_matching_rule_says_so_by_name() -> None:
    result = table("FIRST", OVERLAPPING).evaluate("grade", {"金额": -1})
    assert result.value is None
    assert "决策表“等级”没有一条规则成立" in str(result.hard_warnings[0])


def test_a_default_output_stands_for_no_match() -> None:
    output = '<defaultOutputEntry><text>"其他"</text></defaultOutputEntry>'
    result = table("FIRST", OVERLAPPING, output=output).evaluate("grade", {"金额": -1})
    assert (result.value, result.warnings) == ("其他", ())


@pytest.mark.parametrize(("aggregation", "value"), [("", []), ("COUNT", Decimal(0)), ("SUM", None)])
def test_collecting_nothing_is_no_defect(aggregation: str, value: object) -> None:
    result = table("COLLECT", [("> 10", "1")], aggregation=aggregation).evaluate("grade", {"金额": 1})
    assert (result.value, result.warnings) == (value, ())


def test_each_rule_tells_why_it_matched_or_not() -> None:
    result = table("FIRST", OVERLAPPING).evaluate("grade", {"金额": 7})
    assert [rule.why for rule in result.rules] == [
        "规则 1 不成立：“金额”为 7，不符合 > 10",
        "规则 2 成立：“金额”为 7，符合 > 5",
        "规则 3 未判断：前面的规则已经成立",
    ]
    assert [rule.id for rule in result.rules] == ["r1", "r2", "r3"]


def test_an_input_that_is_not_given_is_a_hard_warning() -> None:
    result = table("FIRST", OVERLAPPING).evaluate("grade", {})
    assert "没有给出输入“金额”" in str(result.hard_warnings[0])


def test_an_input_of_the_wrong_type_is_a_hard_warning() -> None:
    result = table("FIRST", OVERLAPPING).evaluate("grade", {"金额": "很多"})
    assert "“金额”应为 number" in str(result.hard_warnings[0])


def test_a_cell_that_is_not_feel_is_listed_and_never_matches() -> None:
    model = table("FIRST", [("＞ 10", '"大"'), ("-", '"小"')])
    (problem,) = model.problems
    assert (problem.element, problem.text, problem.error.position) == ("等级", "＞ 10", 0)
    result = model.evaluate("grade", {"金额": 20})
    assert result.value == "小"
    assert result.hard_warnings


def test_a_cell_may_call_a_function_of_the_host() -> None:
    registry = feel.FunctionRegistry({"大额": feel.FeelFunction(lambda n: n > 50, ("金额: number",))})
    xml = (
        f'<definitions xmlns="{XMLNS}" namespace="n" name="m"><inputData id="i" name="金额"/>'
        '<decision id="d" name="d"><informationRequirement><requiredInput href="#i"/></informationRequirement>'
        "<literalExpression><text>大额(金额)</text></literalExpression></decision></definitions>"
    )
    model = parse(xml.encode(), functions=registry)
    assert model.evaluate("d", {"金额": 60}).value is True
    assert model.decisions[0].names == ("金额",)
    assert model.decisions[0].inputs == ("金额",)


def test_a_cell_that_compares_different_types_is_found_when_the_model_is_read() -> None:
    (finding,) = table("FIRST", [('"很多"', '"大"')]).findings
    assert "类型不合：number 和 string" in str(finding)
