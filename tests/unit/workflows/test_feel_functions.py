"""What models can call in expressions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.expressions import Expressions
from engine.registry import Registry
from workflows.ballots import feel as arithmetic
from workflows.calendar import feel as deadlines
from workflows.calendar.model import Calendar

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)  # a Friday, 16:30 in China


def value(expression: str, **variables: Any) -> Any:
    registry = Registry()
    deadlines.register(registry, Calendar)
    arithmetic.register(registry)
    return Expressions(registry.functions()).parse(expression).evaluate(variables, NOW)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("=工作日后(now(), 2)", "2026-11-24T17:30:00@Asia/Shanghai"),
        ('=工作日后(date("2026-11-20"), 2)', "2026-11-24T17:30:00@Asia/Shanghai"),
        ("=工作日前(meeting_at, 1)", "2026-11-25T17:30:00@Asia/Shanghai"),
        ("=自然日后(now(), 7)", "2026-11-27T23:59:59@Asia/Shanghai"),
        ("=工作时后(now(), 4)", "2026-11-23T11:30:00@Asia/Shanghai"),
        ("=工作时后(now(), 0.5)", "2026-11-20T17:00:00@Asia/Shanghai"),
        ("=自然日后(now(), 7) > now()", True),
        ('=时限后(now(), 3, "work_day")', "2026-11-25T17:30:00@Asia/Shanghai"),
        ('=时限后(now(), 2, "urgent_hour")', "2026-11-20T18:30:00@Asia/Shanghai"),
        ("=工作时后(工作日前(meeting_at, 2), 0)", "2026-11-25T08:30:00@Asia/Shanghai"),
    ],
)
def test_deadlines_are_instants_in_china(expression: str, expected: object) -> None:
    assert value(expression, meeting_at="2026-11-26T19:00:00@Asia/Shanghai") == expected


@pytest.mark.parametrize(
    ("due", "left"),
    [
        ("2026-11-24T17:30:00", 2),
        ("2026-11-20T17:30:00", 0),
        ("2026-11-20T16:30:00", -1),
        ("2026-11-19T17:30:00", -1),
        ("2026-11-13T17:30:00", -5),
        ("2026-11-14T10:00:00", -5),
    ],
)
def test_working_days_are_counted_down_to_the_last_day_and_on_beyond_it(due: str, left: int) -> None:
    assert value("=剩余工作日(now(), due)", due=due) == left


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("=过半数(4, 7)", True),
        ("=过半数(3, 6)", False),
        ("=达到(4, 6, 2, 3)", True),
        ("=达到(agree / 3, 2, 1, 3)", True),
        ("=达到(0, 0, 2, 3)", False),
        ("=双过半(51.5, 100, 51, 100)", True),
        ("=双过半(50, 100, 51, 100)", False),
    ],
)
def test_votes_are_compared_exactly(expression: str, expected: bool) -> None:
    assert value(expression, agree=2) is expected
