"""Where a matter stands: its open tasks, those of one kind (eight ballots, say) told as one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from flask_babel import gettext as _

from engine import duties, rosters
from engine.runtime import Work
from engine.user_tasks import UserTask
from web.pages import context, words
from web.pages.cards import due_of
from web.pages.people import Names, joined
from workflows.moments import local_date
from workflows.organisation import store


@dataclass(frozen=True, slots=True)
class Step:
    """A step that somebody has to do, in one task or several. ``open``: the reader may open the task ``key``.

    In demo mode ``stand_in`` is somebody else who may do it, whom the visitor can become at one click.
    """

    key: int
    tasks: list[int]
    name: str
    who: str
    due: words.Due
    open: bool
    stand_in: str | None


def steps(work: Work, tasks: Sequence[UserTask]) -> list[Step]:
    """The open steps of a matter in the order they came."""
    names = Names(work.connection, tasks)
    together: dict[tuple[str, int | None], list[UserTask]] = {}
    for task in tasks:
        together.setdefault((task.element_id, task.signs_for), []).append(task)
    return [_step(work, group, names) for group in together.values()]


def _step(work: Work, group: Sequence[UserTask], names: Names) -> Step:
    mine = next((task for task in group if concerns(work, task)), None)
    first = mine or group[0]
    who = _asked(work, first) if first.is_roster else joined(list(dict.fromkeys(map(names.who, group))))
    dues = [task.due_at for task in group if task.due_at]
    stand_in = None if mine or not context.product().settings.demo else _someone(work, first)
    keys, due = [task.key for task in group], due_of(min(dues, default=None))
    return Step(first.key, keys, first.name, who, due, mine is not None, stand_in)


def _asked(work: Work, task: UserTask) -> str:
    asked, answered = rosters.progress(work, task.key)
    return _("共 %(asked)d 人，已交 %(answered)d 份", asked=asked, answered=answered)


def _someone(work: Work, task: UserTask) -> str | None:
    """Who has the task, or the first of those who may take it and have not done what must be kept apart from it."""
    if task.is_roster:
        return next(iter(rosters.still_asked(work, task.key)), None)
    today = local_date(work.now)
    of_groups = (store.members(work.connection, group, today) for group in task.candidate_groups)
    able = [*([task.assignee] if task.assignee else task.candidate_users), *chain.from_iterable(of_groups)]
    return next((one for one in able if not duties.is_barred(work, task, one)), None)


def concerns(work: Work, task: UserTask) -> bool:
    """Whether the task waits for the actor: theirs, free for them to claim, or asked of them among others."""
    if task.is_roster:
        return work.actor.id in rosters.still_asked(work, task.key)
    if task.assignee:
        return task.assignee == work.actor.id
    able = not work.actor.principals.isdisjoint([*task.candidate_users, *task.candidate_groups])
    return able and not duties.is_barred(work, task, work.actor.id)
