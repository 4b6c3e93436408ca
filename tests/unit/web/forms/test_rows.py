"""Dynamic lists: rows come and go by buttons, keep their token, and may be fixed by the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[..., Any]

AGENDA = {
    "type": "dynamiclist",
    "path": "agenda",
    "label": "议程",
    "allowAddRemove": True,
    "defaultRepetitions": 1,
    "properties": {
        "minItems": "1",
        "maxItems": "3",
        "check": "=sum(agenda.minutes) <= 120",
        "checkMessage": "总时长不能超过 120 分钟，现在是 {{sum(agenda.minutes)}} 分钟。",
    },
    "components": [
        {"type": "textfield", "key": "topic", "label": "议题", "validate": {"required": True}},
        {"type": "number", "key": "minutes", "label": "时长", "validate": {"required": True, "min": 1}},
    ],
}


def rows(*pairs: tuple[str, str, str]) -> list[tuple[str, str]]:
    """Posted rows as (token, topic, minutes)."""
    posted = [("agenda#", "")]
    for token, topic, minutes in pairs:
        posted += [("agenda#", token), (f"agenda.{token}.topic", topic), (f"agenda.{token}.minutes", minutes)]
    return posted


def tokens(state: Any) -> list[str]:
    return [row["#"] for row in state.raw["agenda"]]


def test_rows_become_a_list_of_objects(desk: Build) -> None:
    assert desk(AGENDA).data(*rows(("0", "电梯", "30"), ("4", "停车", "20"))) == {
        "agenda": [{"topic": "电梯", "minutes": 30}, {"topic": "停车", "minutes": 20}]
    }


def test_an_error_in_a_row_is_told_by_the_rows_number(desk: Build) -> None:
    assert desk(AGENDA).errors(*rows(("0", "电梯", "30"), ("4", "", "0"))) == {
        "agenda.1.topic": ["请填写议题。"],
        "agenda.1.minutes": ["数字不能小于 1。"],
    }


def test_a_check_looks_over_all_rows(desk: Build) -> None:
    assert desk(AGENDA).errors(*rows(("0", "电梯", "90"), ("1", "停车", "40"))) == {
        "agenda": ["总时长不能超过 120 分钟，现在是 130 分钟。"]
    }


def test_too_few_and_too_many_rows_are_told(desk: Build) -> None:
    assert desk(AGENDA).errors(*rows()) == {"agenda": ["请至少添加 1 项。"]}
    four = rows(*((str(n), "议题", "1") for n in range(4)))
    assert desk(AGENDA).errors(*four) == {"agenda": ["最多添加 3 项，请删除多余的。"]}


def test_a_button_adds_a_row_and_keeps_what_was_typed(desk: Build) -> None:
    state = desk(AGENDA).post(*rows(("0", "电梯", "x"), ("5", "停车", "")), do="add:agenda")
    assert tokens(state) == ["0", "5", "6"]
    assert state.raw["agenda"][0] == {"#": "0", "topic": "电梯", "minutes": "x"}
    assert state.intent == "refresh"
    assert tokens(desk(AGENDA).post(*rows(*((str(n), "", "") for n in range(3))), do="add:agenda")) == [
        "0",
        "1",
        "2",
    ]


def test_a_button_removes_its_row_and_leaves_the_others_their_tokens(desk: Build) -> None:
    posted = rows(("0", "甲", "1"), ("1", "乙", "2"), ("2", "丙", "3"))
    state = desk(AGENDA).post(*posted, do="remove:agenda:1")
    assert tokens(state) == ["0", "2"]
    assert [row["topic"] for row in state.raw["agenda"]] == ["甲", "丙"]


def test_a_removed_last_row_stays_removed(desk: Build) -> None:
    state = desk(AGENDA).post(*rows(("0", "甲", "1")), do="remove:agenda:0")
    assert tokens(state) == []
    again = desk(AGENDA).post(("agenda#", ""), do="refresh")
    assert tokens(again) == []


def test_a_list_that_was_not_on_the_page_has_its_first_rows(desk: Build) -> None:
    assert tokens(desk(AGENDA).post(do="refresh")) == ["0"]


def test_a_condition_in_a_row_looks_at_the_row_first(desk: Build) -> None:
    seats = {
        "type": "dynamiclist",
        "path": "seats",
        "components": [
            {"type": "checkbox", "key": "absent", "label": "缺席"},
            {
                "type": "textfield",
                "key": "reason",
                "label": "原因",
                "validate": {"required": True},
                "conditional": {"hide": "=not(absent) or parent.waived"},
            },
        ],
    }
    waived = {"type": "checkbox", "key": "waived"}
    posted = [("seats#", "0"), ("seats#", "1"), ("seats.0.absent", ""), ("seats.1.absent", "1")]
    assert desk(seats, waived).errors(*posted) == {"seats.1.reason": ["请填写原因。"]}
    assert desk(seats, waived).data(*posted, ("waived", "1"))["seats"] == [
        {"absent": False},
        {"absent": True},
    ]


def test_lists_nest(desk: Build) -> None:
    outer = {
        "type": "dynamiclist",
        "path": "parties",
        "components": [
            {"type": "dynamiclist", "path": "phones", "components": [{"type": "textfield", "key": "number_"}]}
        ],
    }
    posted = [("parties#", "2"), ("parties.2.phones#", "0"), ("parties.2.phones.0.number_", "110")]
    assert desk(outer).data(*posted) == {"parties": [{"phones": [{"number_": "110"}]}]}
    state = desk(outer).post(*posted, do="add:parties.2.phones")
    assert [row["#"] for row in state.raw["parties"][0]["phones"]] == ["0", "1"]


SIGN_IN = {
    "type": "dynamiclist",
    "path": "attendance",
    "label": "签到",
    "allowAddRemove": False,
    "properties": {"defaultExpression": "=seats"},
    "components": [
        {"type": "textfield", "key": "seat", "label": "席位", "readonly": True},
        {
            "type": "radio",
            "key": "way",
            "label": "方式",
            "values": ["到场", "线上"],
            "validate": {"required": True},
        },
    ],
}
SEATS = [{"seat": "居民代表"}, {"seat": "物业"}]


def test_rows_given_by_the_process_keep_their_locked_cells_in_what_is_handed_in(desk: Build) -> None:
    form = desk(SIGN_IN, seats=SEATS)
    posted = [
        ("attendance#", "0"),
        ("attendance#", "1"),
        ("attendance.0.seat", "冒充"),
        ("attendance.0.way", "到场"),
        ("attendance.1.way", "线上"),
    ]
    assert form.data(*posted) == {
        "attendance": [{"seat": "居民代表", "way": "到场"}, {"seat": "物业", "way": "线上"}]
    }


def test_fixed_rows_can_be_neither_added_nor_left_out(desk: Build) -> None:
    form = desk(SIGN_IN, seats=SEATS)
    more = [("attendance#", token) for token in ("0", "7")] + [("attendance.7.way", "到场")]
    assert form.errors(*more, ("attendance.0.way", "到场")) == {"attendance.1.way": ["请选择一项。"]}
    for button in ("add:attendance", "remove:attendance:0"):
        state = form.post(*more, do=button)
        assert [row.nodes[0].value for row in state.nodes[0].rows] == ["居民代表", "物业"]


def test_a_locked_list_is_the_processs_own(desk: Build) -> None:
    locked = {**AGENDA, "readonly": True}
    form = desk(locked, agenda=[{"topic": "电梯", "minutes": 30}])
    state = form.post(*rows(("0", "改过", "1"), ("1", "多的", "1")))
    assert [[cell.value for cell in row.nodes] for row in state.nodes[0].rows] == [["电梯", 30]]
    assert form.outcome(state).data == {}


def test_a_draft_brings_rows_back_with_their_tokens(desk: Build) -> None:
    form = desk(AGENDA)
    draft = form.post(*rows(("3", "电梯", "30")), do="save").draft()
    reopened = form.form.open({}, draft, now=form.now)
    assert [row.token for row in reopened.nodes[0].rows] == ["3"]
    assert reopened.nodes[0].rows[0].nodes[0].name == "agenda.3.topic"
    assert reopened.nodes[0].rows[0].nodes[0].path == "agenda.0.topic"


NAMED = {
    "type": "dynamiclist",
    "path": "places",
    "label": "席位签到",
    "allowAddRemove": False,
    "defaultRepetitions": 0,
    "properties": {"defaultExpression": "=roster"},
    "components": [
        {"type": "textfield", "key": "seat_name", "label": "席位", "readonly": True},
        {
            "type": "textfield",
            "key": "seat",
            "label": "席位编号",
            "readonly": True,
            "properties": {"kind": "identifier"},
        },
        {"type": "textfield", "key": "name", "label": "姓名", "validate": {"required": True}},
    ],
}
ROSTER = [{"seat_name": "业主委员会", "seat": "owners"}]


def test_a_row_goes_by_the_name_it_begins_with(desk: Build) -> None:
    state = desk(NAMED, roster=ROSTER).post(("places#", "0"), ("places.0.name", ""))
    (row,) = state.nodes[0].rows
    assert row.heading is not None
    assert row.heading.shown == "业主委员会"
    assert {node.row for node in row.nodes} == {"业主委员会"}


def test_a_row_without_a_name_goes_by_its_number(desk: Build) -> None:
    (row,) = desk(AGENDA).post(*rows(("0", "电梯", "30"))).nodes[0].rows
    assert row.heading is None
    assert row.nodes[0].row == "议程第 1 项"


def test_an_identifier_is_handed_in_but_not_shown(desk: Build) -> None:
    form = desk(NAMED, roster=ROSTER)
    posted = [("places#", "0"), ("places.0.name", "王芳")]
    (row,) = form.post(*posted).nodes[0].rows
    assert [node.label for node in row.nodes if node.internal] == ["席位编号"]
    assert form.data(*posted) == {"places": [{"seat_name": "业主委员会", "seat": "owners", "name": "王芳"}]}
