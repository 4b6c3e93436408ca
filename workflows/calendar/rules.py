"""Time limits by the Civil Code and by business hours. Pure: the calendar comes in as a value.

Civil Code (民法典): article 201, the day of the event does not count; 202, a month ends on the same day or,
where there is none, on the last day; 203, a period that ends on a statutory holiday ends on the day after it,
at 24:00 or when business closes.

Local moments without a zone are taken to be in the calendar's zone; results are aware, in that zone.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from workflows.calendar.model import Calendar, DayKind, Unit

Amount = int | float | Decimal | Fraction

END_OF_DAY = time(23, 59, 59)
MAX_AMOUNT = 100_000
_FRIDAY = 4
_ONE_DAY = timedelta(days=1)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether business is done on that day: the schedule first, then Monday to Friday."""
    exceptional = calendar.days.get(day)
    if exceptional is not None:
        return exceptional.kind is DayKind.WORKDAY
    return day.weekday() <= _FRIDAY


def is_provisional(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Whether a year between the two moments has no schedule yet, so that the result may change."""
    first, last = sorted((_local(calendar, start).year, _local(calendar, end).year))
    return not calendar.announced_years.issuperset(range(first, last + 1))


def due_at(calendar: Calendar, start: datetime, value: Amount, unit: Unit | str) -> datetime:
    """When a period of ``value`` units that is set off at ``start`` ends.

    Work days end at the close of business, natural days and months at 23:59:59 and, where that is a day off,
    on the next working day; hours end to the second. Raises ``ValueError`` (Chinese sentence) for a negative
    amount, for a fraction of a day or month, and for an unknown unit.
    """
    if not 0 <= value <= MAX_AMOUNT:
        raise ValueError(f"时限必须在 0 到 {MAX_AMOUNT} 之间，现在是 {value}。")
    if unit not in _PERIODS:
        raise ValueError(f"没有“{unit}”这种时限单位，请用 {'、'.join(Unit)}。")
    return _PERIODS[Unit(unit)](calendar, _local(calendar, start), value)


def working_days_before(calendar: Calendar, moment: datetime, days: Amount) -> datetime:
    """Close of business on the ``days``-th working day before the day of ``moment``."""
    day = _local(calendar, moment).date()
    return _at(calendar, _count_working_days(calendar, day, _whole(days), -_ONE_DAY), calendar.hours.closing)


def remaining_working_days(calendar: Calendar, moment: datetime, due: datetime) -> int:
    """Working days left before a period ends: 0 on its last day, negative once it is over.

    Overdue counts from -1, the first working day after the end, so that a card is red at once.
    """
    day, last = _local(calendar, moment).date(), _local(calendar, due).date()
    if moment >= due:
        return -max(1, _working_days_between(calendar, last, day))
    return _working_days_between(calendar, day, last)


def extended(calendar: Calendar, end: datetime, days: int) -> datetime:
    """``end`` moved by so many days; its time of day stays, a day off postpones it (article 203)."""
    local = _local(calendar, end)
    return _at(calendar, _postponed(calendar, local.date() + timedelta(days=_whole(days))), local.time())


def _urgent_hours(calendar: Calendar, start: datetime, value: Amount) -> datetime:
    # Added in UTC, so that a change of the zone's offset cannot lengthen or shorten the limit.
    return (start.astimezone(UTC) + _hours(value)).astimezone(calendar.zone)


def _work_hours(calendar: Calendar, start: datetime, value: Amount) -> datetime:
    remaining = _hours(value)
    for opens, closes in _shifts_from(calendar, start):
        if remaining <= closes - opens:
            return opens + remaining
        remaining -= closes - opens
    raise AssertionError("shifts never end")


def _work_days(calendar: Calendar, start: datetime, value: Amount) -> datetime:
    day = _count_working_days(calendar, start.date(), _whole(value), _ONE_DAY)
    return _at(calendar, day, calendar.hours.closing)


def _natural_days(calendar: Calendar, start: datetime, value: Amount) -> datetime:
    day = start.date() + timedelta(days=_whole(value))
    return _at(calendar, _postponed(calendar, day), END_OF_DAY)


def _calendar_months(calendar: Calendar, start: datetime, value: Amount) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + _whole(value), 12)
    last = gregorian.monthrange(year, month + 1)[1]
    day = date(year, month + 1, min(start.day, last))
    return _at(calendar, _postponed(calendar, day), END_OF_DAY)


_PERIODS: dict[Unit, Callable[[Calendar, datetime, Amount], datetime]] = {
    Unit.URGENT_HOUR: _urgent_hours,
    Unit.WORK_HOUR: _work_hours,
    Unit.WORK_DAY: _work_days,
    Unit.NATURAL_DAY: _natural_days,
    Unit.CALENDAR_MONTH: _calendar_months,
}


def _local(calendar: Calendar, moment: datetime) -> datetime:
    return moment.replace(tzinfo=calendar.zone) if moment.tzinfo is None else moment.astimezone(calendar.zone)


def _at(calendar: Calendar, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, calendar.zone)


def _hours(value: Amount) -> timedelta:
    return timedelta(seconds=round(Fraction(value) * 3600))


def _whole(value: Amount) -> int:
    if value != int(value):
        raise ValueError(f"按日、按月的时限必须是整数，现在是 {value}。")
    return int(value)


def _count_working_days(calendar: Calendar, day: date, count: int, step: timedelta) -> date:
    while count:
        day += step
        count -= is_working_day(calendar, day)
    return day


def _working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """Working days after the first day, up to and including the last."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(calendar, day) for day in days)


def _postponed(calendar: Calendar, day: date) -> date:
    while _is_day_off(calendar, day):
        day += _ONE_DAY
    return day


def _is_day_off(calendar: Calendar, day: date) -> bool:
    if calendar.weekend_postpones or day in calendar.days:
        return not is_working_day(calendar, day)
    return False


def _shifts_from(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What is left of today's shifts, then those of every later working day."""
    day = start.date()
    while True:
        if is_working_day(calendar, day):
            for opens, closes in calendar.hours.shifts:
                begin, end = max(start, _at(calendar, day, opens)), _at(calendar, day, closes)
                if begin < end:
                    yield begin, end
        day += _ONE_DAY
