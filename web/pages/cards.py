"""What a page shows of a task or a matter: the engine's facts in people's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from engine.instances import ProcessInstance
from engine.user_tasks import UserTask
from web.pages import context, words
from workflows.calendar.rules import is_working_day


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task in a list or at the head of its page.

    ``title`` is the matter's, empty until it has one; ``when`` is when the task came, or when it was done;
    ``note`` says the one instant that matters in a list: until when, or when it came or was done.
    """

    key: int
    instance_key: int
    name: str
    title: str
    process_name: str
    matter_no: str
    started_by_name: str
    when: str
    note: str
    due: words.Due


@dataclass(frozen=True, slots=True)
class MatterCard:
    """A matter in a list or at the head of its page. ``ended`` names the end it came to, empty while it runs."""

    key: int
    title: str
    process_name: str
    matter_no: str
    started_by_name: str
    when: str
    stage: str
    tone: str
    ended: str
    ended_when: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Guide:
    """What the model says about a step: what to do, and on which law, standard or rule it rests."""

    what: str
    basis: str


BASIS = "依据："


def task_card(task: UserTask) -> TaskCard:
    """The facts of a task; a task that is done shows when, one that is open until when."""
    now = context.now()
    done = task.state != "CREATED"
    when = words.moment(task.completed_at or task.created_at, now)
    due = words.NO_DUE if done else words.due(task.due_at, now, working_days)
    return TaskCard(
        key=task.key,
        instance_key=task.instance_key,
        name=task.name,
        title="" if task.instance_title == task.process_name else task.instance_title,
        process_name=task.process_name,
        matter_no=task.matter_no,
        started_by_name=task.started_by_name,
        when=when,
        note=_("%(when)s 办结", when=when)
        if done
        else due.until or ("" if due.text else _("%(when)s 收到", when=when)),
        due=due,
    )


def matter_card(instance: ProcessInstance) -> MatterCard:
    """The facts of a matter."""
    now = context.now()
    states: Mapping[str, tuple[str, str]] = {
        "ACTIVE": (_("办理中"), "soon"),
        "COMPLETED": (instance.end_event_name or _("已办结"), "done"),
        "TERMINATED": (instance.end_event_name or _("已终止"), "calm"),
    }
    stage, tone = (_("已暂停"), "calm") if instance.suspended_at else states[instance.state]
    ended = instance.ended_at
    return MatterCard(
        key=instance.key,
        title=instance.title or instance.process_name,
        process_name=instance.process_name,
        matter_no=instance.matter_no,
        started_by_name=instance.started_by_name,
        when=words.moment(instance.started_at, now),
        stage=stage,
        tone=tone,
        ended=stage if ended else "",
        ended_when=words.moment(ended, now) if ended else "",
        mine=instance.started_by == context.me().id,
    )


def guide(documentation: str | None) -> Guide:
    """Split a step's documentation: from 依据 on it is the basis."""
    what, mark, basis = (documentation or "").strip().partition(BASIS)
    return Guide(what.strip(), mark + basis.strip())


def working_days(start: date, end: date) -> int:
    """Working days after ``start``, up to and including ``end``, by the calendar in force."""
    calendar = context.product().calendar()
    days = (date.fromordinal(n) for n in range(start.toordinal() + 1, end.toordinal() + 1))
    return sum(is_working_day(calendar, day) for day in days)


def due_of(at: datetime | None) -> words.Due:
    """A deadline in words, by the present and the calendar in force."""
    return words.due(at, context.now(), working_days)
