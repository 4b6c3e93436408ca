"""The course of a matter as sentences: what happened, who did it, when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from engine.history import HistoryEvent
from web.pages import words
from web.pages.people import joined

RECENT = 6
"""How many entries of a long course are shown before the earlier ones are folded."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one person did in a step several take part in."""

    who: str
    at: datetime
    when: str
    paper: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, told as of ``at``. A step of several people (eight ballots, say) has their ``parts``.

    ``paper`` is the key of the task whose submission can be read, or None; ``note`` what was written with the act.
    """

    text: str
    tone: str
    at: datetime
    when: str
    paper: int | None
    parts: tuple[Part, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The entries, newest first: the last few, and the earlier ones."""

    recent: list[Entry]
    earlier: list[Entry]


@dataclass(frozen=True, slots=True)
class Telling:
    """How one kind of event is told: its sentence from the names of actor and element, and its tone."""

    tone: str
    sentence: Callable[[str, str], str]


TELLINGS: Mapping[str, Telling] = {
    "INSTANCE_STARTED": Telling("", lambda who, what: _("%(who)s发起了事项", who=who)),
    "INSTANCE_COMPLETED": Telling("end", lambda who, what: _("事项办完")),
    "INSTANCE_TERMINATED": Telling("end", lambda who, what: _("事项终止")),
    "INSTANCE_SUSPENDED": Telling("calm", lambda who, what: _("%(who)s暂停了事项", who=who)),
    "INSTANCE_RESUMED": Telling("calm", lambda who, what: _("%(who)s恢复了事项", who=who)),
    "TASK_CLAIMED": Telling("calm", lambda who, what: _("%(who)s认领了“%(what)s”", who=who, what=what)),
    "TASK_RELEASED": Telling("calm", lambda who, what: _("%(who)s把“%(what)s”放回本组", who=who, what=what)),
    "TASK_REASSIGNED": Telling("calm", lambda who, what: _("“%(what)s”换人办理", what=what)),
    "TASK_COMPLETED": Telling("", lambda who, what: _("%(who)s办结“%(what)s”", who=who, what=what)),
    "TASK_DELEGATED": Telling(
        "calm", lambda who, what: _("%(who)s请人代为准备“%(what)s”", who=who, what=what)
    ),
    "TASK_RESOLVED": Telling(
        "calm", lambda who, what: _("%(who)s把“%(what)s”准备好交还", who=who, what=what)
    ),
    "TASK_RECALLED": Telling("calm", lambda who, what: _("%(who)s收回了“%(what)s”", who=who, what=what)),
    "TASK_SIGNERS_ADDED": Telling(
        "calm", lambda who, what: _("%(who)s请人对“%(what)s”加签", who=who, what=what)
    ),
    "TASK_SIGNER_REMOVED": Telling(
        "calm", lambda who, what: _("%(who)s减去“%(what)s”的一份加签", who=who, what=what)
    ),
    "TASK_SIGNED": Telling("", lambda who, what: _("%(who)s签署“%(what)s”的意见", who=who, what=what)),
    "TASK_RETURNED": Telling("", lambda who, what: _("%(who)s从“%(what)s”退回", who=who, what=what)),
    "TASK_TAKEN_BACK": Telling("", lambda who, what: _("%(who)s撤回了“%(what)s”", who=who, what=what)),
    "TASK_URGED": Telling("calm", lambda who, what: _("%(who)s催办“%(what)s”", who=who, what=what)),
    "MATTER_COPIED": Telling("calm", lambda who, what: _("%(who)s抄送了事项", who=who)),
    "FILE_ADDED": Telling("calm", lambda who, what: _("%(who)s添加了附件", who=who)),
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
"""Kinds of events people want to read about; the others are for machines, and comments have a place of their own."""

OF_THE_MATTER = (
    "INSTANCE_STARTED",
    "INSTANCE_COMPLETED",
    "INSTANCE_TERMINATED",
    "MATTER_COPIED",
    "FILE_ADDED",
)
"""Kinds that tell of the whole matter; the others are told only of elements that have a name."""

PAPERS = ("TASK_COMPLETED", "TASK_SIGNED")
"""Kinds by which somebody has handed something in."""

NOTES = ("reason", "note", "name")
"""What people wrote with an act, by its name in the event: shown below it."""


def course(events: Iterable[HistoryEvent], readable: set[int], now: datetime) -> Course:
    """The events people want to read, what belongs together told once; ``readable`` are tasks that left a paper."""
    entries = [_entry(run, readable, now) for run in _runs(events)]
    entries.sort(key=lambda entry: entry.at)  # stable: what happened at one instant keeps its order
    entries.reverse()
    recent = RECENT if len(entries) > RECENT + 1 else len(entries)  # never fold away a single one
    return Course(entries[:recent], entries[recent:])


def _runs(events: Iterable[HistoryEvent]) -> Iterator[list[HistoryEvent]]:
    """Events of one kind at one element, within one round of it."""
    rounds = _Rounds()
    runs: dict[object, list[HistoryEvent]] = {}
    for event in events:
        mark = rounds.of(event)
        if event.kind in TELLINGS and (event.element_name or event.kind in OF_THE_MATTER):
            runs.setdefault((event.kind, event.element_id, mark), []).append(event)
    return iter(runs.values())


@dataclass(slots=True)
class _Rounds:
    """Which round of its step an event belongs to.

    Tasks of one step that were open together (one for each seat) are a round; a task made after one of them
    was done begins the next. Whatever else happens belongs to the round that began last.
    """

    number: int = 0
    open: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)

    def of(self, event: HistoryEvent) -> int:
        task = event.data.get("task") if event.kind.startswith("TASK_") else None
        if task is None:
            return self.number
        if event.kind == "TASK_CREATED":
            if event.element_id not in self.open:
                self.number += 1
                self.open[event.element_id] = self.number
            self.tasks[task] = self.open[event.element_id]
        elif event.kind in ("TASK_COMPLETED", "TASK_CANCELED"):
            self.open.pop(event.element_id, None)
        return self.tasks.get(task, self.number)


def _entry(run: list[HistoryEvent], readable: set[int], now: datetime) -> Entry:
    first, last = run[0], run[-1]
    telling = TELLINGS[first.kind]
    parts = tuple(_part(event, readable, now) for event in run)
    who = list(dict.fromkeys(part.who for part in parts))
    text = telling.sentence(joined(who), first.element_name)
    several = first.kind in PAPERS and len(parts) > 1
    return Entry(
        text=text if several or len(parts) == 1 else _("%(text)s（%(n)d 次）", text=text, n=len(parts)),
        tone=telling.tone,
        at=last.at,
        when=_span(parts[0].when, parts[-1].when),
        paper=None if several else parts[0].paper,
        parts=parts if several else (),
        note="；".join(dict.fromkeys(filter(None, map(_note, run)))),
    )


def _note(event: HistoryEvent) -> str:
    told = event.kind not in PAPERS
    return next((str(event.data[name]) for name in NOTES if told and event.data.get(name)), "")


def _span(first: str, last: str) -> str:
    return first if first == last else _("%(first)s 至 %(last)s", first=first, last=last)


def _part(event: HistoryEvent, readable: set[int], now: datetime) -> Part:
    task = int(event.data["task"]) if event.kind in PAPERS else None
    paper = task if task in readable else None
    return Part(event.actor_name, event.at, words.moment(event.at, now), paper)
