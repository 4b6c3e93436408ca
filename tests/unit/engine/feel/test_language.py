"""What the standard says expressions mean (DMN 1.5, section 10.3). Values are compared as FEEL text."""

from __future__ import annotations

import pytest

from engine import feel
from engine.feel.runtime import Run
from engine.feel.text import literal

CONTEXT = {
    "票": [{"户": 1, "选择": "同意"}, {"户": 2, "选择": "反对"}, {"户": 3, "选择": None}],
    "出席 人数": 7,
    "客户": {"姓 名": "王", "等级": 3},
    "x": 5,
}

MEANINGS = {
    "names": [
        ("出席 人数 + 1", "8"),
        ("出席   人数", "7"),
        ("客户.姓 名", '"王"'),
        ("客户.等级 - 1", "2"),
        ("`出席 人数`", "7"),
        ("{a b: 1, c: a b + 1}.c", "2"),
        ('{"a b": 1}.a b', "1"),
        ("{a-b: 1, c: a-b + 1}.c", "2"),
        ("{a: 5, b: 2, c: a-b}.c", "3"),
        ("{date: 1, 结果: date + 1}.结果", "2"),
        ("for 每 户 in 票 return 每 户.户", "[1, 2, 3]"),
    ],
    "operators": [
        ("1 + 2 * 3 ** 2", "19"),
        ("(1 + 2) * 3", "9"),
        ("2 ** 3 ** 2", "64"),
        ("-2 ** 2", "4"),
        ("3 - -2", "5"),
        ("10 - 2 - 3", "5"),
        ("1 + 1 = 2 and 2 > 1", "true"),
        ("true or false and false", "true"),
        ('"a" + "b"', '"ab"'),
        ("1 between 0 and 2 and true", "true"),
        ("1 = 1 = true", "true"),
        ("-1 instance of number", "true"),
    ],
    "three-valued logic": [
        ("true and null", "null"),
        ("false and null", "false"),
        ("null and false", "false"),
        ("true or null", "true"),
        ("null or null", "null"),
        ("not(null)", "null"),
        ('"a" and true', "null"),
        ('"a" or true', "true"),
    ],
    "equality": [
        ("null = null", "true"),
        ("1 = null", "false"),
        ("1 != null", "true"),
        ('1 = "1"', "null"),
        ("[1, [2]] = [1, [2]]", "true"),
        ("[1, 2] = [2, 1]", "false"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("[1..5] = [1..5]", "true"),
        ("[1..5] = [1..5)", "false"),
        ("(=5) = [5..5]", "false"),
        ("true < false", "null"),
        ("[1] < [2]", "null"),
    ],
    "unary tests in expressions": [
        ("x in [1..5]", "true"),
        ("x in [1..5)", "false"),
        ("x in ]1..5[", "false"),
        ("x in (1..6)", "true"),
        ("x in (< 3, > 4)", "true"),
        ("x in > 4", "true"),
        ("x in (1, 5)", "true"),
        ("x in [1, 5]", "true"),
        ("x in [[1..2], [5..6]]", "true"),
        ("x in (2 + 3)", "true"),
        ("x in (? > 4)", "true"),
        ("x in [1..null]", "null"),
        ("null in null", "true"),
    ],
    "filters": [
        ('count(票[选择 = "同意"])', "1"),
        ("count(票[选择 = null])", "1"),
        ("票[2].户", "2"),
        ("票[-1].户", "3"),
        ("票[4]", "null"),
        ("票[0]", "null"),
        ("票.户", "[1, 2, 3]"),
        ("count([true, false, false][item = false])", "2"),
        ("[1, 2, 3, 4][item > 2]", "[3, 4]"),
        ("[{item: 1}, {item: 2}][item >= 2]", "[{item: 2}]"),
        ("[1, 2, 3][item > x - 4]", "[2, 3]"),
        ("[1, 2, 3][item > 1][1]", "2"),
        ("5[1]", "5"),
        ("5[item > 9]", "[]"),
        ("null[1]", "null"),
        ("[1..5][item > 3]", "[4, 5]"),
    ],
    "loops": [
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in (1..4) return i", "[2, 3]"),
        ("for i in 1..2, j in 1..i return i * 10 + j", "[11, 21, 22]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ('for d in @"2026-02-27"..@"2026-03-01" return d.day', "[27, 28, 1]"),
        ("for i in null return i", "null"),
        ("for i in [] return i", "[]"),
        ("some x in [1, 2], y in [3, 4] satisfies x + y = 6", "true"),
        ("every x in [] satisfies false", "true"),
        ("some x in [] satisfies true", "false"),
        ("every x in [1, null] satisfies x > 0", "null"),
        ("if 0 then 1 else 2", "2"),
        ('if "no" then 1 else 2', "2"),
    ],
    "functions": [
        ("(function(a, b) a - b)(3, 1)", "2"),
        ("(function(a, b) a - b)(b: 3, a: 1)", "-2"),
        ("(function(a: number) a)([7])", "7"),
        ("(function(a: list<number>) a)(7)", "[7]"),
        ('(function(a: number) a)("7")', "null"),
        ("(function(a) a)(1, 2)", "null"),
        ("{f: function(n) n + x, r: f(1)}.r", "6"),
        ("{f: function(g, n) if n = 0 then 1 else n * g(g, n - 1), r: f(f, 10)}.r", "3628800"),
        ("(for i in 1..3 return function() i)[2]()", "2"),
        ("{sum: function(a) 99, r: sum([1])}.r", "99"),
        ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
        ('substring(start position: 2, string: "abc")', '"bc"'),
        ("count(liste: [1])", "null"),
    ],
    "types": [
        ("1 instance of number", "true"),
        ('[1, "a"] instance of list<number>', "false"),
        ("[1, null] instance of list<number>", "true"),
        ("{a: 1, b: 2} instance of context<a: number>", "true"),
        ("{b: 2} instance of context<a: number>", "false"),
        ("[1..2] instance of range<number>", "true"),
        ("(function(a: number) a + 1) instance of function<number> -> number", "true"),
        ('(function(a: number) "x") instance of function<number> -> number', "false"),
        ('@"P1D" instance of days and time duration', "true"),
        ("null instance of Any", "false"),
        ("null instance of Null", "true"),
    ],
    "literals": [
        (r'"\u4e2d\U01F40E\n\t\"\\"', '"中🐎\n\t\\"\\\\"'),
        (".5 + 1e2", "100.5"),
        ("1 /* 注释 */ + 1 // 注释", "2"),
        ("{a: 1, a: 2}", "null"),
        ("[1, 2, ][1]", None),
        ('@"2026-01-31T09:00:00@Asia/Shanghai".timezone', '"Asia/Shanghai"'),
        ("(>= 10).start included", "true"),
        ("[1..10[.end included", "false"),
    ],
}


def cases() -> list[object]:
    return [
        pytest.param(text, meaning, id=f"{topic}: {text}")
        for topic, table in MEANINGS.items()
        for text, meaning in table
    ]


@pytest.mark.parametrize(("text", "meaning"), cases())
def test_an_expression_means_what_the_standard_says(text: str, meaning: str | None) -> None:
    if meaning is None:
        with pytest.raises(feel.FeelSyntaxError):
            feel.compile(text)
        return
    assert literal(feel.evaluate(text, CONTEXT), Run()) == meaning


@pytest.mark.parametrize(
    ("tests", "value", "verdict"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("< 5, > 10", 11, True),
        ("[1..5]", 5, True),
        ("not(5, 6)", 7, True),
        ("not(5, 6)", 6, False),
        ('"a", "b"', "b", True),
        ("null", None, True),
        ("? > 2 and ? < x", 3, True),
        ("x", 5, True),
        ("> x", 5, False),
        ("> 5", "甲", None),
        ("not(> 5)", "甲", None),
        ('contains(?, "会")', "业委会", True),
        ("票.户", 2, True),
        ("not(true)", False, True),
    ],
)
def test_unary_tests_decide_about_a_value(tests: str, value: object, verdict: bool | None) -> None:
    assert feel.unary_test(tests, value, CONTEXT) is verdict


def test_an_expression_knows_the_variables_it_reads_and_where() -> None:
    expression = feel.compile("if 金额 > 上限 then count(票[选择 = 目标]) else {内: 1, 外: 内 + 金额}.外")
    assert dict(expression.names) == {"金额": 3, "上限": 8, "票": 22}
    assert dict(expression.row_names) == {"选择": 24, "目标": 29}


def test_a_compiled_expression_is_kept() -> None:
    assert feel.compile("甲 + 乙") is feel.compile("甲 + 乙")
