"""Functions of dates and of the clock, and ``is`` (DMN 1.5, tables 77, 81 and 82)."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.border import from_python
from engine.feel.builtins.table import builtin
from engine.feel.operators import equal
from engine.feel.runtime import Run
from engine.feel.temporal import Date, DateTime, Time
from engine.feel.values import Value

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def _date(day: Date | DateTime) -> Date:
    return day.date if isinstance(day, DateTime) else day


@builtin("now(): date and time", needs_run=True)
def now(run: Run) -> DateTime:
    """The instant the expression is evaluated at, as the caller gives it."""
    if run.now is None:
        raise ValueError("没有给出当前时间")
    moment: DateTime = from_python(run.now)
    return moment


@builtin("today(): date", needs_run=True)
def today(run: Run) -> Date:
    """The day the expression is evaluated on, in the zone of the instant the caller gives."""
    return now(run).date


@builtin("day of year(date: day): number")
def day_of_year(day: Date | DateTime) -> Decimal:
    """1 to 366."""
    return Decimal(_date(day).day_of_year)


@builtin("day of week(date: day): string")
def day_of_week(day: Date | DateTime) -> str:
    """Monday to Sunday, by its English name."""
    return _DAYS[_date(day).weekday - 1]


@builtin("month of year(date: day): string")
def month_of_year(day: Date | DateTime) -> str:
    """January to December, by its English name."""
    return _MONTHS[_date(day).month - 1]


@builtin("week of year(date: day): number")
def week_of_year(day: Date | DateTime) -> Decimal:
    """1 to 53, by ISO 8601."""
    return Decimal(_date(day).week_of_year)


@builtin("is(value1?: Any, value2?: Any): boolean", needs_run=True)
def is_same(run: Run, left: Value = None, right: Value = None) -> bool:
    """Whether both are the very same value: times count as such only in the same zone."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (Time, DateTime)):
        return str(left) == str(right)
    return equal(left, right, run) is True
