"""What no browser of ours would send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from web.forms.rules import MAX_ROWS

Build = Callable[..., Any]

TITLE = {"type": "textfield", "key": "title", "label": "名称"}
ROWS = {"type": "dynamiclist", "path": "rows", "label": "明细", "components": [TITLE]}


def test_ten_thousand_rows_are_cut_and_refused(desk: Build) -> None:
    posted = [("rows#", str(n)) for n in range(10_000)]
    state = desk(ROWS).post(*posted)
    assert len(state.raw["rows"]) <= 1000
    assert len(state.nodes[0].rows) == MAX_ROWS + 1
    assert desk(ROWS).errors(*posted) == {"rows": [f"最多添加 {MAX_ROWS} 项，请删除多余的。"]}


def test_ten_thousand_answers_to_one_question_are_cut(desk: Build) -> None:
    many = {"type": "checklist", "key": "seats", "values": ["a"]}
    assert len(desk(many).post(*[("seats", "a")] * 10_000).raw["seats"]) <= 1000


@pytest.mark.parametrize(
    "name",
    [
        "title.title.title",
        "." * 5000,
        "rows." * 2000 + "title",
        "__class__",
        "title[0]",
        "",
        "rows.x.title",
        "_do:",
    ],
)
def test_names_the_form_does_not_know_are_not_looked_at(desk: Build, name: str) -> None:
    assert desk(TITLE, ROWS).data((name, "x"), ("title", "甲"), ("rows#", "")) == {"title": "甲", "rows": []}


@pytest.mark.parametrize("token", ["-1", "x", "1.5", "٣", "9" * 50, "__proto__", "0;drop"])
def test_a_row_token_that_is_not_ours_makes_no_row(desk: Build, token: str) -> None:
    assert desk(ROWS).post(("rows#", token), (f"rows.{token}.title", "x")).raw == {"rows": []}


def test_a_row_named_twice_is_one_row(desk: Build) -> None:
    assert desk(ROWS).data(("rows#", "1"), ("rows#", "1"), ("rows.1.title", "甲")) == {
        "rows": [{"title": "甲"}]
    }


@pytest.mark.parametrize("code", [0x00, 0x1B, 0x7F, 0x9F, 0xD800, 0xDFFF])
def test_characters_no_database_keeps_are_dropped(desk: Build, code: int) -> None:
    assert desk(TITLE).data(("title", f"甲{chr(code)}乙{chr(code)}")) == {"title": "甲乙"}


@pytest.mark.parametrize(
    "number", ["1e400", "NaN", "Infinity", "-inf", "0x10", "1_000", "٣", "--1", "1,00", "9" * 9999]
)
def test_a_number_that_is_none_is_refused(desk: Build, number: str) -> None:
    assert set(desk({"type": "number", "key": "n"}).errors(("n", number))) == {"n"}


@pytest.mark.parametrize(
    "button",
    [
        "add:",
        "add:title",
        "add:rows:rows",
        "remove:rows",
        "remove:rows:99",
        "detach:title:x",
        "add:rows.0.x",
        ":::",
        "x" * 9999,
    ],
)
def test_a_button_that_does_not_exist_changes_nothing(desk: Build, button: str) -> None:
    state = desk(TITLE, ROWS).post(("title", "甲"), ("rows#", "0"), ("rows.0.title", "乙"), do=button)
    assert state.raw == {"title": "甲", "rows": [{"#": "0", "title": "乙"}]}
    assert state.intent == "refresh"


def test_a_pattern_that_backtracks_for_ever_elsewhere_answers_at_once(desk: Build) -> None:
    slow = {**TITLE, "validate": {"pattern": "^(a+)+$"}}
    assert desk(slow).errors(("title", "a" * 40 + "!")) == {"title": ["请按要求的格式填写名称。"]}


def test_what_is_typed_is_never_an_expression(desk: Build) -> None:
    text = {"type": "expression", "key": "copy_of", "label": "抄录", "expression": "=title"}
    assert desk(TITLE, text).data(("title", "=1 + 1 {{now()}}"))["copy_of"] == "=1 + 1 {{now()}}"


def test_a_draft_of_another_shape_does_not_break_the_form(desk: Build, now: Any) -> None:
    group = {"type": "group", "path": "home", "components": [{**TITLE, "key": "room"}]}
    form = desk(TITLE, ROWS, group).form
    state = form.open({}, {"title": {"a": 1}, "rows": "x", "home": [1]}, now=now)
    assert form.validate(state, now=now).errors
