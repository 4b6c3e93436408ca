"""Dates, times and durations of FEEL (DMN 1.5, sections 10.3.2.3.4 to 10.3.2.3.8).

Own classes, because Python's own end at year 9999 and at microseconds and know no time with a named zone.
All are immutable; ``str()`` gives the text FEEL reads back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as python_date
from datetime import datetime as python_datetime
from datetime import timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from engine.feel.numbers import CONTEXT, number_text

MAX_YEAR = 999_999_999
SECONDS_PER_DAY = 86_400
_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_CYCLE_BASE = python_date(2000, 1, 1).toordinal()
_MAX_SECONDS_DIGITS = 17
NANOSECOND = Decimal("1E-9")


def days_in_month(year: int, month: int) -> int:
    """28 to 31, by the proleptic Gregorian calendar."""
    following = python_date(2000 + year % _CYCLE_YEARS + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar; raises ``ValueError`` for one that does not exist."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if abs(self.year) > MAX_YEAR:
            raise ValueError("year out of range")
        python_date(2000 + self.year % _CYCLE_YEARS, self.month, self.day)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Date:
        """The inverse of :attr:`ordinal`."""
        cycles, rest = divmod(ordinal, _CYCLE_DAYS)
        day = python_date.fromordinal(_CYCLE_BASE + rest)
        return cls(day.year + cycles * _CYCLE_YEARS, day.month, day.day)

    @property
    def ordinal(self) -> int:
        """Days since 2000-01-01."""
        cycles, year = divmod(self.year - 2000, _CYCLE_YEARS)
        return python_date(2000 + year, self.month, self.day).toordinal() - _CYCLE_BASE + cycles * _CYCLE_DAYS

    @property
    def weekday(self) -> int:
        """1 for Monday to 7 for Sunday."""
        return (self.ordinal + 5) % 7 + 1

    @property
    def day_of_year(self) -> int:
        """1 to 366."""
        return self.ordinal - Date(self.year, 1, 1).ordinal + 1

    @property
    def week_of_year(self) -> int:
        """1 to 53, by ISO 8601."""
        return python_date(2000 + self.year % _CYCLE_YEARS, self.month, self.day).isocalendar().week

    def plus_months(self, months: int) -> Date:
        """The same day of another month, or that month's last day."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Date(year, month + 1, min(self.day, days_in_month(year, month + 1)))

    def plus_days(self, days: int) -> Date:
        """So many days later."""
        return Date.from_ordinal(self.ordinal + days)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, local, with an offset in seconds from UTC, or with a named zone."""

    hour: int
    minute: int
    second: Decimal
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.minute < 60 and 0 <= self.second < 60):
            raise ValueError("no such time of day")

    @classmethod
    def from_seconds(cls, seconds: Decimal, offset: int | None = None, zone: str | None = None) -> Time:
        """The time of day so many seconds after midnight (0 ≤ seconds < 86400)."""
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(int(minutes), 60)
        return cls(hour, minute, second, offset, zone)

    @property
    def seconds(self) -> Decimal:
        """Seconds since local midnight."""
        return self.hour * 3600 + self.minute * 60 + self.second

    @property
    def utc_seconds(self) -> Decimal:
        """Seconds since midnight UTC of the same day; local times are taken as they are."""
        return self.seconds - (self.offset or 0)

    @property
    def is_local(self) -> bool:
        """Whether neither offset nor zone is known."""
        return self.offset is None and self.zone is None

    def __str__(self) -> str:
        whole, _, part = number_text(self.second).partition(".")
        second = f"{int(whole):02d}{'.' + part if part else ''}"
        return f"{self.hour:02d}:{self.minute:02d}:{second}{self.zone_text}"

    @property
    def zone_text(self) -> str:
        """``@Asia/Shanghai``, ``Z``, ``+08:00`` or nothing."""
        if self.zone is not None:
            return f"@{self.zone}"
        if self.offset is None:
            return ""
        if self.offset == 0:
            return "Z"
        hours, rest = divmod(abs(self.offset), 3600)
        minutes, seconds = divmod(rest, 60)
        tail = f":{seconds:02d}" if seconds else ""
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}:{minutes:02d}{tail}"


MIDNIGHT = Time(0, 0, Decimal(0))
UTC_MIDNIGHT = Time(0, 0, Decimal(0), 0)


@dataclass(frozen=True)
class DateTime:
    """A date with a time of day; a named zone's offset is looked up for that very moment."""

    date: Date
    time: Time

    @cached_property
    def offset(self) -> int | None:
        """Seconds from UTC, ``None`` for a local time."""
        if self.time.zone is None:
            return self.time.offset
        year = self.date.year if 1 <= self.date.year <= 9999 else 2000 + self.date.year % _CYCLE_YEARS
        moment = python_datetime(
            year,
            self.date.month,
            self.date.day,
            self.time.hour,
            self.time.minute,
            tzinfo=zone(self.time.zone),
        )
        return seconds_from_utc(moment)

    @cached_property
    def instant(self) -> Decimal:
        """Seconds since 2000-01-01T00:00:00 UTC; for local times, of the local clock."""
        return self.date.ordinal * SECONDS_PER_DAY + self.time.seconds - (self.offset or 0)

    @property
    def is_local(self) -> bool:
        """Whether neither offset nor zone is known."""
        return self.time.is_local

    def plus_seconds(self, seconds: Decimal) -> DateTime:
        """The moment so many seconds later, on the same clock."""
        moved = self._from_instant(self.instant + seconds, self.offset or 0)
        if self.time.zone is None or moved.offset == self.offset:
            return moved
        return self._from_instant(self.instant + seconds, moved.offset or 0)

    def _from_instant(self, instant: Decimal, offset: int) -> DateTime:
        days, seconds = floor_divmod(instant + offset, SECONDS_PER_DAY)
        clock = Time.from_seconds(seconds, self.time.offset, self.time.zone)
        return DateTime(Date.from_ordinal(days), clock)

    def plus_months(self, months: int) -> DateTime:
        """The same time of day in another month."""
        return DateTime(self.date.plus_months(months), self.time)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration in seconds, to the nanosecond; raises ``ValueError`` beyond 10¹⁷ seconds."""

    seconds: Decimal

    def __post_init__(self) -> None:
        if self.seconds.adjusted() > _MAX_SECONDS_DIGITS:
            raise ValueError("duration out of range")
        object.__setattr__(self, "seconds", CONTEXT.quantize(self.seconds, NANOSECOND))

    def __str__(self) -> str:
        days, rest = divmod(abs(self.seconds), SECONDS_PER_DAY)
        hours, rest = divmod(rest, 3600)
        minutes, seconds = divmod(rest, 60)
        clock = "".join(
            f"{number_text(amount)}{unit}"
            for amount, unit in ((hours, "H"), (minutes, "M"), (seconds, "S"))
            if amount
        )
        if not days and not clock:
            return "PT0S"
        sign = "-" if self.seconds < 0 else ""
        return f"{sign}P{number_text(days) + 'D' if days else ''}{'T' + clock if clock else ''}"


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """A years and months duration: a whole number of months."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > 12 * MAX_YEAR * 2:
            raise ValueError("duration out of range")

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        if not self.months:
            return "P0M"
        sign = "-" if self.months < 0 else ""
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


Duration = DaysDuration | MonthsDuration
Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration


def floor_divmod(value: Decimal, divisor: int) -> tuple[int, Decimal]:
    """Whole quotient rounded down and the rest, never negative; exact for any size."""
    quotient = int(value) // divisor
    rest = value - quotient * divisor
    if rest < 0:
        return quotient - 1, rest + divisor
    return quotient, rest


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The time zone of that name; raises ``ValueError`` for one the zone database does not have."""
    try:
        return ZoneInfo(name)
    except (OSError, KeyError) as error:
        raise ValueError(f"unknown time zone {name}") from error


def seconds_from_utc(moment: python_datetime) -> int:
    """The offset of a moment with a zone."""
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
