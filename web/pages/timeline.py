"""The course of a matter as sentences: what happened, who did it, when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _

from engine.history import HistoryEvent
from web.pages import context, words


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``paper`` is the key of the task whose submission can be read, or None."""

    text: str
    tone: str
    at: datetime
    when: str
    paper: int | None


@dataclass(frozen=True, slots=True)
class Telling:
    """How one kind of event is told: its sentence from the names of actor and element, and its tone."""

    tone: str
    sentence: Callable[[str, str], str]


TELLINGS: Mapping[str, Telling] = {
    "INSTANCE_STARTED": Telling("", lambda who, what: _("%(who)s发起了事项", who=who)),
    "INSTANCE_COMPLETED": Telling("end", lambda who, what: _("事项办完")),
    "INSTANCE_TERMINATED": Telling("end", lambda who, what: _("事项终止")),
    "TASK_CLAIMED": Telling("calm", lambda who, what: _("%(who)s认领了“%(what)s”", who=who, what=what)),
    "TASK_RELEASED": Telling("calm", lambda who, what: _("%(who)s退回了“%(what)s”", who=who, what=what)),
    "TASK_REASSIGNED": Telling("calm", lambda who, what: _("“%(what)s”换人办理", what=what)),
    "TASK_COMPLETED": Telling("", lambda who, what: _("%(who)s办结“%(what)s”", who=who, what=what)),
    "TASK_CANCELED": Telling("calm", lambda who, what: _("“%(what)s”不再需要办理", what=what)),
    "TIMER_FIRED": Telling("calm", lambda who, what: _("到时：%(what)s", what=what)),
    "MESSAGE_CORRELATED": Telling("", lambda who, what: _("收到：%(what)s", what=what)),
    "MESSAGE_PUBLISHED": Telling("calm", lambda who, what: _("送出：%(what)s", what=what)),
    "SERVICE_DONE": Telling("calm", lambda who, what: _("系统完成：%(what)s", what=what)),
    "DECISION_EVALUATED": Telling("calm", lambda who, what: _("按规则判定：%(what)s", what=what)),
    "INCIDENT_RAISED": Telling(
        "wrong", lambda who, what: _("“%(what)s”遇到技术问题，等待管理员处理", what=what)
    ),
    "INCIDENT_RESOLVED": Telling("calm", lambda who, what: _("“%(what)s”的技术问题已处理", what=what)),
}
"""Kinds of events people want to read about; the others are for machines."""


def entries(events: Iterable[HistoryEvent], readable: set[int]) -> list[Entry]:
    """The events people want to read, in order; ``readable`` are tasks that left a paper.

    What the system did several times in one minute (eight reminders, say) is told once.
    """
    told: dict[object, Entry] = {}
    times: Counter[object] = Counter()
    for number, entry in enumerate(_told(events, readable)):
        same = (entry.text, entry.when) if entry.tone == "calm" else number
        told.setdefault(same, entry)
        times[same] += 1
    return [_repeated(entry, times[same]) for same, entry in told.items()]


def _repeated(entry: Entry, times: int) -> Entry:
    if times == 1:
        return entry
    return replace(entry, text=_("%(text)s（%(n)d 次）", text=entry.text, n=times))


def _told(events: Iterable[HistoryEvent], readable: set[int]) -> Iterator[Entry]:
    now = context.now()
    for event in events:
        telling = TELLINGS.get(event.kind)
        if telling is None or (
            event.element_id and not event.element_name and not event.kind.startswith("INSTANCE")
        ):
            continue
        task = int(event.data["task"]) if event.kind == "TASK_COMPLETED" else None
        yield Entry(
            text=telling.sentence(event.actor_name, event.element_name),
            tone=telling.tone,
            at=event.at,
            when=words.moment(event.at, now),
            paper=task if task in readable else None,
        )
