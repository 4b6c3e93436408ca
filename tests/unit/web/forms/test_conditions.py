"""What is hidden, what is locked: told by the server, whatever the page sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Build = Callable[..., Any]

URGENT = {"type": "checkbox", "key": "is_urgent", "label": "紧急会议"}
REASON = {
    "type": "textarea",
    "key": "urgent_reason",
    "label": "紧急理由",
    "conditional": {"hide": "=not(is_urgent)"},
    "validate": {"required": True},
}


def test_a_hidden_field_is_neither_required_nor_handed_in(desk: Build) -> None:
    form = desk(URGENT, REASON)
    assert form.data(("is_urgent", ""), ("urgent_reason", "偷偷写的")) == {"is_urgent": False}


def test_a_shown_field_is_required(desk: Build) -> None:
    form = desk(URGENT, REASON)
    assert form.errors(("is_urgent", "1")) == {"urgent_reason": ["请填写紧急理由。"]}
    assert form.data(("is_urgent", "1"), ("urgent_reason", "停水")) == {
        "is_urgent": True,
        "urgent_reason": "停水",
    }


def test_a_condition_may_look_at_a_later_field(desk: Build) -> None:
    form = desk(REASON, URGENT)
    assert form.data(("is_urgent", "")) == {"is_urgent": False}
    assert form.errors(("is_urgent", "1")) == {"urgent_reason": ["请填写紧急理由。"]}


def test_what_is_hidden_counts_as_empty_for_the_conditions_below_it(desk: Build) -> None:
    signed = {
        "type": "textfield",
        "key": "signed_by",
        "label": "签名",
        "conditional": {"hide": "=urgent_reason = null"},
    }
    form = desk(URGENT, REASON, signed)
    answers = ("urgent_reason", "旧稿"), ("signed_by", "王")
    assert form.data(("is_urgent", ""), *answers) == {"is_urgent": False}
    assert form.data(("is_urgent", "1"), *answers)["signed_by"] == "王"


def test_a_condition_that_cannot_be_told_hides_nothing(desk: Build) -> None:
    field = {"type": "textfield", "key": "note", "conditional": {"hide": "=nobody_knows > 1"}}
    assert desk(field).data(("note", "甲")) == {"note": "甲"}


def test_a_hidden_frame_hides_everything_inside(desk: Build) -> None:
    hide = {"hide": "=not(is_urgent)"}
    frame = {
        "type": "group",
        "path": "home",
        "conditional": hide,
        "components": [{"type": "textfield", "key": "a", "validate": {"required": True}}],
    }
    bare = {"type": "group", "conditional": hide, "components": [{"type": "number", "key": "b"}]}
    rows = {"type": "dynamiclist", "path": "rows", "conditional": hide, "components": frame["components"]}
    assert desk(URGENT, frame, bare, rows).data(("is_urgent", ""), ("b", "x")) == {"is_urgent": False}


def test_a_field_that_becomes_visible_gets_its_default(desk: Build) -> None:
    level = {**REASON, "type": "radio", "key": "grade", "values": ["一级", "二级"], "defaultValue": "二级"}
    form = desk(URGENT, level)
    assert form.post(("is_urgent", "1")).raw["grade"] == "二级"
    assert form.post(("is_urgent", "1"), ("grade", "")).raw["grade"] == ""


def test_a_locked_field_is_never_taken_from_the_post(desk: Build) -> None:
    locked = {"type": "textfield", "key": "meeting_no", "label": "编号", "readonly": True}
    form = desk(locked, {**locked, "key": "frozen", "readonly": False, "disabled": True}, meeting_no="YSH-1")
    state = form.post(("meeting_no", "改过的"), ("frozen", "改过的"))
    assert [node.value for node in state.nodes] == ["YSH-1", None]
    assert form.outcome(state).data == {}


def test_a_lock_may_depend_on_the_process_and_checks_see_the_true_value(desk: Build) -> None:
    number = {
        "type": "number",
        "key": "quota",
        "label": "名额",
        "readonly": "=closed",
        "properties": {"check": "=quota = 8", "checkMessage": "名额应为 8。"},
    }
    assert desk(number, closed=True, quota=8).errors(("quota", "99")) == {}
    assert desk(number, closed=False, quota=8).data(("quota", "8")) == {"quota": 8}
    assert desk(number, closed=False, quota=8).errors(("quota", "99")) == {"quota": ["名额应为 8。"]}


def test_a_locked_choice_shows_its_label(desk: Build, now: Any) -> None:
    radio = {
        "type": "radio",
        "key": "ballot_mode",
        "readonly": True,
        "values": [{"value": "secret", "label": "无记名"}, {"value": "open", "label": "举手"}],
    }
    state = desk(radio).form.open({"ballot_mode": "secret"}, now=now)
    assert state.nodes[0].shown == "无记名"


def test_a_locked_moment_is_shown_as_people_write_it(desk: Build, now: Any) -> None:
    at = {"type": "datetime", "subtype": "datetime", "key": "meeting_at", "readonly": True}
    state = desk(at).form.open({"meeting_at": "2026-12-01T01:30:00Z"}, now=now)
    assert state.nodes[0].shown == "2026-12-01 09:30"


def test_what_can_be_chosen_may_depend_on_another_answer_wherever_it_stands(desk: Build) -> None:
    grid = {"type": "select", "key": "grid", "valuesExpression": "=grids[community = place].name"}
    place = {"type": "select", "key": "place", "values": ["东", "西"]}
    grids = [{"community": "东", "name": "东一"}, {"community": "西", "name": "西一"}]
    for order in ((grid, place), (place, grid)):
        form = desk(*order, grids=grids)
        assert form.data(("place", "西"), ("grid", "西一")) == {"place": "西", "grid": "西一"}
        assert form.errors(("place", "东"), ("grid", "西一")) == {"grid": ["请从列出的选项中选择。"]}
