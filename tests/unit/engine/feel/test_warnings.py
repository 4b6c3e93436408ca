"""Why a value is null: what is a defect of the expression, and what data may bring about."""

from __future__ import annotations

import pytest

from engine import feel

ROWS = [{"选择": "同意", "面积": 80}, {"面积": 90}]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("同意数目 >= 3", "没有变量“同意数目”"),
        ("不存在 = 0", "没有变量“不存在”"),
        ("__import__(1) = 0", "没有变量“__import__”"),
        ('数 >= "六"', "不能用于"),
        ('数 = "六"', "不能用于"),
        ("数 + true", "不能用于"),
        ("客户.等及", "没有字段“等及”"),
        ("if 数 then 1 else 2", "条件不是"),
        ("[1, 2] instance of 没有的类型", "没有类型"),
        ("string length(数)", "参数不对"),
        ("数(1)", "“数”不是函数"),
        ('["a"..3]', "区间的两端不对"),
    ],
)
def test_a_defect_of_the_expression_is_a_hard_warning(text: str, message: str) -> None:
    answer = feel.compile(text).evaluate_with_warnings({"数": 3, "客户": {"等级": 1}})
    assert any(message in str(warning) for warning in answer.hard_warnings)
    assert all(warning.message_en for warning in answer.warnings)


@pytest.mark.parametrize(
    "text",
    [
        '票[选择 = "同意"]',
        "票.选择",
        "空 > 3",
        "空 + 1",
        "空.字段",
        "substring(空, 1)",
        "票[9]",
        'date("2026-02-30")',
        "min([])",
        "if 空 then 1 else 2",
        "for x in 空 return x",
    ],
)
def test_what_data_may_bring_about_is_no_hard_warning(text: str) -> None:
    answer = feel.compile(text).evaluate_with_warnings({"票": ROWS, "空": None})
    assert answer.hard_warnings == ()


@pytest.mark.parametrize(
    "text", ["空 != null and 空.字段 > 3", "空 = null or 空 > 3", "if true then 1 else 没有"]
)
def test_what_is_not_evaluated_does_not_warn(text: str) -> None:
    assert feel.compile(text).evaluate_with_warnings({"空": None}).warnings == ()


def test_a_warning_tells_its_position() -> None:
    (warning,) = feel.compile("1 + 没有").evaluate_with_warnings({}).hard_warnings
    assert warning.position == 4
    assert str(warning) == "第 5 个字符：没有变量“没有”"


def test_warnings_do_not_pile_up_without_end() -> None:
    answer = feel.compile("for i in 1..1000 return 没有").evaluate_with_warnings({})
    assert len(answer.warnings) == 100
