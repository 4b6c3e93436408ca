"""Each rule, with the sentence a person reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Build = Callable[..., Any]


def one(kind: str, **settings: Any) -> dict[str, Any]:
    return {"type": kind, "key": "answer", "label": "议题名称", **settings}


OPTIONS = ["甲", "乙", "丙"]
REQUIRED = {"required": True}

CASES = [
    (one("textfield", validate=REQUIRED), [""], "请填写议题名称。"),
    (
        one("textfield", validate={**REQUIRED, "minLength": 4, "maxLength": 50}),
        [" "],
        "请填写议题名称，4 到 50 个字。",
    ),
    (
        one("textfield", validate={"minLength": 4, "maxLength": 50}),
        ["电梯"],
        "请改写议题名称：4 到 50 个字，现在是 2 个字。",
    ),
    (
        one("textarea", validate={"maxLength": 3}),
        ["一二三四"],
        "请改写议题名称：不超过 3 个字，现在是 4 个字。",
    ),
    (one("textarea", validate={"minLength": 3}), ["一"], "请改写议题名称：至少 3 个字，现在是 1 个字。"),
    (one("textfield", validate={"pattern": "^TZ-"}), ["X"], "请按要求的格式填写议题名称。"),
    (
        one("textfield", validate={"pattern": "^TZ-", "patternErrorMessage": "编号以 TZ- 开头。"}),
        ["X"],
        "编号以 TZ- 开头。",
    ),
    (
        one("textfield", validate={"validationType": "email"}),
        ["a@b"],
        "请填写正确的邮箱，例如 name@example.com。",
    ),
    (
        one("textfield", validate={"validationType": "phone"}),
        ["12345"],
        "请填写 11 位手机号，或带区号的座机号。",
    ),
    (one("number", validate=REQUIRED), [""], "请填写议题名称，只填数字。"),
    (one("number"), ["十二"], "请填写数字，例如 12。"),
    (one("number", decimalDigits=0), ["1.5"], "请填写整数，不带小数。"),
    (one("number", decimalDigits=2), ["1.555"], "小数点后最多 2 位。"),
    (one("number", validate={"min": 1}), ["0"], "数字不能小于 1。"),
    (one("number", validate={"max": 30000}), ["30001"], "数字不能大于 30000。"),
    (one("number"), ["9" * 16], "数字太长，最多 15 位。"),
    (one("checkbox", validate=REQUIRED), [""], "请勾选“议题名称”。"),
    (one("checkbox", properties={"mustBeTrue": "true"}), [""], "请勾选“议题名称”。"),
    (one("radio", values=OPTIONS, validate=REQUIRED), [""], "请选择一项。"),
    (one("select", values=OPTIONS, validate=REQUIRED), [""], "请选择一项。"),
    (one("select", values=OPTIONS), ["丁"], "请从列出的选项中选择。"),
    (one("checklist", values=OPTIONS, validate=REQUIRED), [""], "请至少选择一项。"),
    (one("checklist", values=OPTIONS, properties={"minItems": "2"}), [""], "请至少选择 2 项。"),
    (one("checklist", values=OPTIONS, properties={"minItems": "2"}), ["甲"], "请至少选择 2 项。"),
    (
        one("taglist", values=OPTIONS, properties={"maxItems": "1"}),
        ["甲", "乙"],
        "最多选择 1 项，请取消多选的。",
    ),
    (one("checklist", values=OPTIONS), ["甲", "丁"], "请从列出的选项中选择。"),
    (one("datetime", subtype="date", validate=REQUIRED), [""], "请选择议题名称。"),
    (one("datetime", subtype="date"), ["2026-02-30"], "请选择正确的日期，例如 2026-11-22。"),
    (one("datetime", subtype="time"), ["25:00"], "请选择正确的时间，例如 09:30。"),
    (one("datetime", subtype="datetime"), ["明天"], "请选择正确的日期和时间，例如 2026-11-22 09:30。"),
    (one("datetime", subtype="date", disallowPassedDates=True), ["2026-11-21"], "请选择今天或以后的日期。"),
    (one("filepicker", validate=REQUIRED), [""], "请上传议题名称。"),
    (one("filepicker", multiple=True, properties={"minItems": "2"}), [""], "请至少上传 2 个文件。"),
]


@pytest.mark.parametrize(("component", "posted", "sentence"), CASES)
def test_a_wrong_answer_is_told_what_to_do(
    desk: Build, component: dict[str, Any], posted: list[str], sentence: str
) -> None:
    assert desk(component).errors(*(("answer", one) for one in posted)) == {"answer": [sentence]}


GOOD = [
    (one("textfield", validate={"minLength": 2, "maxLength": 2}), "电梯"),
    (one("textfield", validate={"pattern": r"^TZ-\d{4}$"}), "TZ-2026"),
    (one("textfield", validate={"validationType": "email"}), "wang@example.com"),
    (one("textfield", validate={"validationType": "phone"}), "13805371234"),
    (one("textfield", validate={"validationType": "phone"}), "0537-2345678"),
    (one("number", decimalDigits=2, validate={"min": 0, "max": "99.99"}), "99.99"),
    (one("number", decimalDigits=0), "5.0"),
    (one("datetime", subtype="date", disallowPassedDates=True), "2026-11-22"),
    (one("checklist", values=OPTIONS, properties={"minItems": "1", "maxItems": "1"}), "丙"),
]


@pytest.mark.parametrize(("component", "posted"), GOOD)
def test_an_answer_at_the_limit_is_taken(desk: Build, component: dict[str, Any], posted: str) -> None:
    assert desk(component).errors(("answer", posted)) == {}


def test_a_limit_may_be_computed(desk: Build) -> None:
    number = one("number", validate={"max": "=entitled"})
    assert desk(number, entitled=8).errors(("answer", "9")) == {"answer": ["数字不能大于 8。"]}
    assert desk(number, entitled=9).errors(("answer", "9")) == {}


def test_required_may_depend_on_other_answers(desk: Build) -> None:
    form = desk(
        one(
            "textarea",
            validate={"minLength": 20, "maxLength": 500},
            properties={"requiredWhen": '=route != "quick"'},
        ),
        {"type": "radio", "key": "route", "values": ["quick", "transfer"]},
    )
    assert form.errors(("answer", ""), ("route", "quick")) == {}
    assert form.errors(("answer", ""), ("route", "transfer")) == {
        "answer": ["请填写议题名称，20 到 500 个字。"]
    }


PAPER = [
    {"type": "number", "key": key, "label": key, "decimalDigits": 0, "validate": {"required": True, "min": 0}}
    for key in ("returned", "agree", "disagree")
]


def test_a_check_looks_at_the_whole_form_and_the_process(desk: Build) -> None:
    checks = {
        "check1": "=agree + disagree = returned",
        "checkMessage1": "同意与反对之和应为 {{returned}}，请核对。",
        "check2": "=returned <= issued",
        "checkMessage2": "收回的票不能多于发出的 {{issued}} 张。",
    }
    form = desk(PAPER[0], PAPER[1], {**PAPER[2], "properties": checks}, issued=10)
    assert form.errors(("returned", "5"), ("agree", "3"), ("disagree", "2")) == {}
    assert form.errors(("returned", "12"), ("agree", "3"), ("disagree", "2")) == {
        "disagree": ["同意与反对之和应为 12，请核对。", "收回的票不能多于发出的 10 张。"]
    }


def test_a_check_waits_until_the_answers_it_looks_at_are_right(desk: Build) -> None:
    checks = {"check": "=agree + disagree = returned", "checkMessage": "请核对。"}
    form = desk(PAPER[0], PAPER[1], {**PAPER[2], "properties": checks})
    assert form.errors(("returned", "五"), ("agree", "3"), ("disagree", "2")) == {
        "returned": ["请填写数字，例如 12。"]
    }


def test_a_check_that_cannot_be_told_is_not_passed(desk: Build) -> None:
    form = desk(one("number", properties={"check": "=answer > nobody_knows", "checkMessage": "不对。"}))
    assert form.errors(("answer", "1")) == {"answer": ["不对。"]}


def test_a_check_compares_dates_as_dates(desk: Build) -> None:
    after = {"check": "=answer > date(meeting_at)", "checkMessage": "完成时间要晚于会议日。"}
    form = desk(one("datetime", subtype="date", properties=after), meeting_at="2026-12-01")
    assert form.errors(("answer", "2026-12-02")) == {}
    assert form.errors(("answer", "2026-12-01")) == {"answer": ["完成时间要晚于会议日。"]}


def test_a_label_with_signs_of_formatting_is_only_a_label(desk: Build) -> None:
    odd = {**one("textfield", validate=REQUIRED), "label": "占比 100% {x} %(y)s："}
    assert desk(odd).errors() == {"answer": ["请填写占比 100% {x} %(y)s。"]}
