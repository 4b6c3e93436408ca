"""Reading dates, times and durations from text (XML Schema 1.1 lexical forms, plus ``@Zone/Name``).

Each reader raises ``ValueError`` for text that is not of its kind.
"""

from __future__ import annotations

import re
from decimal import Decimal

from engine.feel.temporal import (
    SECONDS_PER_DAY,
    Date,
    DateTime,
    DaysDuration,
    Duration,
    MonthsDuration,
    Temporal,
    Time,
    zone,
)

_DATE = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_/+-]*)?"
)
_MONTHS = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
_DAYS = re.compile(
    r"(-?)P(?=[0-9T])(?:([0-9]{1,18})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18}(?:\.[0-9]+)?)S)?)?"
)
_END_OF_DAY = "24:00:00"
_MAX_OFFSET = 14 * 3600
_FRACTION_DIGITS = 9


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None or len(text) > 100:
        raise ValueError(f"not a temporal value: {text[:40]}")
    return found


def read_date(text: str) -> Date:
    """``2026-11-22``."""
    year, month, day = _match(_DATE, text).groups()
    return Date(int(year), int(month), int(day))


def read_time(text: str) -> Time:
    """``09:30:00``, ``09:30:00Z``, ``09:30:00+08:00`` or ``09:30:00@Asia/Shanghai``."""
    if text.startswith(_END_OF_DAY):
        text = "00:00:00" + text[len(_END_OF_DAY) :]
    hour, minute, second, place = _match(_TIME, text.removeprefix("T")).groups()
    offset, name = _place(place or "")
    return Time(int(hour), int(minute), Decimal(second[: _FRACTION_DIGITS + 3]), offset, name)


def _place(text: str) -> tuple[int | None, str | None]:
    """Offset in seconds and zone name of a zone designator."""
    if not text:
        return None, None
    if text in "Zz":
        return 0, None
    if text[0] == "@":
        return None, zone(text[1:]).key
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = hours * 3600 + minutes * 60 + sum(seconds)
    if offset > _MAX_OFFSET or minutes > 59 or sum(seconds) > 59:
        raise ValueError("offset out of range")
    return (-offset if text[0] == "-" else offset), None


def read_date_time(text: str) -> DateTime:
    """``2026-11-22T09:30:00`` with an optional zone, or a date alone, which means its midnight."""
    day, has_time, clock = text.partition("T")
    if not has_time:
        return DateTime(read_date(day), read_time("00:00:00"))
    moment = DateTime(read_date(day), read_time(clock))
    if clock.startswith(_END_OF_DAY):
        return DateTime(moment.date.plus_days(1), moment.time)
    return moment


def read_duration(text: str) -> Duration:
    """``P1Y2M`` or ``P3DT4H5M6.7S``; years or months do not mix with days or times."""
    months = _MONTHS.fullmatch(text)
    if months is not None:
        sign, years, rest = months.groups()
        total = int(years or 0) * 12 + int(rest or 0)
        return MonthsDuration(-total if sign else total)
    sign, days, hours, minutes, seconds = _match(_DAYS, text).groups()
    whole = int(days or 0) * SECONDS_PER_DAY + int(hours or 0) * 3600 + int(minutes or 0) * 60
    amount = whole + Decimal(seconds or 0)
    return DaysDuration(-amount if sign else amount)


def read_temporal(text: str) -> Temporal:
    """Whatever an ``@"…"`` literal holds."""
    for read in (read_date, read_date_time, read_time, read_duration):
        try:
            return read(text)
        except ValueError:
            continue
    raise ValueError(f"not a date, time or duration: {text[:40]}")
