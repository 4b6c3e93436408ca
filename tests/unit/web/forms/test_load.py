"""Plain JSON through the same rules as a page: for the API and the specifications."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from web.forms import Errors, Validated

Build = Callable[..., Any]

COMPONENTS: list[dict[str, Any]] = [
    {
        "type": "textfield",
        "key": "title",
        "label": "议题名称",
        "validate": {"required": True, "minLength": 4},
    },
    {"type": "number", "key": "people", "label": "影响人数", "decimalDigits": 0, "validate": {"min": 1}},
    {"type": "checkbox", "key": "contact_ok", "label": "同意被联系"},
    {"type": "checklist", "key": "scope", "label": "范围", "values": ["楼栋", "小区"]},
    {"type": "datetime", "subtype": "datetime", "key": "at", "label": "时间"},
    {
        "type": "dynamiclist",
        "path": "rows",
        "label": "明细",
        "components": [{"type": "number", "key": "price", "label": "报价", "decimalDigits": 2}],
    },
    {"type": "group", "path": "home", "label": "住址", "components": [{"type": "textfield", "key": "room"}]},
    {"type": "filepicker", "key": "files", "label": "附件", "multiple": True},
]
GOOD: dict[str, Any] = {
    "title": "更换电梯",
    "people": 120,
    "contact_ok": True,
    "scope": ["小区"],
    "at": "2026-12-01T09:30:00+08:00",
    "rows": [{"price": 0.1}, {"price": 3}],
    "home": {"room": "3-201"},
    "files": [{"id": "f1", "name": "a.pdf", "size": 10, "type": "application/pdf"}],
}


@pytest.fixture
def judge(desk: Build) -> Callable[..., Validated | Errors]:
    form, now = desk(*COMPONENTS).form, desk(COMPONENTS[0]).now
    return lambda data, **context: form.validate(form.given(data, context, now=now), now=now)


@pytest.fixture
def take(judge: Callable[..., Any]) -> Callable[..., Any]:
    return lambda data, **context: judge(data, **context).data


def test_good_data_comes_back_as_it_was(take: Callable[..., Any]) -> None:
    assert take(GOOD) == GOOD
    assert take(take(GOOD)) == GOOD


def test_unknown_names_are_left_behind(take: Callable[..., Any]) -> None:
    assert take({**GOOD, "is_admin": True, "__class__": "x"}) == GOOD


def test_decimals_are_taken_exactly(take: Callable[..., Any]) -> None:
    assert take({**GOOD, "rows": [{"price": Decimal("0.30")}]})["rows"] == [{"price": 0.3}]


@pytest.mark.parametrize(
    ("key", "wrong", "errors"),
    [
        ("title", 5, {"title": ["请用文字填写议题名称。"]}),
        ("title", ["电梯"], {"title": ["请用文字填写议题名称。"]}),
        ("title", None, {"title": ["请填写议题名称，至少 4 个字。"]}),
        ("people", True, {"people": ["请填写数字，例如 12。"]}),
        ("people", {"$gt": 0}, {"people": ["请填写数字，例如 12。"]}),
        ("people", 1.5, {"people": ["请填写整数，不带小数。"]}),
        ("people", float("nan"), {"people": ["请填写数字，例如 12。"]}),
        ("people", float("inf"), {"people": ["请填写数字，例如 12。"]}),
        ("people", 10**400, {"people": ["请填写数字，例如 12。"]}),
        ("people", 1e300, {"people": ["请填写数字，例如 12。"]}),
        ("contact_ok", "yes", {"contact_ok": ["“同意被联系”只能是勾选或不勾选。"]}),
        ("scope", "小区", {"scope": ["请从列出的选项中选择。"]}),
        ("scope", [["小区"]], {"scope": ["请从列出的选项中选择。"]}),
        ("at", 20261201, {"at": ["请选择正确的日期和时间，例如 2026-11-22 09:30。"]}),
        ("at", "0001-01-01T00:00:00", {"at": ["请选择正确的日期和时间，例如 2026-11-22 09:30。"]}),
        ("rows", {"0": {}}, {"rows": ["请逐项填写明细。"]}),
        ("rows", ["x"], {"rows": ["请逐项填写明细。"]}),
        ("rows", [{"price": "x"}], {"rows.0.price": ["请填写数字，例如 12。"]}),
        ("home", "3-201", {"home": ["请填写住址中的各项。"]}),
        ("files", ["f1"], {"files": ["附件没有收到，请重新上传。"]}),
        (
            "files",
            [{"id": "f1", "name": "a.exe", "size": 1, "type": "application/pdf"}],
            {"files": ["“a.exe”不能上传，请换成 {all} 格式的文件。"]},
        ),
    ],
)
def test_data_of_the_wrong_shape_is_refused_with_a_sentence(
    judge: Callable[..., Any], key: str, wrong: Any, errors: dict[str, list[str]]
) -> None:
    from web.forms.attachments import ANY_FILE

    every = "、".join(extension[1:] for extension in ANY_FILE.extensions())
    refused = judge({**GOOD, key: wrong})
    told = {path: [one.replace(every, "{all}") for one in said] for path, said in refused.errors.items()}
    assert told == errors


def test_what_is_left_out_is_missed(judge: Callable[..., Any]) -> None:
    assert judge({}).errors["title"] == ["请填写议题名称，至少 4 个字。"]
