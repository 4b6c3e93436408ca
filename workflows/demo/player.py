"""Plays one matter of the demonstration with the real engine: every step is done by somebody entitled to it."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

from engine import instances, messages, rosters, timers, user_tasks, worker
from engine.runtime import Actor, Engine, Work
from engine.user_tasks import UserTask
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.calendar.model import Unit
from workflows.moments import SHANGHAI, local_date
from workflows.organisation import store as organisation
from workflows.organisation.options import seat_table
from workflows.reviews import options as review_options

BEFORE_AND_AFTER = ("整改前.png", "整改后.png")

Matter = Mapping[str, Any]
Files = Mapping[str, Sequence[str]]
Keep = Callable[[Work, int, str], Mapping[str, Any]]
"""Keeps a sample file for a matter (its instance key) under a name, and gives the reference forms store."""


def no_file(_work: Work, _instance_key: int, name: str) -> Mapping[str, Any]:
    """A reference without a file behind it, where the caller stores none."""
    return {"id": f"demo-{name}", "name": name, "size": 0, "type": mimetypes.guess_type(name)[0]}


class StoryClock:
    """A clock that each matter of the story sets back to its own beginning."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)


class Player:
    """Plays one matter, never beyond the present."""

    def __init__(
        self,
        engine: Engine,
        clock: StoryClock,
        community: str,
        matter: Matter,
        keep: Keep,
        present: datetime,
    ) -> None:
        self.matter = matter
        self.key = 0
        self._community = community
        self._keep = keep
        self._present = present
        self._first_day = local_date(present) - timedelta(days=int(matter["days_ago"]))
        self._engine = engine
        self._clock = clock
        self._actors: dict[str, Actor] = {}
        self._begin(self.moment(0, "08:30"))

    def claim(self, step: str) -> None:
        """Somebody takes the step upon them."""
        task = self._task(step)
        with self._engine.work(self._doer(task), self._community) as work:
            user_tasks.claim(work, task.key)

    def start(self, process: str, step: str, data: Mapping[str, Any], files: Files | None = None) -> None:
        """The initiator starts the matter and hands its first step in."""
        self.begin(process)
        self.do(step, data, files)

    def begin(self, process: str) -> None:
        """The initiator starts the matter."""
        with self._engine.work(self._actor(self.matter["initiator"]), self._community) as work:
            self.key = instances.start(work, process, {})

    def do(
        self, step: str, data: Mapping[str, Any], files: Files | None = None, by: str | None = None
    ) -> None:
        """Whoever has to do the step does it, or the person named; ``files`` are the samples of each file field."""
        task = self._task(step)
        self._complete(task, self._actor(by) if by else self._doer(task), data, files or {})

    def do_each(self, step: str, given: Callable[[Mapping[str, Any]], Mapping[str, Any] | None]) -> None:
        """Everybody who has the step answers; who is given nothing to answer leaves it open."""
        with self._engine.work(Actor.system(), self._community) as work:
            for task in self._open(work, step):
                work.actor = self._doer(task)
                data = given(user_tasks.context(work, task.key))
                if data is not None:
                    user_tasks.complete(work, task.key, data)

    def ask_all(self, step: str, data: Mapping[str, Any], many: int | None = None) -> None:
        """So many of those on the roster of a step answer it, or all of them."""
        for task in self.tasks(step):
            with self._engine.look(Actor.system(), self._community) as work:
                asked = rosters.still_asked(work, task.key)
            for person in asked[:many]:
                self._complete(task, self._actor(person), data, {})

    def panel_members(self, task: UserTask) -> list[dict[str, Any]]:
        """The members of the panel a sign-in is for."""
        with self._engine.look(Actor.system(), self._community) as work:
            seen = user_tasks.context(work, task.key)
            found: list[dict[str, Any]] = review_options.options(work.connection, self._community, seen)[
                "panel_members"
            ]
        return found

    def tasks(self, step: str) -> list[UserTask]:
        """The matter's open tasks of a step."""
        with self._engine.look(Actor.system(), self._community) as work:
            return self._open(work, step)

    def variables(self) -> dict[str, Any]:
        """What the matter holds."""
        with self._engine.look(Actor.system(), self._community) as work:
            return instances.variables(work, self.key)

    def seat_table(self, body: str) -> list[dict[str, Any]]:
        """The seats of the body with those who hold them."""
        with self._engine.store.snapshot() as connection:
            return seat_table(connection, body)

    def tell(self, message: str, person: str, data: Mapping[str, Any]) -> None:
        """A person sends the matter a message."""
        number = str(self.variables()["matter_no"])
        with self._engine.work(self._actor(person), self._community) as work:
            messages.publish(work, message, number, data)

    @contextmanager
    def caused(self, process: str) -> Iterator[None]:
        """Go on with the matter of another process that this one has caused."""
        mine, number = self.key, self.variables()["matter_no"]
        with self._engine.look(Actor.system(), self._community) as work:
            (self.key,) = (
                one.key
                for one in instances.find(work, state="ACTIVE")
                if one.process_id == process and instances.variables(work, one.key)["source_no"] == number
            )
        yield
        self.key = mine

    def moment(self, days: int, clock: str) -> datetime:
        """A moment counted from the day the matter began."""
        day = self._first_day + timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), SHANGHAI)

    def now(self) -> datetime:
        """The matter's present."""
        return self._clock.now()

    def is_short_notice(self, meeting: datetime) -> bool:
        """Whether fewer than three working days are left before a meeting."""
        with self._engine.store.snapshot() as connection:
            earliest = calendar_rules.due_at(calendar.load(connection), self.now(), 3, Unit.WORK_DAY)
        return meeting < earliest

    def _open(self, work: Work, step: str) -> list[UserTask]:
        return [one for one in user_tasks.of_instance(work, self.key) if one.element_id == step]

    def _task(self, step: str) -> UserTask:
        tasks = self.tasks(step)
        if not tasks:
            raise LookupError(f"《{self.variables().get('title')}》没有走到“{step}”这一步。")
        return tasks[0]

    def _complete(self, task: UserTask, doer: Actor, data: Mapping[str, Any], files: Files) -> None:
        with self._engine.work(doer, self._community) as work:
            kept = {
                field: [self._keep(work, task.instance_key, name) for name in names]
                for field, names in files.items()
            }
            user_tasks.complete(work, task.key, {**data, **kept})

    def _doer(self, task: UserTask) -> Actor:
        return self._actor(task.assignee or next(self._candidates(task)))

    def _candidates(self, task: UserTask) -> Iterator[str]:
        yield from task.candidate_users
        with self._engine.store.snapshot() as connection:
            for group in task.candidate_groups:
                yield from organisation.members(connection, group, local_date(self._clock.now()))

    def _actor(self, person: str) -> Actor:
        if person not in self._actors:
            with self._engine.store.snapshot() as connection:
                name = organisation.require_person(connection, person).name
                principals = organisation.principals(connection, person, local_date(self._clock.now()))
            self._actors[person] = Actor(person, name, principals)
        return self._actors[person]

    def wait_until(self, moment: datetime) -> None:
        """Time passes, and what comes due meanwhile happens when it is due; never beyond the present."""
        goal = min(moment, self._present)
        while (due := self._next_due()) is not None and due <= goal:
            self._clock.moment = max(due, self._clock.moment)
            if not worker.run_due(self._engine, self._community):
                break  # another community's timer: not this story's
        self._clock.moment = goal

    def _begin(self, moment: datetime) -> None:
        """Set the clock back to the beginning, or let the time since the matter before pass."""
        if self._clock.moment > moment:
            self._clock.moment = moment
        self.wait_until(moment)

    def _next_due(self) -> datetime | None:
        with self._engine.store.snapshot() as connection:
            return timers.next_due(connection)
