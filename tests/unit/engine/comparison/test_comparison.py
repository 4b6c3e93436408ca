"""What differs between two versions of a file, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.comparison import How, compare

BPMN = Path("bpmn")
TEMPLATES = Path("workflows") / "workbench" / "templates"
DRAWING = (TEMPLATES / "application.bpmn").read_bytes()
QUORUM = (BPMN / "deliberation_meeting" / "quorum_check.dmn").read_bytes()
FORM = (TEMPLATES / "application.review.form").read_bytes()


def told(name: str, old: bytes, new: bytes) -> list[tuple[How, str, tuple[str, ...]]]:
    return [(change.how, change.title, change.details) for change in compare(name, old, new).changes]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.bpmn", DRAWING), ("a.dmn", QUORUM), ("a.form", FORM)],
    ids=["process", "table", "form"],
)
def test_a_file_does_not_differ_from_itself(name: str, content: bytes) -> None:
    found = compare(name, content, content)
    assert (found.changes, found.lines) == ((), ())


def test_another_role_is_told_with_both_of_its_values() -> None:
    other = DRAWING.replace(b'candidateGroups="secretariat"', b'candidateGroups="community"')
    details = ("候选组由“secretariat”改为“community”",)
    assert told("a.bpmn", DRAWING, other) == [(How.CHANGED, "用户任务“审核申请”", details)]


def test_an_element_that_is_only_drawn_elsewhere_has_moved() -> None:
    other = DRAWING.replace(b'<dc:Bounds x="', b'<dc:Bounds x="1', 1)
    [(how, _title, details)] = told("a.bpmn", DRAWING, other)
    assert (how, details) == (How.MOVED, ())
    assert compare("a.bpmn", DRAWING, other).lines == ()


def test_an_element_that_is_there_no_more_is_named_by_its_old_name() -> None:
    start = DRAWING.index(b'<bpmn:userTask id="review"')
    end = DRAWING.index(b"</bpmn:userTask>", start) + len(b"</bpmn:userTask>")
    found = told("a.bpmn", DRAWING, DRAWING[:start] + DRAWING[end:])
    assert (How.REMOVED, "用户任务“审核申请”", ()) in found
    assert (How.ADDED, "用户任务“审核申请”", ()) in told("a.bpmn", DRAWING[:start] + DRAWING[end:], DRAWING)


def test_another_fraction_is_told_as_the_change_of_one_column() -> None:
    other = QUORUM.replace(b"present * 3 - entitled * 2", b"present * 4 - entitled * 3")
    details = ("表达式由“present * 3 - entitled * 2”改为“present * 4 - entitled * 3”",)
    assert told("q.dmn", QUORUM, other) == [(How.CHANGED, "列“三分之二余量”", details)]


def test_a_cell_is_named_by_its_rule_and_column() -> None:
    other = QUORUM.replace(b"&gt;= 0", b"&gt; 0", 1)
    details = ("“三分之二余量”由“>= 0”改为“> 0”",)
    assert told("q.dmn", QUORUM, other) == [(How.CHANGED, "第 2 条规则“8席须6席”", details)]


def test_a_field_of_a_form_is_named_by_its_label() -> None:
    old = b'{"id": "f", "components": [{"type": "textfield", "key": "a", "label": "A", "validate": {"required": true}}]}'
    new = b'{"id": "f", "components": [{"type": "textfield", "key": "a", "label": "A"}, {"type": "number", "key": "b", "label": "B"}]}'
    assert told("f.form", old, new) == [
        (How.ADDED, "数字“B”", ()),
        (How.CHANGED, "单行文字“A”", ("去掉了必填“是”",)),
    ]


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("a.bpmn", b"<"),
        ("a.dmn", b"<a"),
        ("a.form", b"{"),
        ("a.form", b"[1]"),
        ("a.form", b'{"components": 3}'),
    ],
    ids=["process", "table", "form", "list", "no list"],
)
def test_what_cannot_be_read_is_compared_as_text(name: str, broken: bytes) -> None:
    found = compare(name, broken, b"]")
    assert found.changes == ()
    assert found.lines


def test_a_new_file_is_told_by_its_text() -> None:
    found = compare("a.form", None, FORM)
    assert found.is_new
    assert all(line.startswith(("+", "@@")) for line in found.lines)
