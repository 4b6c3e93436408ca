"""Instants and states in the words people use. Times are shown in Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

SHANGHAI = ZoneInfo("Asia/Shanghai")

WorkingDays = Callable[[date, date], int]
"""How many working days lie after the first date, up to and including the second."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words. ``tone`` is late (red card), soon (yellow card) or calm; ``group`` sorts a list.

    ``until`` is the instant itself, empty where the text says it already.
    """

    text: str
    tone: str
    group: str
    until: str = ""


NO_DUE = Due("", "calm", "open")


def due(at: datetime | None, now: datetime, working_days: WorkingDays) -> Due:
    """Say how much time is left until ``at``, in working days once it is more than a day."""
    if at is None:
        return NO_DUE
    here, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    until = _("%(when)s 截止", when=moment(at, now))
    if at <= now:
        return Due(_overdue(now - at), "late", "late", until)
    clock = f"{here:%H:%M}"
    if here.date() == today:
        return Due(_("今天 %(clock)s 前", clock=clock), "soon", "today")
    left = working_days(today, here.date())
    if here.date() == today + timedelta(days=1):
        return Due(_("明天 %(clock)s 前", clock=clock), "soon", "week")
    group = "week" if (here.date() - today).days < 7 else "later"
    if left == 0:
        return Due(_("还剩 %(days)d 天", days=(here.date() - today).days), "soon", group, until)
    return Due(_("还剩 %(days)d 个工作日", days=left), "soon" if left == 1 else "calm", group, until)


def _overdue(late: timedelta) -> str:
    if late >= timedelta(days=1):
        return _("已超期 %(days)d 天", days=late.days)
    if late >= timedelta(hours=1):
        return _("已超期 %(hours)d 小时", hours=int(late / timedelta(hours=1)))
    return _("刚刚超期")


def moment(at: datetime, now: datetime) -> str:
    """``今天 09:30``, ``11月20日 09:30``, with the year when it is not this one."""
    here, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    clock = f"{here:%H:%M}"
    if here.date() == today:
        return _("今天 %(clock)s", clock=clock)
    if here.date() == today - timedelta(days=1):
        return _("昨天 %(clock)s", clock=clock)
    return f"{day(here.date(), today)} {clock}"


def day(on: date, today: date) -> str:
    """``11月20日``, or ``2025年11月20日`` in another year."""
    words = _("%(month)d月%(day)d日", month=on.month, day=on.day)
    return words if on.year == today.year else _("%(year)d年", year=on.year) + words


def date_in_full(at: datetime) -> str:
    """``2026年11月20日``, as a paper is dated that will be read in other years."""
    here = at.astimezone(SHANGHAI)
    return _("%(year)d年%(month)d月%(day)d日", year=here.year, month=here.month, day=here.day)


def days_left(until: datetime, now: datetime) -> str:
    """For the notice board: a posted paper counts in natural days."""
    left = (until.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days
    if until <= now:
        return _("公示期已满")
    return _("今天期满") if left == 0 else _("还剩 %(days)d 天", days=left)
