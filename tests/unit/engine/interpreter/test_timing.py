"""Repetitions: no occurrence twice, none left out, none moved by short months."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ModelFault
from engine.expressions import ZONE
from engine.interpreter.model import TimerKind
from engine.timing import Plan, after, next_plan, plan, read_cycle

INSTANTS = st.integers(0, 10 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
INTERVALS = st.sampled_from(["PT1M", "PT24H", "P1D", "P7D", "P1M", "P6M", "P1Y", "P1M15D"])
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


@settings(derandomize=True, deadline=None)
@given(start=INSTANTS, interval=INTERVALS, past=INSTANTS)
def test_the_following_occurrence_is_the_first_after_the_past(
    start: datetime, interval: str, past: datetime
) -> None:
    cycle = read_cycle(f"R/{start.isoformat()}/{interval}")
    found = cycle.following(start, past)
    occurrences = [start]
    while occurrences[-1] <= max(start, past) and len(occurrences) < 200:
        occurrences.append(after(start, interval, len(occurrences)))
    if occurrences[-1] > max(start, past):
        assert found == occurrences[-1]
    assert found > max(start, past)


@settings(derandomize=True, deadline=None)
@given(start=INSTANTS, times=st.integers(1, 6), interval=INTERVALS, asleep=st.integers(0, 800))
def test_a_counted_cycle_comes_exactly_as_often_as_it_says(
    start: datetime, times: int, interval: str, asleep: int
) -> None:
    now = start + timedelta(days=asleep)
    current: Plan | None = plan(TimerKind.CYCLE, f"R{times}/{interval}", start)
    instants = []
    while current is not None:
        instants.append(current.due_at)
        current = next_plan(current, now)
    assert len(instants) == times
    assert instants == sorted(set(instants))


@settings(derandomize=True, deadline=None)
@given(start=INSTANTS, interval=INTERVALS, asleep=st.integers(0, 800))
def test_an_endless_cycle_never_plans_the_past(start: datetime, interval: str, asleep: int) -> None:
    now = start + timedelta(days=asleep)
    following = next_plan(plan(TimerKind.CYCLE, f"R/{interval}", start), now)
    assert following is not None
    assert following.due_at > now


def test_the_31st_comes_back_after_a_short_month() -> None:
    cycle = read_cycle("R/2026-01-31T09:00:00+08:00/P1M")
    due, days = datetime(2026, 1, 31, 1, tzinfo=UTC), []
    for _ in range(4):
        due = cycle.following(due, due)
        days.append(due.astimezone(ZONE).strftime("%m-%d"))
    assert days == ["02-28", "03-31", "04-30", "05-31"]


def test_occurrences_before_the_beginning_are_done_already() -> None:
    found = plan(TimerKind.CYCLE, "R3/2026-11-22T09:00:00+08:00/P1D", NOW)
    assert found == Plan(NOW, 1, "2026-11-22T09:00:00+08:00/P1D")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("R/PT0S", "太短"),
        ("R/-P1D", "不是重复定时"),
        ("R2/2020-01-01T00:00:00/P1D", "已经过去"),
        ("P1D", "不是重复定时"),
        ("R/P1D/P1D", "不是时长"),
        ("R/P9999999Y", "太长"),
    ],
)
def test_a_cycle_that_makes_no_sense_is_a_fault_in_chinese(text: str, sentence: str) -> None:
    with pytest.raises(ModelFault, match=sentence):
        plan(TimerKind.CYCLE, text, NOW)
