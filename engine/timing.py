"""Instants, waits and repetitions as timers and due dates give them (ISO 8601 and FEEL text)."""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.errors import ModelFault
from engine.expressions import ZONE
from engine.interpreter.model import TimerKind

SHORTEST_INTERVAL = timedelta(seconds=1)

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_CYCLE = re.compile(r"R(?P<times>\d*)/(?:(?P<start>\d[^/]*)/)?(?P<interval>P.+)")


@dataclass(frozen=True, slots=True)
class Repetition:
    """A cycle: how often in all (``-1``: without end), how long between, and since when.

    With ``start`` (``R/2026-06-20T09:00:00/P6M``) the occurrences are counted from that instant, so that a
    monthly one on the 31st comes back to the 31st.
    """

    times: int
    interval: str
    start: str | None = None

    @property
    def text(self) -> str:
        """What is kept of it in rows, beside the number of times: start and interval."""
        return self.interval if self.start is None else f"{self.start}/{self.interval}"

    def following(self, due: datetime, past: datetime) -> datetime:
        """The first occurrence after ``due`` and after ``past``."""
        origin = due if self.start is None else read_instant(self.start)
        return _occurrence(origin, self.interval, _passed(origin, self.interval, max(due, past)))


@dataclass(frozen=True, slots=True)
class Plan:
    """When a timer is due, and what of its repetition is still to come after that."""

    due_at: datetime
    repetitions: int = 0
    cycle: str | None = None


def plan(kind: TimerKind, value: Any, now: datetime) -> Plan:
    """The first due instant of a timer that begins to wait now.

    Occurrences of a cycle before ``now`` are past and count as done.
    """
    if kind is TimerKind.DATE:
        return Plan(read_instant(value))
    if kind is TimerKind.DURATION:
        return Plan(after(now, value))
    cycle = read_cycle(value)
    if cycle.start is None:
        return Plan(after(now, cycle.interval), max(cycle.times - 1, -1), cycle.text)
    origin = read_instant(cycle.start)
    done = _passed(origin, cycle.interval, now - timedelta(microseconds=1))
    if 0 <= cycle.times <= done:
        raise ModelFault(f"重复定时“{value}”的最后一次已经过去，请改写起始时间或次数。")
    return Plan(_occurrence(origin, cycle.interval, done), max(cycle.times - done - 1, -1), cycle.text)


def next_plan(last: Plan, now: datetime) -> Plan | None:
    """After a timer has fired: its next occurrence, or ``None``.

    What came due while nobody was awake: a counted cycle catches up one by one, for the model says how many
    there shall be; an endless one happens once for all that were missed.
    """
    if last.cycle is None or last.repetitions == 0:
        return None
    endless = last.repetitions < 0
    cycle = read_cycle(f"R{'' if endless else last.repetitions}/{last.cycle}")
    due = cycle.following(last.due_at, now if endless else last.due_at)
    return Plan(due, -1 if endless else last.repetitions - 1, last.cycle)


def read_instant(value: Any) -> datetime:
    """A date or date-and-time text as an instant in UTC; without a zone Shanghai time is meant."""
    text, _, zone = str(value).partition("@")
    try:
        instant = datetime.fromisoformat(text)
        place = ZoneInfo(zone) if zone else ZONE
    except (ValueError, ZoneInfoNotFoundError) as fault:
        raise ModelFault(f"“{value}”不是时间，请用形如 2026-11-22T09:00:00 的写法。") from fault
    return (instant if instant.tzinfo else instant.replace(tzinfo=place)).astimezone(UTC)


def after(start: datetime, duration: Any, times: int = 1) -> datetime:
    """``start`` plus an ISO duration; months are counted in Shanghai, to the same day or the month's last."""
    found = _DURATION.fullmatch(str(duration))
    if found is None or str(duration).lstrip("-") in ("P", "PT"):
        raise ModelFault(f"“{duration}”不是时长，请用形如 P3D 或 PT30M 的写法。")
    parts = {name: float(text) for name, text in found.groupdict().items() if text and name != "sign"}
    sign = (-1 if found["sign"] else 1) * times
    months = int(sign * (parts.pop("years", 0) * 12 + parts.pop("months", 0)))
    try:
        shifted = _add_months(start.astimezone(ZONE), months) if months else start
        return shifted.astimezone(UTC) + sign * timedelta(**parts)
    except (OverflowError, ValueError) as fault:
        raise ModelFault(f"时长“{duration}”太长，请改短。") from fault


def read_cycle(value: Any) -> Repetition:
    """``R3/PT24H``, ``R/P1D`` or, since a given instant, ``R/2026-06-20T09:00:00/P6M``."""
    found = _CYCLE.fullmatch(str(value))
    if found is None:
        raise ModelFault(f"“{value}”不是重复定时，请用形如 R3/PT24H 的写法。")
    _refuse_standstill(found["interval"])
    return Repetition(
        int(found["times"]) if found["times"] else -1, found["interval"], found["start"] or None
    )


def _refuse_standstill(interval: str) -> None:
    """Between two occurrences time must pass."""
    epoch = datetime(2026, 1, 1, tzinfo=UTC)
    if after(epoch, interval) < epoch + SHORTEST_INTERVAL:
        raise ModelFault(f"重复定时的间隔“{interval}”太短，至少要一秒。")


def _occurrence(origin: datetime, interval: str, index: int) -> datetime:
    """Occurrences are counted from 0, which is the origin itself."""
    return after(origin, interval, index)


def _passed(origin: datetime, interval: str, until: datetime) -> int:
    """How many occurrences there are up to and including ``until``."""
    if until < origin:
        return 0
    high = 1
    while _occurrence(origin, interval, high) <= until:
        high *= 2
    return bisect_right(range(high), until, key=lambda index: _occurrence(origin, interval, index))


def _add_months(start: datetime, months: int) -> datetime:
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
