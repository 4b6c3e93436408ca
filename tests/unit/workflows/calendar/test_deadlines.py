"""Deadlines: the gold cases, the Civil Code's articles, and what holds for every start and amount."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.calendar import rules
from workflows.calendar.model import SHANGHAI, Calendar, DayKind, ExceptionalDay, Unit


def _published() -> Calendar:
    days, years = {}, set()
    for file in (resources.files("workflows.calendar") / "data").iterdir():
        schedule = json.loads(file.read_text("utf-8"))
        years.add(schedule["year"])
        for line in schedule["days"]:
            day = date.fromisoformat(line["date"])
            days[day] = ExceptionalDay(day, DayKind(line["kind"]), line["name"])
    return Calendar(days, frozenset(years))


CALENDAR = _published()


def due(start: str, value: object, unit: str) -> str:
    return rules.due_at(CALENDAR, datetime.fromisoformat(start), value, unit).strftime("%Y-%m-%dT%H:%M:%S")


@pytest.mark.parametrize(
    ("start", "value", "unit", "expected"),
    [
        ("2026-09-30T17:05", 5, "work_day", "2026-10-13T17:30:00"),  # 跨国庆，10月10日调休上班
        ("2026-11-20T16:00", 2, "work_day", "2026-11-24T17:30:00"),  # 跨周末
        ("2026-01-31T10:00", 1, "calendar_month", "2026-02-28T23:59:59"),  # 无对应日；2月28日调休上班
        ("2026-09-05T10:00", 30, "natural_day", "2026-10-08T23:59:59"),  # 末日在国庆假期，顺延
        ("2026-08-10T10:00", 60, "natural_day", "2026-10-09T23:59:59"),
        ("2026-11-20T16:30", 4, "work_hour", "2026-11-23T11:30:00"),  # 周五1小时、周一3小时
        ("2026-10-02T23:30", 2, "urgent_hour", "2026-10-03T01:30:00"),  # 假期内连续计时
        ("2026-10-19T07:42", 3, "work_day", "2026-10-22T17:30:00"),
        ("2026-09-28T21:15", 5, "work_day", "2026-10-10T17:30:00"),
        ("2026-09-15T10:00", 5, "work_day", "2026-09-21T17:30:00"),  # 9月20日（周日）调休上班
        ("2026-09-21T08:40", 5, "work_day", "2026-09-29T17:30:00"),  # 跨中秋
        ("2026-10-17T20:50", 3, "work_day", "2026-10-21T17:30:00"),  # 周六起算
    ],
)
def test_the_gold_cases_come_out_to_the_second(start: str, value: int, unit: str, expected: str) -> None:
    assert due(start, value, unit) == expected


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2026-03-31T09:00", 1, "2026-04-30T23:59:59"),
        ("2025-08-29T09:00", 6, "2026-02-28T23:59:59"),
        ("2026-01-15T09:00", 12, "2027-01-15T23:59:59"),
        ("2025-12-01T09:00", 1, "2026-01-04T23:59:59"),  # 元旦放假到3日，4日（周日）上班
    ],
)
def test_a_month_ends_on_the_same_day_or_the_months_last_and_is_postponed(
    start: str, months: int, expected: str
) -> None:
    assert due(start, months, "calendar_month") == expected


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20T11:30", Fraction(1, 2), "2026-11-20T12:00:00"),  # ends with the shift
        ("2026-11-20T11:30", 1, "2026-11-20T14:30:00"),  # over the noon break
        ("2026-11-20T12:30", Decimal("1.5"), "2026-11-20T15:30:00"),  # starts in the break
        ("2026-11-20T18:00", 1, "2026-11-23T09:30:00"),  # after closing on a Friday
        ("2026-11-21T10:00", 7, "2026-11-23T17:30:00"),  # a whole working day
        ("2026-10-10T08:00", 3, "2026-10-10T11:30:00"),  # a Saturday worked in exchange
    ],
)
def test_work_hours_run_only_while_business_is_open(start: str, hours: object, expected: str) -> None:
    assert due(start, hours, "work_hour") == expected


def test_half_an_urgent_hour_is_thirty_minutes() -> None:
    assert due("2026-10-03T00:00", 0.5, "urgent_hour") == "2026-10-03T00:30:00"


def test_an_ordinary_weekend_postpones_only_where_the_switch_says_so() -> None:
    start = datetime(2026, 11, 14, 10, tzinfo=SHANGHAI)
    strict = Calendar(CALENDAR.days, CALENDAR.announced_years, weekend_postpones=False)
    assert rules.due_at(CALENDAR, start, 7, Unit.NATURAL_DAY).date() == date(2026, 11, 23)
    assert rules.due_at(strict, start, 7, Unit.NATURAL_DAY).date() == date(2026, 11, 21)
    holiday = datetime(2026, 9, 5, 10, tzinfo=SHANGHAI)
    assert rules.due_at(strict, holiday, 30, Unit.NATURAL_DAY).date() == date(2026, 10, 8)


def test_the_zone_of_the_start_does_not_change_its_day_in_china() -> None:
    late_on_thursday_utc = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)  # Friday 07:00 in China
    assert rules.due_at(CALENDAR, late_on_thursday_utc, 1, "work_day") == datetime(
        2026, 11, 23, 17, 30, tzinfo=SHANGHAI
    )


def test_the_working_day_before_a_meeting_skips_the_holiday() -> None:
    meeting = datetime(2026, 10, 8, 19, 0, tzinfo=SHANGHAI)
    assert rules.working_days_before(CALENDAR, meeting, 1) == datetime(2026, 9, 30, 17, 30, tzinfo=SHANGHAI)


def test_an_extension_keeps_the_time_of_day_and_is_postponed() -> None:
    end = datetime(2026, 9, 28, 23, 59, 59, tzinfo=SHANGHAI)
    assert rules.extended(CALENDAR, end, 4) == datetime(2026, 10, 8, 23, 59, 59, tzinfo=SHANGHAI)


def test_a_year_without_a_schedule_counts_monday_to_friday_and_is_provisional() -> None:
    start = datetime(2026, 12, 30, 9, tzinfo=SHANGHAI)
    end = rules.due_at(CALENDAR, start, 3, "work_day")
    assert end.date() == date(2027, 1, 4)
    assert rules.is_provisional(CALENDAR, start, end)
    assert not rules.is_provisional(CALENDAR, start, start)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        (-1, "work_day"),
        (Decimal("1.5"), "work_day"),
        (0.5, "natural_day"),
        (1, "fortnight"),
        (10**9, "work_hour"),
    ],
)
def test_an_amount_that_makes_no_sense_is_refused_in_chinese(value: object, unit: str) -> None:
    with pytest.raises(ValueError, match="时限"):
        due("2026-11-20T09:00", value, unit)


moments = st.integers(0, 880 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
)


@given(moments, st.integers(1, 120))
def test_exactly_so_many_working_days_lie_between_start_and_deadline(start: datetime, days: int) -> None:
    end = rules.due_at(CALENDAR, start, days, Unit.WORK_DAY)
    after_start = [start.date() + timedelta(n) for n in range(1, (end.date() - start.date()).days + 1)]
    assert sum(rules.is_working_day(CALENDAR, day) for day in after_start) == days
    assert rules.is_working_day(CALENDAR, end.date())
    assert end.time() == time(17, 30)


@given(moments, st.integers(1, 40))
def test_counting_back_from_the_day_after_a_deadline_undoes_counting_forward(
    start: datetime, days: int
) -> None:
    end = rules.due_at(CALENDAR, start, days, Unit.WORK_DAY)
    first = rules.working_days_before(CALENDAR, end + timedelta(days=1), days)
    assert rules.due_at(CALENDAR, start, 1, Unit.WORK_DAY) == first


@given(moments, st.integers(0, 200), st.sampled_from([Unit.NATURAL_DAY, Unit.CALENDAR_MONTH]))
def test_a_long_period_never_ends_on_a_day_off(start: datetime, value: int, unit: Unit) -> None:
    end = rules.due_at(CALENDAR, start, value, unit)
    assert rules.is_working_day(CALENDAR, end.date())
    assert end >= start or value == 0


@given(moments, st.integers(0, 3000), st.integers(0, 3000))
def test_work_minutes_add_up(start: datetime, first: int, second: int) -> None:
    def after(begin: datetime, minutes: int) -> datetime:
        return rules.due_at(CALENDAR, begin, Fraction(minutes, 60), Unit.WORK_HOUR)

    whole = after(start.replace(microsecond=0), first + second)
    in_two = after(after(start.replace(microsecond=0), first), second)
    assert whole == in_two or second == 0 or first == 0
