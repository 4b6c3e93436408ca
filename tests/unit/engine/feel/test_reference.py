"""The reference page tells the truth: each of its examples is run, and no function is left out."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine import feel
from engine.feel.runtime import Run
from engine.feel.text import literal

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "feel.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| `(.+)` \|$", PAGE, re.MULTILINE)
NOW = datetime(2026, 11, 22, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
VARIABLES = {
    "同意数": 14,
    "应到数": 21,
    "意见": "同意",
    "截止": feel.Date(2026, 11, 30),
    "出席 人数": 7,
    "票": [
        {"户": "1-101", "选择": "同意", "面积": 80},
        {"户": "1-102", "选择": "反对", "面积": 90},
        {"户": "2-101", "选择": "同意", "面积": 100},
    ],
}


@pytest.mark.parametrize(("text", "value"), EXAMPLES)
def test_an_example_has_the_value_the_page_says(text: str, value: str) -> None:
    answer = feel.compile(text, names=VARIABLES).evaluate_with_warnings(VARIABLES, now=NOW)
    assert literal(answer.value, Run()) == value
    assert answer.warnings == ()


@pytest.mark.parametrize("name", sorted(feel.BUILTINS))
def test_every_function_has_an_example(name: str) -> None:
    assert any(re.search(rf"(^|[^a-z ]){name}\(", text) for text, _ in EXAMPLES)


@pytest.mark.parametrize("example", re.findall(r"^(\S.*)\n    (第 .+)$", PAGE, re.MULTILINE))
def test_a_mistake_on_the_page_is_answered_as_it_says(example: tuple[str, str]) -> None:
    text, sentence = example
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.compile(text)
    assert str(caught.value) == sentence
