"""The limits stand under the label before anybody runs into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Build = Callable[..., Any]


@pytest.mark.parametrize(
    ("component", "hint"),
    [
        ({"type": "textfield", "validate": {"minLength": 4, "maxLength": 50}}, "4 到 50 个字"),
        ({"type": "textarea", "validate": {"maxLength": "=20 + 30"}}, "不超过 50 个字"),
        (
            {"type": "textfield", "description": "写全称。", "validate": {"minLength": 2}},
            "写全称；至少 2 个字",
        ),
        ({"type": "textfield", "description": "请写 {{topic}} 的全称"}, "请写 电梯 的全称"),
        ({"type": "textfield", "description": "系统生成", "readonly": True}, "系统生成"),
        (
            {"type": "checklist", "values": ["a"], "properties": {"minItems": "2", "maxItems": "5"}},
            "选 2 到 5 项",
        ),
        ({"type": "checklist", "values": ["a"], "properties": {"minItems": "2", "maxItems": "2"}}, "选 2 项"),
        ({"type": "taglist", "values": ["a"], "properties": {"maxItems": "5"}}, "最多选 5 项"),
        ({"type": "taglist", "values": ["a"]}, "可选多项"),
        ({"type": "filepicker"}, "最多 1 个，每个不超过 10 MB"),
        (
            {
                "type": "filepicker",
                "multiple": True,
                "accept": "image/png,.pdf",
                "properties": {"minItems": "2", "maxFiles": "9", "maxBytes": "1572864"},
            },
            "至少 2 个，最多 9 个，每个不超过 1.5 MB，格式：png、pdf",
        ),
        ({"type": "number"}, ""),
    ],
)
def test_a_hint_tells_the_limits(desk: Build, now: Any, component: dict[str, Any], hint: str) -> None:
    state = desk({"key": "x", "label": "x", **component}).form.open({"topic": "电梯"}, now=now)
    assert state.nodes[0].hint == hint
