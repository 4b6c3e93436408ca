"""What is decided about issues, at the borders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.issues import rules
from workflows.issues.model import Closing, Issue, Level, Rate, Reason

DAY = datetime(2026, 10, 19, 1, 0, tzinfo=UTC)
COVER = ("12号楼2单元门前窨井盖松动翘起", "12号楼2单元门前", "井盖边缘翘起约3厘米，昨晚有老人被绊。")


def issue(title: str = COVER[0], **changes: Any) -> Issue:
    values = {
        "community": "jsjy",
        "matter_no": "SX-2026-0001",
        "instance_key": 1,
        "grid": "jsjy-g12",
        "category": "facility",
        "title": title,
        "place": COVER[1],
        "description": COVER[2],
        "reported_at": DAY,
        "reporter": "u0201",
        "sensitive": False,
    }
    return Issue(**{**values, **changes})


SAME = {"place": "12号楼2单元附近", "description": "井盖翘起来了，差点摔倒。", "matter_no": "SX-2026-0011"}


def test_two_ways_to_tell_of_one_manhole_cover_are_alike() -> None:
    assert rules.may_be_same(issue("12号楼门口井盖坏了", **SAME), issue())


@pytest.mark.parametrize(
    "changes",
    [
        {"grid": "jsjy-g13"},
        {"category": "fire"},
        {"sensitive": True},
        {"reported_at": DAY + timedelta(days=30, seconds=1)},
        {"place": "东广场", "description": "每晚到二十二时音响太大，学生无法休息。", "title": "广场舞太吵"},
    ],
)
def test_another_place_kind_time_or_wording_is_another_thing(changes: dict[str, Any]) -> None:
    title = changes.pop("title", "12号楼门口井盖坏了")
    assert not rules.may_be_same(issue(title, **{**SAME, **changes}), issue())


def test_thirty_days_to_the_second_are_still_near() -> None:
    assert rules.may_be_same(issue(**SAME, reported_at=DAY + timedelta(days=30)), issue())


def test_nobody_is_shown_a_sensitive_issue_as_a_duplicate() -> None:
    assert not rules.may_be_same(issue(**SAME), issue(sensitive=True))


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert rules.alike(one, other) == rules.alike(other, one)


@given(st.text(alphabet="井盖翘起楼门", min_size=2, max_size=30))
def test_what_has_any_wording_is_like_itself(text: str) -> None:
    assert rules.alike(text, text)


def test_punctuation_alone_is_like_nothing() -> None:
    assert not rules.alike("！！？", "！！？")


@pytest.mark.parametrize(
    ("level", "above"), [("grid", "community"), ("community", "subdistrict"), ("subdistrict", "subdistrict")]
)
def test_an_issue_steps_up_one_level_and_never_beyond_the_subdistrict(level: str, above: str) -> None:
    assert rules.next_level(level) == above


def test_an_overdue_step_says_so_whatever_was_written_before() -> None:
    record = rules.step_up("grid", Reason.OVERDUE, "以前写的理由", "2026-10-21T17:30:00")
    assert (record["target"], record["reason"]) == ("community", "网格时限届满，自动提级")


def test_a_decided_step_gives_the_written_reason() -> None:
    assert rules.step_up("community", Reason.DECIDED, "没有执法权", "")["reason"] == "没有执法权"
    assert rules.step_up("community", Reason.DECIDED, None, "")["reason"] == "社区提请上一级办理"


CLOSED: dict[str, Any] = {"route": "handle", "followup": "close", "answered_by": None, "level": "grid"}


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({}, "网格内办结"),
        ({"level": "community"}, "社区内办结"),
        ({"level": "subdistrict"}, "街道办结"),
        ({"answered_by": "ledger", "level": "community"}, "社区内办结"),
        ({"answered_by": "deliberation", "level": "community"}, "转议事会后办结"),
        ({"answered_by": "deliberation", "followup": "supervise"}, "转督查后办结"),
        ({"route": "restricted", "level": "community"}, "限定知悉移交"),
    ],
)
def test_the_outcome_is_the_farthest_an_issue_went(changes: dict[str, Any], end: str) -> None:
    assert rules.outcome({**CLOSED, **changes}) == end


@pytest.mark.parametrize(
    ("severity", "category", "major"),
    [
        ("high", "fire", True),
        ("high", "safety", True),
        ("medium", "fire", False),
        ("high", "facility", False),
        (None, None, False),
    ],
)
def test_only_a_major_hazard_cannot_be_taken_back(
    severity: str | None, category: str | None, major: bool
) -> None:
    assert rules.is_major_hazard(severity, category) is major


@pytest.mark.parametrize(
    ("contacts", "in_time"),
    [([None], False), ([DAY], True), ([DAY + timedelta(seconds=1)], False), ([None, DAY], True), ([], False)],
)
def test_contact_counts_up_to_the_moment_it_was_due(contacts: list[datetime | None], in_time: bool) -> None:
    assert rules.contacted_in_time(contacts, DAY, reachable=True) is in_time


def test_where_nobody_could_be_called_nothing_is_counted() -> None:
    assert rules.contacted_in_time([], DAY, reachable=False) is None


@given(st.binary(min_size=rules.CODE_BYTES, max_size=rules.CODE_BYTES))
def test_a_code_survives_being_copied_by_hand(noise: bytes) -> None:
    code = rules.query_code(noise)
    assert len(code) == 11
    assert rules.read_code(f" {code.lower().replace('-', ' ')} ") == code


@given(st.text(max_size=100))
def test_no_typed_code_breaks_anything(written: str) -> None:
    assert set(rules.read_code(written)) <= {*"-23456789ABCDEFGHJKLMNPQRSTUVWXYZ"}


def closing(**changes: Any) -> Closing:
    values: dict[str, Any] = {
        "outcome": "网格内办结",
        "level": Level.GRID,
        "contacted_in_time": True,
        "solved": "已解决",
        "counted_as": "satisfied",
        "redo_count": 0,
        "return_count": 0,
        "overdue_times": 0,
    }
    return Closing(**{**values, **changes})


def test_the_rates_leave_out_whom_nobody_could_ask() -> None:
    found = rules.rates(
        [
            closing(),
            closing(level=Level.COMMUNITY, solved="部分解决", counted_as="unsatisfied", overdue_times=1),
            closing(level=Level.SUBDISTRICT, contacted_in_time=False),
            closing(contacted_in_time=None, solved=None, counted_as="excluded"),
        ]
    )
    assert (found.responded, found.solved, found.satisfied) == (Rate(2, 3), Rate(2, 3), Rate(2, 3))
    assert found.excluded == 1
    assert (found.within_grid, found.within_community) == (Rate(2, 4), Rate(3, 4))
    assert found.without_overdue == Rate(3, 4)
    assert found.satisfied.share == Fraction(2, 3)


def test_without_closed_issues_there_is_no_share_instead_of_a_hundred_percent() -> None:
    assert rules.rates([]).satisfied.share is None


@pytest.mark.parametrize(
    ("active", "stage"),
    [
        ({"grid_handle"}, "网格办理中"),
        ({"community_stage", "community_handle"}, "社区办理中"),
        ({"department_work", "dept_handle"}, "街道办理中"),
        ({"gw_answer"}, "等候转办结果"),
        ({"verify"}, "待核查"),
        ({"callback"}, "待回访"),
        ({"duplicate_review"}, "待分流"),
        (set(), "办理中"),
    ],
)
def test_a_reporter_is_told_the_stage_and_not_the_step(active: set[str], stage: str) -> None:
    assert rules.stage(active) == stage
