"""Instants, waits and repetitions as timers and due dates give them (ISO 8601 and FEEL text)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import ModelFault
from engine.expressions import ZONE

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d*)/(?P<interval>P.+)")


@dataclass(frozen=True, slots=True)
class Repetition:
    """A cycle: how often in all (``-1``: without end) and how long between."""

    times: int
    interval: str


def read_instant(value: Any) -> datetime:
    """A date or date-and-time text as an instant in UTC; without a zone Shanghai time is meant."""
    text, _, zone = str(value).partition("@")
    try:
        instant = datetime.fromisoformat(text)
        place = ZoneInfo(zone) if zone else ZONE
    except (ValueError, ZoneInfoNotFoundError) as fault:
        raise ModelFault(f"“{value}”不是时间，请用形如 2026-11-22T09:00:00 的写法。") from fault
    return (instant if instant.tzinfo else instant.replace(tzinfo=place)).astimezone(UTC)


def after(start: datetime, duration: Any) -> datetime:
    """``start`` plus an ISO duration; months are counted in Shanghai, to the same day or the month's last."""
    found = _DURATION.fullmatch(str(duration))
    if found is None or str(duration).lstrip("-") in ("P", "PT"):
        raise ModelFault(f"“{duration}”不是时长，请用形如 P3D 或 PT30M 的写法。")
    parts = {name: float(text) for name, text in found.groupdict().items() if text and name != "sign"}
    sign = -1 if found["sign"] else 1
    months = int(sign * (parts.pop("years", 0) * 12 + parts.pop("months", 0)))
    shifted = _add_months(start.astimezone(ZONE), months) if months else start
    return shifted.astimezone(UTC) + sign * timedelta(**parts)


def read_cycle(value: Any) -> Repetition:
    """``R3/PT24H`` or ``R/P1D``."""
    found = _CYCLE.fullmatch(str(value))
    if found is None:
        raise ModelFault(f"“{value}”不是重复定时，请用形如 R3/PT24H 的写法。")
    return Repetition(int(found["times"]) if found["times"] else -1, found["interval"])


def _add_months(start: datetime, months: int) -> datetime:
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
