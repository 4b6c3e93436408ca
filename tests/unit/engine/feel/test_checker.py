"""What is found out before deployment, from the text and the variables known there."""

from __future__ import annotations

import pytest

from engine import feel
from engine.feel.types import NUMBER, STRING, ContextType, ListType

ROW = ContextType((("选择", STRING), ("面积", NUMBER)))
KNOWN = {
    "同意数": "number",
    "应到数": NUMBER,
    "意见": "string",
    "截止": "date",
    "票": ListType(ROW),
    "名册": "list",
    "来源": "Any",
    "通过": "boolean",
}


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("同意数目 > 3", 0, "没有变量“同意数目”，是不是“同意数”？"),
        ("意见 = 同意", 5, "没有变量“同意”"),
        ("cuont(票) > 3", 0, "“cuont”不是函数，是不是“count”？"),
        ('同意数 > "三"', 4, "类型不合：number 和 string"),
        ("意见 = 3", 3, "类型不合：string 和 number"),
        ("同意数 + 意见", 4, "类型不合"),
        ("截止 + 3", 3, "类型不合：date 和 number"),
        ("截止 > now()", 3, "类型不合：date 和 date and time"),
        ("if 同意数 then 1 else 2", 3, "要的是“是”或“否”"),
        ("通过 and 同意数", 7, "要的是“是”或“否”"),
        ('count(票[选则 = "同意"])', 8, "没有变量“选则”，是不是“选择”？"),
        ("票.面机", 1, "没有字段“面机”，是不是“面积”？"),
        ("截止.小时", 2, "没有字段“小时”"),
        ("substring(意见)", 0, "参数个数或名称不对"),
        ("substring(同意数, 1)", 0, "不接受这些参数"),
        ("意见 in (> 3)", 7, "类型不合"),
        ("同意数 between 1 and 意见", 4, "类型不合"),
        ("同意数 instance of 数字", 4, "没有类型“数字”"),
        ("for x in 票 return x.面机", 19, "没有字段“面机”"),
        ("截止 > 2026-11-22", 5, '日期请写作 @"2026-11-22"'),
        ('意见 > "20"', 3, "按文字比较"),
        ("some x in 票 satisfies y.面积 > 3", 22, "没有变量“y”"),
    ],
)
def test_what_can_never_work_is_found_with_its_place(text: str, position: int, message: str) -> None:
    findings = feel.compile(text).check(KNOWN)
    assert any(message in finding.message for finding in findings), findings
    assert position in [finding.position for finding in findings]


@pytest.mark.parametrize(
    "text",
    [
        "同意数 >= 应到数 * 2/3 and 意见 != null",
        'count(票[选择 = "同意"]) > sum(票.面积) / 2',
        "count(票[面积 > 同意数 and 选择 = 意见]) > 0",
        "名册[部门 = 意见].姓名",
        "来源.任何.字段 + 1",
        'if 通过 then "甲" else null',
        "for x in 票, i in 1..count(票) return x.面积 * i",
        "{甲: 同意数, 乙: 甲 + 1}.乙",
        "(function(a: number) a + 同意数)(1)",
        '截止 + @"P3D" > today()',
        "sort(票, function(a, b) a.面积 < b.面积)[1].选择",
        '意见 in ("甲", "乙")',
        "some x in 票 satisfies x.面积 > 3",
        "? > 3",
    ],
)
def test_what_may_work_is_let_through(text: str) -> None:
    assert feel.compile(text).check(KNOWN) == ()


def test_a_variable_that_hides_a_function_called_beside_it_is_found() -> None:
    (finding,) = feel.compile("count(票)").check({**KNOWN, "count": "number"})
    assert finding.message == "变量“count”与函数同名，请给变量改名"
