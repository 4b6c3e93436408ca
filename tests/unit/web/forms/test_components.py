"""Each component: what is posted, what is handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from web.forms import Errors

Build = Callable[..., Any]


def one(kind: str, **settings: Any) -> dict[str, Any]:
    return {"type": kind, "key": "answer", "label": "答案", **settings}


OPTIONS = [{"value": "yes", "label": "同意"}, {"value": "no", "label": "反对"}]


@pytest.mark.parametrize(
    ("component", "posted", "value"),
    [
        (one("textfield"), "  电梯　", "电梯"),
        (one("textarea"), "第一行\r\n第二行", "第一行\n第二行"),
        (one("number"), "12", 12),
        (one("number"), "１２．５０", 12.5),
        (one("number"), "1,234,567", 1234567),
        (one("number", decimalDigits=2), "0.10", 0.1),
        (one("checkbox"), "1", True),
        (one("radio", values=OPTIONS), "no", "no"),
        (one("select", values=["甲", "乙"]), "乙", "乙"),
        (
            one("radio", values=[{"value": True, "label": "是"}, {"value": False, "label": "否"}]),
            "false",
            False,
        ),
        (one("select", values=[{"value": 3, "label": "三"}]), "3", 3),
        (one("datetime", subtype="date"), "2026-12-01", "2026-12-01"),
        (one("datetime", subtype="time"), "09:30", "09:30:00"),
        (one("datetime", subtype="datetime"), "2026-12-01T09:30", "2026-12-01T09:30:00+08:00"),
        (one("datetime", subtype="datetime"), "2026-12-01T01:30:00Z", "2026-12-01T09:30:00+08:00"),
        (
            one("datetime", subtype="datetime"),
            "2026-12-01T09:30:00@Asia/Shanghai",
            "2026-12-01T09:30:00+08:00",
        ),
    ],
)
def test_an_answer_becomes_json(desk: Build, component: dict[str, Any], posted: str, value: Any) -> None:
    found = desk(component).data(("answer", posted))["answer"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("kind", ["checklist", "taglist"])
def test_a_multiple_choice_is_a_list_in_the_order_of_the_options(desk: Build, kind: str) -> None:
    many = desk(one(kind, values=OPTIONS))
    assert many.data(("answer", ""), ("answer", "no"), ("answer", "yes")) == {"answer": ["yes", "no"]}


@pytest.mark.parametrize(
    ("component", "nothing"),
    [
        (one("textfield"), None),
        (one("textarea"), None),
        (one("number"), None),
        (one("datetime"), None),
        (one("radio", values=OPTIONS), None),
        (one("select", values=OPTIONS), None),
        (one("checkbox"), False),
        (one("checklist", values=OPTIONS), []),
        (one("filepicker"), []),
    ],
)
def test_what_is_optional_and_left_empty_is_handed_in_as_nothing(
    desk: Build, component: dict[str, Any], nothing: Any
) -> None:
    assert desk(component).data(("answer", "")) == {"answer": nothing}


def test_options_may_come_from_the_process(desk: Build) -> None:
    people = [{"value": "u1", "label": "王建国"}, {"value": "u2", "label": "张敏"}]
    chooser = desk(one("select", valuesExpression="=people"), people=people)
    assert chooser.data(("answer", "u2")) == {"answer": "u2"}
    assert chooser.errors(("answer", "u3")) == {"answer": ["请从列出的选项中选择。"]}
    plain = desk(one("select", valuesExpression="=names"), names=["甲", "乙"])
    assert plain.data(("answer", "甲")) == {"answer": "甲"}


def test_a_process_without_the_options_offers_none(desk: Build) -> None:
    assert (
        desk(one("select", valuesExpression="=people"))
        .form.open({}, now=desk(one("checkbox")).now)
        .nodes[0]
        .options
        == ()
    )


def test_a_group_with_a_path_nests_and_one_without_does_not(desk: Build) -> None:
    inner = one("textfield")
    nested = desk({"type": "group", "path": "home", "components": [inner]})
    assert nested.data(("home.answer", "甲")) == {"home": {"answer": "甲"}}
    framed = desk({"type": "group", "label": "框", "components": [inner]})
    assert framed.data(("answer", "甲")) == {"answer": "甲"}


def test_an_error_inside_a_group_has_the_group_in_its_path(desk: Build) -> None:
    inner = one("textfield", validate={"required": True})
    assert desk({"type": "group", "path": "home", "components": [inner]}).errors() == {
        "home.answer": ["请填写答案。"]
    }


def test_an_expression_is_computed_here_and_never_taken_from_the_post(desk: Build) -> None:
    total = {"type": "expression", "key": "total", "label": "合计", "expression": "=answer * 2"}
    assert desk(one("number"), total).data(("answer", "21"), ("total", "999")) == {"answer": 21, "total": 42}


def test_a_table_shows_rows_of_the_process(desk: Build, now: Any) -> None:
    table = {
        "type": "table",
        "id": "t",
        "label": "票数",
        "dataSource": "=tally",
        "columns": [{"key": "choice", "label": "选项"}, {"key": "votes", "label": "票"}],
    }
    state = desk(table).form.open({"tally": [{"choice": "同意", "votes": 12}, {"choice": "反对"}]}, now=now)
    assert state.nodes[0].table == [["同意", "12"], ["反对", ""]]


def test_texts_have_places_for_expressions_and_only_paragraphs(desk: Build, now: Any) -> None:
    text = {"type": "text", "id": "t", "text": "# 主题：{{topic}}\n\n请 <b>认真</b> 填写。"}
    state = desk(text).form.open({"topic": "电梯"}, now=now)
    assert state.nodes[0].text == ["主题：电梯", "请 <b>认真</b> 填写。"]


def test_defaults_stand_in_the_form_and_a_draft_stands_over_them(desk: Build, now: Any) -> None:
    form = desk(
        one("textfield", defaultValue="甲"),
        {
            "type": "datetime",
            "key": "day",
            "subtype": "date",
            "properties": {"defaultExpression": "=today()"},
        },
        {
            "type": "checklist",
            "key": "seats",
            "values": ["a", "b"],
            "properties": {"defaultExpression": "=mine"},
        },
        {
            "type": "datetime",
            "key": "at",
            "subtype": "datetime",
            "properties": {"defaultExpression": "=meeting_at"},
        },
    ).form
    context = {"mine": ["b"], "meeting_at": "2026-12-01T01:30:00Z"}
    assert form.open(context, now=now).raw == {
        "answer": "甲",
        "day": "2026-11-22",
        "seats": ["b"],
        "at": "2026-12-01T09:30",
    }
    drafted = form.open(context, {"answer": "乙", "unknown": 1}, now=now)
    assert drafted.raw["answer"] == "乙"
    assert "unknown" not in drafted.raw


def test_the_day_of_a_default_is_shanghais(desk: Build) -> None:
    from datetime import UTC, datetime

    day = one("datetime", subtype="date", properties={"defaultExpression": "=today()"})
    late = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    assert desk(day).form.open({}, now=late).raw == {"answer": "2026-11-23"}


def test_a_default_instant_stands_in_the_input_and_can_be_handed_in(desk: Build, now: Any) -> None:
    opened = desk(one("datetime", subtype="datetime", properties={"defaultExpression": "=now()"}))
    shown = opened.form.open({}, now=now).raw["answer"]
    assert shown == "2026-11-22T12:00"
    assert opened.data(("answer", shown)) == {"answer": "2026-11-22T12:00:00+08:00"}


def test_a_variable_of_the_same_name_does_not_fill_an_open_field(desk: Build, now: Any) -> None:
    assert desk(one("textfield")).form.open({"answer": "甲岗的数"}, now=now).raw == {"answer": None}


def test_the_form_tells_what_it_hands_in(desk: Build) -> None:
    form = desk(
        one("textfield"),
        {"type": "textfield", "key": "no", "readonly": True},
        {"type": "text", "text": "x"},
        {"type": "dynamiclist", "path": "rows", "components": []},
        {"type": "group", "components": [{"type": "checkbox", "key": "ok"}]},
    ).form
    assert form.names() == {"answer", "rows", "ok"}


def test_saving_and_refreshing_do_not_judge(desk: Build) -> None:
    required = desk(one("textfield", validate={"required": True}))
    for button in ("save", "refresh", "nonsense"):
        state = required.post(("answer", ""), do=button)
        assert state.intent == ("save" if button == "save" else "refresh")
        assert required.form.review(state, now=required.now).errors == {}


def test_after_the_first_try_a_refresh_keeps_telling(desk: Build) -> None:
    required = desk(one("textfield", validate={"required": True}))
    state = required.post(("answer", ""), ("_tried", "1"), do="refresh")
    assert required.form.review(state, now=required.now).errors == {"answer": ["请填写答案。"]}
    assert isinstance(required.outcome(state), Errors)
