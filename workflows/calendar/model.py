"""The nouns of the working-day calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from workflows.moments import SHANGHAI


class Unit(StrEnum):
    """In what a time limit is counted."""

    URGENT_HOUR = "urgent_hour"
    """Hours that run on at night, on weekends and on holidays."""
    WORK_HOUR = "work_hour"
    """Hours of business time only."""
    WORK_DAY = "work_day"
    NATURAL_DAY = "natural_day"
    CALENDAR_MONTH = "calendar_month"


class DayKind(StrEnum):
    """How a day departs from the ordinary week."""

    HOLIDAY = "holiday"
    """A day off by the State Council's schedule."""
    WORKDAY = "workday"
    """A Saturday or Sunday worked in exchange (调休)."""


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """One line of the yearly schedule; ``name`` is the occasion in Chinese (``国庆节``)."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The shifts of a working day as (opens, closes), ascending, local time."""

    shifts: tuple[tuple[time, time], ...]

    @property
    def closing(self) -> time:
        """When business ends for the day."""
        return self.shifts[-1][1]


OFFICE_HOURS = BusinessHours(((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30))))
"""Default of ``calendar.hours``: 08:30 to 12:00 and 14:00 to 17:30."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar as a value: which days are exceptional, and for which years that is known.

    A year that is not in ``announced_years`` falls back to Monday to Friday, and what was computed with it is
    provisional. ``weekend_postpones`` says whether a period that ends on an ordinary Saturday or Sunday is
    postponed like one that ends on a statutory holiday; judicial practice does so, the Civil Code leaves it
    open (article 203).
    """

    days: Mapping[date, ExceptionalDay] = field(default_factory=dict)
    announced_years: frozenset[int] = frozenset()
    hours: BusinessHours = OFFICE_HOURS
    weekend_postpones: bool = True
    zone: ZoneInfo = SHANGHAI
