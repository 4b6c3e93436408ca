"""The calendar as administrators keep it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import Connection

from engine.store.database import Store
from workflows.calendar import rules
from workflows.calendar import store as calendar
from workflows.calendar.model import DayKind, Unit
from workflows.moments import SHANGHAI

BEFORE_NATIONAL_DAY = datetime(2026, 9, 30, 17, 5, tzinfo=SHANGHAI)


def five_working_days(connection: Connection, region: str | None = None) -> date:
    return rules.due_at(calendar.load(connection, region), BEFORE_NATIONAL_DAY, 5, Unit.WORK_DAY).date()


def test_the_published_schedules_give_the_gold_case(connection: Connection) -> None:
    calendar.seed(connection)
    assert five_working_days(connection) == date(2026, 10, 13)
    assert calendar.load(connection).announced_years >= {2025, 2026}


def test_without_any_schedule_everything_is_provisional(connection: Connection) -> None:
    empty = calendar.load(connection)
    assert rules.is_provisional(empty, BEFORE_NATIONAL_DAY, BEFORE_NATIONAL_DAY)


def test_an_edited_day_counts_and_seeding_again_leaves_it_alone(connection: Connection) -> None:
    calendar.seed(connection)
    calendar.set_day(connection, date(2026, 10, 9), DayKind.HOLIDAY, "临时放假")
    calendar.seed(connection)
    assert five_working_days(connection) == date(2026, 10, 14)
    calendar.clear_day(connection, date(2026, 10, 9))
    assert five_working_days(connection) == date(2026, 10, 13)


def test_a_regional_day_holds_in_its_region_only(connection: Connection) -> None:
    calendar.seed(connection)
    calendar.set_day(connection, date(2026, 10, 10), DayKind.HOLIDAY, "暴雨停工", region="jngxq")
    assert five_working_days(connection, "jngxq") == date(2026, 10, 14)
    assert five_working_days(connection) == date(2026, 10, 13)


def test_a_years_schedule_can_be_imported_in_place_of_the_old_one(connection: Connection) -> None:
    calendar.seed(connection)
    day = {"date": "2026-10-12", "kind": "holiday", "name": "更正"}
    calendar.import_year(connection, {"year": 2026, "source": "更正通知", "days": [day]})
    assert set(calendar.load(connection).days) >= {date(2026, 10, 12), date(2025, 10, 1)}
    assert date(2026, 10, 1) not in calendar.load(connection).days


def test_a_schedule_with_days_of_another_year_is_refused(connection: Connection) -> None:
    day = {"date": "2027-01-01", "kind": "holiday", "name": "元旦"}
    with pytest.raises(ValueError, match="2027-01-01"):
        calendar.import_year(connection, {"year": 2026, "source": "", "days": [day]})


def test_the_current_calendar_follows_a_change(store: Store) -> None:
    current = calendar.CurrentCalendar(store)
    assert not current().days
    with store.transaction() as connection:
        calendar.seed(connection)
    seeded = current()
    assert date(2026, 10, 1) in seeded.days
    assert current() is seeded
    with store.transaction() as connection:
        calendar.set_day(connection, date(2026, 12, 1), DayKind.HOLIDAY, "停电")
    assert date(2026, 12, 1) in current().days
