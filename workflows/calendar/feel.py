"""The calendar in expressions: ``工作日后(now(), 3)``. Results are date and time values in China's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from engine.registry import Registry
from engine.timing import read_instant
from workflows.calendar import rules
from workflows.calendar.model import Calendar, Unit

AFTER = {
    "工作日后": Unit.WORK_DAY,
    "自然日后": Unit.NATURAL_DAY,
    "工作时后": Unit.WORK_HOUR,
}


def register(registry: Registry, calendar: Callable[[], Calendar]) -> None:
    """Make the functions known; ``calendar`` gives the calendar that holds when one of them is called."""
    for name, unit in AFTER.items():
        registry.feel(name, ("开始", "数量: number"))(_after(calendar, unit))
    registry.feel("时限后", ("开始", "数量: number", "单位: string"))(_period(calendar))
    registry.feel("工作日前", ("时刻", "数量: number"))(_before(calendar))
    registry.feel("剩余工作日", ("时刻", "到期"))(_remaining(calendar))


def _after(calendar: Callable[[], Calendar], unit: Unit) -> Callable[[object, rules.Amount], datetime]:
    def after(start: object, value: rules.Amount) -> datetime:
        return rules.due_at(calendar(), read_instant(start), value, unit)

    return after


def _period(calendar: Callable[[], Calendar]) -> Callable[[object, rules.Amount, str], datetime]:
    def after(start: object, value: rules.Amount, unit: str) -> datetime:
        return rules.due_at(calendar(), read_instant(start), value, unit)

    return after


def _remaining(calendar: Callable[[], Calendar]) -> Callable[[object, object], int]:
    def remaining(moment: object, due: object) -> int:
        return rules.remaining_working_days(calendar(), read_instant(moment), read_instant(due))

    return remaining


def _before(calendar: Callable[[], Calendar]) -> Callable[[object, rules.Amount], datetime]:
    def before(end: object, days: rules.Amount) -> datetime:
        return rules.working_days_before(calendar(), read_instant(end), days)

    return before
