"""A schema is refused at deployment for everything that would not be honoured."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel import FeelFunction, FunctionRegistry
from web.forms import Form, Problem, SchemaRefused, check


def problems(*components: dict[str, Any]) -> list[Problem]:
    return check({"id": "f", "schemaVersion": 19, "components": list(components)})


def said(*components: dict[str, Any]) -> str:
    return "\n".join(f"{one.field}: {one.message}" for one in problems(*components))


TEXT = {"type": "textfield", "key": "title", "label": "名称"}


def test_a_sound_schema_has_no_problems() -> None:
    assert problems(TEXT, {"type": "button", "action": "submit"}) == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("html", "HTML"),
        ("image", "图片"),
        ("iframe", "网页"),
        ("documentPreview", "文档"),
        ("slider", "slider"),
    ],
)
def test_components_that_are_not_drawn_are_refused_by_name(kind: str, words: str) -> None:
    assert words in said({"type": kind, "id": "x1"})


def test_a_missing_key_is_refused() -> None:
    assert "缺少字段名（key）" in said({"type": "textfield", "label": "名称"})
    assert "缺少字段名（path）" in said({"type": "dynamiclist", "components": []})


def test_a_duplicate_key_is_refused_but_rows_have_names_of_their_own() -> None:
    rows = {"type": "dynamiclist", "path": "rows", "components": [TEXT]}
    frame = {"type": "group", "components": [TEXT]}
    assert problems(TEXT, rows) == []
    assert problems(TEXT, frame) == [Problem("title", "字段名“title”重复，请改为各不相同。")]


@pytest.mark.parametrize("key", ["a.b", "1st", "_x", "a b", "#"])
def test_a_key_must_be_one_plain_word(key: str) -> None:
    assert "只能用字母、汉字、数字和下划线" in said({**TEXT, "key": key})


@pytest.mark.parametrize("key", ["count", "mode", "if", "true", "this", "csrf_token"])
def test_a_key_that_the_expression_language_owns_is_refused(key: str) -> None:
    assert "请换一个字段名" in said({**TEXT, "key": key})


@pytest.mark.parametrize(
    "broken",
    [
        {"conditional": {"hide": "=a >"}},
        {"readonly": "=)"},
        {"properties": {"requiredWhen": "=a and"}},
        {"properties": {"check": "=1 +", "checkMessage": "不对"}},
        {"properties": {"defaultExpression": "=[1"}},
        {"validate": {"min": "=1 +"}},
        {"label": "你好 {{a +}}"},
    ],
)
def test_a_broken_expression_is_refused_with_its_place(broken: dict[str, Any]) -> None:
    assert "表达式有误：第 " in said({**TEXT, **broken})


def test_a_function_of_the_host_is_known_only_when_it_is_given() -> None:
    functions = FunctionRegistry({"工作日差": FeelFunction(lambda a, b: 3, ("a", "b"))})
    schema = {
        "components": [{**TEXT, "properties": {"check": "=工作日差(1, 2) >= 3", "checkMessage": "太近。"}}]
    }
    assert check(schema, functions=functions) == []
    assert Form.compile(schema, functions=functions).names() == {"title"}


def test_a_check_needs_its_message() -> None:
    assert "没有提示语" in said({**TEXT, "properties": {"check1": "=true"}})


@pytest.mark.parametrize(
    "settings",
    [
        {"properties": {"requireWhen": "=true"}},
        {"validate": {"minimum": 1}},
        {"validate": {"validationType": "idcard"}},
        {"validate": {"pattern": "(["}},
        {"validate": {"minLength": "many"}},
        {"properties": {"minItems": "-1"}},
        {"validate": {"required": "yes"}},
        {"validate": []},
    ],
)
def test_a_constraint_we_do_not_know_is_refused_not_ignored(settings: dict[str, Any]) -> None:
    assert said({**TEXT, **settings})


def test_choices_need_options_with_distinct_values() -> None:
    radio = {"type": "radio", "key": "choice"}
    assert "没有选项" in said(radio)
    assert "重复" in said({**radio, "values": [{"label": "甲", "value": "1"}, {"label": "乙", "value": 1}]})
    assert "缺少值" in said({**radio, "values": [{"label": "甲"}]})
    assert problems({**radio, "valuesExpression": "=people"}) == []


def test_special_components_name_what_they_lack() -> None:
    assert "subtype" in said({"type": "datetime", "key": "at", "subtype": "week"})
    assert "expression" in said({"type": "expression", "key": "sum_of"})
    assert "dataSource" in said({"type": "table", "columns": [{"key": "a", "label": "A"}]})
    assert "columns" in said({"type": "table", "dataSource": "=rows"})
    assert "serializeToString" in said({"type": "number", "key": "n", "serializeToString": True})
    assert "utc_offset" in said({"type": "datetime", "key": "at", "timeSerializingFormat": "no_timezone"})
    assert ".exe" in said({"type": "filepicker", "key": "files", "accept": ".jpg,.exe"})


def test_a_schema_without_components_or_from_the_future_is_refused() -> None:
    assert check({})
    assert check({"components": "x"})
    assert "schemaVersion" in check({"components": [], "schemaVersion": 99})[0].message


def test_compiling_what_check_refuses_raises_with_the_problems() -> None:
    with pytest.raises(SchemaRefused, match="HTML") as refused:
        Form.compile({"components": [{"type": "html", "id": "h"}]})
    assert refused.value.problems[0].field == "h"


def test_a_form_tells_which_variables_it_needs_from_the_process() -> None:
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "components": [{**TEXT, "properties": {"requiredWhen": "=parent.urgent or seat_no > 1"}}],
    }
    chooser = {"type": "select", "key": "member", "valuesExpression": "=people[active]", "label": "{{topic}}"}
    form = Form.compile({"components": [rows, chooser, {**TEXT, "conditional": {"hide": "=member = null"}}]})
    assert form.reads == {"seat_no", "people", "topic"}
