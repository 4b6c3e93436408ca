"""What differs between two versions of a file, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.comparison import How, compare

BPMN = Path("bpmn")
LEDGER = (BPMN / "hazard_ledger" / "hazard_ledger.bpmn").read_bytes()
QUORUM = (BPMN / "deliberation_meeting" / "quorum_check.dmn").read_bytes()
VERIFY = (BPMN / "issue_escalation" / "verify.form").read_bytes()


def told(name: str, old: bytes, new: bytes) -> list[tuple[How, str, tuple[str, ...]]]:
    return [(change.how, change.title, change.details) for change in compare(name, old, new).changes]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.bpmn", LEDGER), ("a.dmn", QUORUM), ("a.form", VERIFY)],
    ids=["process", "table", "form"],
)
def test_a_file_does_not_differ_from_itself(name: str, content: bytes) -> None:
    found = compare(name, content, content)
    assert (found.changes, found.lines) == ((), ())


def test_another_role_is_told_with_both_of_its_values() -> None:
    other = LEDGER.replace(b'candidateGroups="ledger_clerk"', b'candidateGroups="secretariat"')
    details = ("候选组由“ledger_clerk”改为“secretariat”",)
    assert told("a.bpmn", LEDGER, other) == [(How.CHANGED, "用户任务“销号”", details)]


def test_an_element_that_is_only_drawn_elsewhere_has_moved() -> None:
    other = LEDGER.replace(b'<dc:Bounds x="', b'<dc:Bounds x="1', 1)
    [(how, _title, details)] = told("a.bpmn", LEDGER, other)
    assert (how, details) == (How.MOVED, ())
    assert compare("a.bpmn", LEDGER, other).lines == ()


def test_an_element_that_is_there_no_more_is_named_by_its_old_name() -> None:
    start, end = LEDGER.index(b"<bpmn:userTask"), LEDGER.index(b"</bpmn:userTask>") + len(b"</bpmn:userTask>")
    found = told("a.bpmn", LEDGER, LEDGER[:start] + LEDGER[end:])
    assert (How.REMOVED, "用户任务“销号”", ()) in found
    assert (How.ADDED, "用户任务“销号”", ()) in told("a.bpmn", LEDGER[:start] + LEDGER[end:], LEDGER)


def test_another_fraction_is_told_as_the_change_of_one_column() -> None:
    other = QUORUM.replace(b"present * 3 - entitled * 2", b"present * 4 - entitled * 3")
    details = ("读写的名称由“present * 3 - entitled * 2”改为“present * 4 - entitled * 3”",)
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
    found = compare("a.form", None, VERIFY)
    assert found.is_new
    assert all(line.startswith(("+", "@@")) for line in found.lines)
