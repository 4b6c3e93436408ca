"""What is decided about entries of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from workflows.ledger import rules
from workflows.ledger.model import Entry, State, Tally

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
AROUND = ("jsjy", "huangtun", "jngxq")
CHAIR = "seat:party@jsjy-council"

NEW = Entry(
    community="jsjy",
    matter_no="TZ-2026-0002",
    instance_key=2,
    kind=rules.HAZARD,
    title="车库充电",
    place_type="residence",
    place="12号楼 地下车库",
    content="私拉电线给电动自行车充电。",
    risk=6,
    found_at=NOW,
    registered_at=NOW,
    sensitive=False,
    grid="jsjy-g12",
)
OLD = replace(NEW, matter_no="TZ-2026-0001", state=State.CLOSED, ended_at=NOW - timedelta(days=60))


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({}, True),
        ({"place": "12号楼（地下车库）"}, True),
        ({"ended_at": NOW - timedelta(days=90)}, True),
        ({"ended_at": NOW - timedelta(days=90, seconds=1)}, False),
        ({"place": "13号楼地下车库"}, False),
        ({"grid": "jsjy-g13"}, False),
        ({"kind": "民生问题"}, False),
        ({"place_type": "other"}, False),
        ({"state": State.DISMISSED}, False),
        ({"state": State.MERGED}, False),
        ({"ended_at": None}, False),
    ],
)
def test_a_recurrence_is_the_same_sort_of_thing_at_the_same_spot_within_ninety_days(
    changes: dict[str, object], again: bool
) -> None:
    assert rules.recurs(NEW, replace(OLD, **changes)) is again  # type: ignore[arg-type]


def test_of_several_the_one_struck_off_last_is_named() -> None:
    older = replace(OLD, matter_no="TZ-2026-0000", ended_at=NOW - timedelta(days=80))
    assert rules.last_recurring(NEW, [older, OLD]) == OLD
    assert rules.last_recurring(NEW, []) is None


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"content": "有人私拉电线充电"}, True),
        ({"content": "儿童滑梯螺丝脱落。", "place": "东广场"}, False),
        ({"grid": None}, False),
        ({"sensitive": True}, False),
    ],
)
def test_only_what_is_said_alike_in_one_grid_may_be_merged(changes: dict[str, object], same: bool) -> None:
    assert rules.may_be_same(NEW, replace(OLD, **changes)) is same  # type: ignore[arg-type]


@pytest.mark.parametrize("role", sorted(rules.OVERSEERS))
def test_whoever_watches_over_the_ledger_sees_all_of_it(role: str) -> None:
    assert rules.scope("u1", {"u1", f"{role}@huangtun"}, AROUND, CHAIR).everything
    assert not rules.scope("u1", {"u1", f"{role}@elsewhere"}, AROUND, CHAIR).everything


def test_the_convener_sees_all_and_other_seats_do_not() -> None:
    assert rules.scope("u1", {"u1", CHAIR}, AROUND, CHAIR).everything
    assert not rules.scope("u1", {"u1", "seat:property@jsjy-council"}, AROUND, CHAIR).everything
    assert not rules.scope("u1", {"u1", "seat:party@jsjy-g12-council"}, AROUND, CHAIR).everything


def test_a_grids_worker_sees_the_grid_and_a_member_the_organisations_business() -> None:
    found = rules.scope("u1", {"u1", "grid_worker@jsjy-g12", "org:jsjy-property"}, AROUND, CHAIR)
    assert (found.everything, found.confidential) == (False, False)
    assert found.grids == {"jsjy-g12"}
    assert found.organisations == {"jsjy-property"}


def test_sensitive_entries_are_for_the_clerk_and_the_duty_of_the_subdistrict() -> None:
    confidential = {
        role for role in rules.OVERSEERS if rules.scope("u1", {f"{role}@jsjy"}, AROUND, None).confidential
    }
    assert confidential == {"ledger_clerk", "subdistrict"}


def test_an_entry_nobody_named_is_called_by_where_and_what() -> None:
    assert rules.title("12号楼", "电线裸露。旁边有水。") == "12号楼：电线裸露"
    assert len(rules.title("楼" * 60, "长" * 1000)) == 40


def test_rates_name_what_they_were_counted_from() -> None:
    tally = Tally(open=2, overdue=1, closed=2, on_time=1, recurred=1)
    assert tally.closing_rate.share == Fraction(1, 2)
    assert tally.on_time_rate.share == Fraction(1, 2)
    assert tally.recurrence_rate.share == Fraction(1, 2)
    assert Tally().closing_rate.share is None
    assert Tally.sum([tally, tally]).open == 4
    assert Tally.sum([]) == Tally()


def test_every_state_has_a_name_and_is_either_open_or_an_end() -> None:
    assert set(rules.STATES) == set(State)
    assert {*rules.OPEN, *rules.OUTCOMES, State.MERGED} == set(State)
