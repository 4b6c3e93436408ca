"""The page without scripts: every input has its name, its help and its error by id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel
from lxml import html

import web
from web.forms import FormState

Build = Callable[..., Any]
Page = Callable[..., html.HtmlElement]

TEMPLATES = Path(web.__file__).parent / "templates"
OPTIONS = [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]
REQUIRED = {"required": True}


@pytest.fixture
def page(tmp_path: Path) -> Page:
    """Draws a state; returns the form element."""
    app = Flask("pages", template_folder=str(TEMPLATES))
    Babel(app, default_locale="zh_Hans_CN", default_translation_directories=str(tmp_path))
    source = """{% from "forms/fields.html" import render_form %}
        {{ render_form(state, "token", "/task/1", **more) }}"""

    def draw(state: FormState, **more: Any) -> html.HtmlElement:
        with app.test_request_context():
            return html.fromstring(render_template_string(source, state=state, more=more))

    return draw


def by_id(form: html.HtmlElement, name: str) -> html.HtmlElement:
    (found,) = form.xpath(f"//*[@id='{name}']")
    return found


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def described(form: html.HtmlElement, element: html.HtmlElement) -> str:
    return " ".join(words(by_id(form, one)) for one in element.get("aria-describedby", "").split())


INPUTS: list[dict[str, Any]] = [
    {"type": "textfield", "key": "x", "label": "名称", "description": "写全称"},
    {"type": "textarea", "key": "x", "label": "事实"},
    {"type": "number", "key": "x", "label": "人数", "decimalDigits": 0},
    {"type": "select", "key": "x", "label": "去向", "values": OPTIONS},
    {"type": "datetime", "key": "x", "dateLabel": "日期", "subtype": "date"},
    {"type": "checkbox", "key": "x", "label": "承诺"},
    {"type": "filepicker", "key": "x", "label": "附件"},
]


@pytest.mark.parametrize("component", INPUTS, ids=lambda one: one["type"])
def test_every_input_has_a_label_and_says_that_it_is_required(
    desk: Build, page: Page, component: Any
) -> None:
    required = desk({**component, "validate": REQUIRED})
    form = page(required.form.review(required.post(), now=required.now))
    (field,) = form.xpath("//*[@name='x'][not(@type='hidden')]")
    label = field.xpath("ancestor::label") or form.xpath(f"//label[@for='{field.get('id')}']")
    assert (component.get("label") or component["dateLabel"]) in words(label[0])
    assert "必填" in words(label[0])
    assert field.get("required") is not None
    assert field.get("aria-invalid") == "true"
    assert "请" in described(form, field)


@pytest.mark.parametrize("kind", ["radio", "checklist", "taglist"])
def test_choices_stand_in_a_fieldset_with_a_legend(desk: Build, page: Page, kind: str) -> None:
    chosen = desk({"type": kind, "key": "x", "label": "席位", "values": OPTIONS, "validate": REQUIRED})
    form = page(chosen.form.review(chosen.post(("x", "")), now=chosen.now))
    frame = by_id(form, "f-x")
    assert frame.tag == "fieldset"
    assert words(frame.find("legend")) == "席位 必填"
    assert "请" in described(form, frame)
    assert [words(one) for one in frame.xpath(".//label")] == ["甲", "乙"]
    marked = form.xpath("//*[@aria-invalid='true']")
    assert marked
    assert all(one is frame or one in frame.xpath(".//input") for one in marked)


def test_choosing_is_kept(desk: Build, page: Page) -> None:
    many = desk(
        {"type": "checklist", "key": "x", "values": OPTIONS},
        {"type": "select", "key": "y", "values": OPTIONS},
    )
    form = page(many.post(("x", "b"), ("y", "b"), do="refresh"))
    assert form.xpath("//input[@checked]/@value") == ["b"]
    assert form.xpath("//option[@selected]/@value") == ["b"]


def test_errors_are_listed_at_the_top_and_lead_to_their_fields(desk: Build, page: Page) -> None:
    rows = {
        "type": "dynamiclist",
        "path": "rows",
        "label": "议程",
        "components": [INPUTS[0] | {"validate": REQUIRED}],
    }
    form = desk(INPUTS[2] | {"validate": REQUIRED}, rows)
    drawn = page(form.form.review(form.post(("x", ""), ("rows#", "7"), ("rows.7.x", "")), now=form.now))
    (summary,) = drawn.xpath("//*[@role='alert']")
    links = summary.xpath(".//a")
    assert [(words(one), one.get("href")) for one in links] == [
        ("人数", "#f-x"),
        ("议程第 1 项 名称", "#f-rows-7-x"),
    ]
    assert all(by_id(drawn, one.get("href")[1:]).get("name") in ("x", "rows.7.x") for one in links)
    assert summary.get("autofocus") is not None
    assert "有 2 处需要修改" in words(summary)
    assert drawn.xpath("//input[@name='_tried']/@value") == ["1"]


def test_a_fresh_form_accuses_nobody(desk: Build, page: Page) -> None:
    form = page(desk(INPUTS[0] | {"validate": REQUIRED}).form.open({}, now=desk(INPUTS[0]).now))
    assert not form.xpath("//*[@role='alert'] | //*[@aria-invalid]")
    assert form.get("novalidate") is not None
    assert form.xpath("//input[@name='csrf_token']/@value") == ["token"]


def test_enter_never_presses_a_button_that_changes_or_hands_in(desk: Build, page: Page) -> None:
    rows = {"type": "dynamiclist", "path": "rows", "label": "议程", "components": [INPUTS[0]]}
    form = page(desk(rows).post(("rows#", "0"), do="refresh"))
    assert form.xpath("//button/@value")[0] == "refresh"


def test_rows_have_buttons_with_words_that_tell_which(desk: Build, page: Page) -> None:
    rows = {"type": "dynamiclist", "path": "rows", "label": "议程", "components": [INPUTS[0]]}
    form = page(desk(rows).post(("rows#", "4"), ("rows.4.x", "电梯"), do="refresh"))
    buttons = {one.get("value"): one.get("aria-label") for one in form.xpath("//button[@aria-label]")}
    assert buttons == {"remove:rows:4": "删除第 1 项", "add:rows": "添加一项：议程"}
    assert form.xpath("//input[@name='rows.4.x']/@value") == ["电梯"]
    assert form.xpath("//input[@name='rows#']/@value") == ["", "4"]


@pytest.mark.parametrize("component", INPUTS, ids=lambda one: one["type"])
def test_what_the_page_posts_back_unchanged_is_what_was_there(
    desk: Build, page: Page, component: Any
) -> None:
    rows = {"type": "dynamiclist", "path": "rows", "label": "议程", "components": [component]}
    form = desk(component, rows)
    first = form.post(("rows#", ""), do="add:rows")
    sent = [pair for pair in page(first).form_values() if pair[0] != "_do"]
    assert form.post(*sent, do="refresh").raw.keys() == first.raw.keys()
    assert [row["#"] for row in form.post(*sent, do="refresh").raw["rows"]] == ["0"]


def test_a_locked_field_has_no_input(desk: Build, page: Page) -> None:
    form = page(desk({**INPUTS[0], "readonly": True}).form.open({"x": "YSH-1"}, now=desk(INPUTS[0]).now))
    assert not form.xpath("//input[@name='x']")
    assert "YSH-1" in words(by_id(form, "f-x"))


def test_everything_typed_or_written_is_escaped(desk: Build, page: Page) -> None:
    evil = "<script>alert(1)</script>\"'"
    parts: list[dict[str, Any]] = [
        {"type": "textfield", "key": "a", "label": evil, "description": evil},
        {"type": "textarea", "key": "b", "label": evil},
        {"type": "radio", "key": "c", "label": evil, "values": [{"value": evil, "label": evil}]},
        {"type": "text", "text": evil},
        {"type": "textfield", "key": "d", "readonly": True},
        {"type": "filepicker", "key": "e"},
        {"type": "table", "dataSource": "=rows", "columns": [{"key": "x", "label": evil}]},
    ]
    stored = [{"id": evil, "name": evil, "size": 1, "type": "text/plain"}]
    form = desk(*parts, d=evil, rows=[{"x": evil}], draft={"e": stored})
    drawn = page(form.post(("a", evil), ("b", evil), ("c", evil), ("e", evil), do="refresh"))
    assert not drawn.xpath("//script")
    assert drawn.xpath("//input[@name='a']/@value") == [evil]
    assert drawn.xpath("//textarea")[0].value.strip() == evil


@pytest.mark.parametrize(
    ("component", "attributes"),
    [
        (
            {"type": "number", "decimalDigits": 0},
            {"type": "text", "inputmode": "numeric", "autocomplete": "off"},
        ),
        ({"type": "number", "decimalDigits": 2}, {"type": "text", "inputmode": "decimal"}),
        (
            {"type": "textfield", "validate": {"validationType": "phone"}},
            {"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
        ),
        (
            {"type": "textfield", "validate": {"validationType": "email"}},
            {"type": "email", "autocomplete": "email"},
        ),
        (
            {"type": "textfield", "properties": {"autocomplete": "name"}},
            {"type": "text", "autocomplete": "name"},
        ),
        ({"type": "datetime", "subtype": "datetime"}, {"type": "datetime-local"}),
        ({"type": "datetime", "subtype": "time"}, {"type": "time"}),
    ],
)
def test_a_phone_shows_the_right_keyboard(
    desk: Build, page: Page, component: Any, attributes: dict[str, str]
) -> None:
    form = page(desk({"key": "x", "label": "x", **component}).post(do="refresh"))
    (field,) = form.xpath("//input[@name='x']")
    assert {name: field.get(name) for name in attributes} == attributes


def test_liveness_is_asked_for_by_attributes_only_when_there_is_an_address(desk: Build, page: Page) -> None:
    state = desk(INPUTS[0]).post(do="refresh")
    live = page(state, refresh="/task/1/refresh")
    (watcher,) = live.xpath("//*[@hx-trigger]")
    assert watcher.get("hx-post") == "/task/1/refresh"
    assert watcher.get("hx-sync") == "closest form:drop"
    assert live.get("hx-sync") == "this:replace"
    assert not page(state).xpath("//*[@hx-trigger]")
    assert not live.xpath("//@style | //script | //@onclick")


def test_a_ballot_offers_no_draft(desk: Build, page: Page) -> None:
    state = desk(INPUTS[0]).post(do="refresh")
    assert "save" in page(state).xpath("//button/@value")
    assert "save" not in page(state, draft=False).xpath("//button/@value")


def test_a_file_input_is_renewed_when_it_has_handed_over_its_file(desk: Build, page: Page) -> None:
    stored = {"id": "f1", "name": "a.pdf", "size": 2048, "type": "application/pdf"}
    form = desk(INPUTS[6], draft={"x": [stored]})
    drawn = page(form.post(("x", "f1"), do="refresh"))
    assert drawn.xpath("//input[@type='file']/@id") == ["f-x-1"]
    assert "a.pdf 2 KB" in words(drawn)
    assert page(form.post(do="detach:x:f1")).xpath("//input[@type='file']/@id") == ["f-x-0"]


def test_the_words_are_short_where_the_form_says_nothing(desk: Build, page: Page) -> None:
    state = desk({"type": "select", "key": "x", "label": "人", "valuesExpression": "=nobody"}).post(
        do="refresh"
    )
    assert words(by_id(page(replace(state, errors={})), "f-x")) == "请选择"
