"""Doing tasks, letting time pass and looking: the way from a specification to the running product.

Everything goes the way of the product: the real engine, the real form of a task with its own defaults, the real
tables. Only the clock is set by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine import history, incidents, instances, messages, user_tasks, worker, worklist
from engine.clock import VirtualClock
from engine.errors import FormInvalid, Refusal
from engine.runtime import Actor, Work
from engine.store import tables
from engine.user_tasks import UserTask
from features.community import COMMUNITY, NAMES, PEOPLE
from features.papers import Answers, defaults
from web.forms import FormState
from web.wiring import Product
from workflows.moments import SHANGHAI
from workflows.notices import store as notices
from workflows.notices.model import NoticeKind, Notification, PublicNotice

Fill = Answers | Callable[[dict[str, Any]], Answers]
"""Answers, or what makes them from the form as it first shows."""


class Desk:
    """One installation with one matter in hand.

    ``refusal`` is what the product last refused and why. ``reached`` names the stage the scenario is at, as long as
    it has done nothing of its own (:mod:`features.stages`).
    """

    def __init__(self, product: Product, clock: VirtualClock) -> None:
        self.product = product
        self.engine = product.engine
        self.clock = clock
        self.matter = 0
        self.refusal: Refusal | None = None
        self.reached: Hashable | None = None

    # -- time ----------------------------------------------------------------------------------------

    def wait_until(self, moment: str | datetime) -> None:
        """Let time pass; whatever comes due on the way happens at its own hour."""
        target = local(moment) if isinstance(moment, str) else moment
        while (due := self._next_due()) is not None and due <= target:
            self.clock.set(max(due, self.clock.now()))
            assert worker.run_due(self.engine), "到期的定时没有触发"
        self.clock.set(target)

    def let_pass(self, minutes: int) -> None:
        self.wait_until(self.clock.now() + timedelta(minutes=minutes))

    def _next_due(self) -> datetime | None:
        with self.engine.store.snapshot() as connection:
            return worker.next_due(connection, self.clock.now())

    # -- acting --------------------------------------------------------------------------------------

    def person(self, name: str) -> str:
        """The id of somebody the scenarios know by name."""
        return PEOPLE[name]

    def actor(self, name: str) -> Actor:
        """The person with every seat and post they hold now."""
        found = self.product.actor(self.person(name))
        assert found is not None, f"{name}不在组织里"
        return found

    def work(self, name: str) -> AbstractContextManager[Work]:
        """A writing transaction of a person."""
        self.reached = None
        return self.engine.work(self.actor(name), COMMUNITY)

    def act(self, name: str, element: str, answers: Fill | None = None) -> None:
        """Let a person do the open step of that element, which must wait in their own list."""
        with self.work(name) as work:
            task = self._waiting_for(work, name, element)
            _complete(work, task, self.paper(work, task, answers))

    def submit(self, name: str, task: UserTask, answers: Fill | None = None) -> None:
        """Let a person hand in a certain task, whether it is theirs or not, still open or not."""
        with self.look() as work:
            paper = self.paper(work, task, answers)
        with self.work(name) as work:
            _complete(work, task, paper)

    def each(self, element: str, answers: Fill | None = None) -> None:
        """Let everybody who still has that step do it."""
        for name in [NAMES[task.assignee or ""] for task in self.open_tasks(element)]:
            self.act(name, element, answers)

    def paper(self, work: Work, task: UserTask, answers: Fill | None) -> FormState:
        """A form as it first shows, with the usual answers and then the given ones written over it."""
        still_open = user_tasks.get(work, task.key).state == "CREATED"
        visible = user_tasks.context(work, task.key) if still_open else {}
        context = {**self.product.offered(work.connection, visible), **visible}
        shown = self.product.forms.of_task(work, task).open(context, now=work.now)
        given = answers(shown.draft()) if callable(answers) else answers or {}
        return replace(shown, raw={**shown.raw, **defaults(task.element_id), **given})

    def publish(self, message: str, payload: Mapping[str, Any], *, by: str) -> int:
        """Send a message about the matter, as the pages do when a person asks for it; returns whom it reached."""
        number = self.instance().matter_no
        with self.work(by) as work:
            return messages.publish(work, message, number, payload)

    @contextmanager
    def trying(self) -> Iterator[None]:
        """What is done here may be refused; the next sentence has to say whether it was."""
        self.look_at_refusal()
        try:
            yield
        except Refusal as refused:
            self.refusal = refused

    @contextmanager
    def elsewhere(self, process: str) -> Iterator[None]:
        """The matter of another process that this one caused."""
        mine, number = self.matter, self.instance().matter_no
        with self.look() as work:
            (self.matter,) = (
                one.key
                for one in instances.find(work)
                if one.process_id == process and instances.variables(work, one.key)["source_no"] == number
            )
        yield
        self.matter = mine

    def look_at_refusal(self) -> str:
        """What was refused last, with all sentences beside the fields; empty when nothing was."""
        refused, self.refusal = self.refusal, None
        sentences = (
            [s for said in refused.errors.values() for s in said] if isinstance(refused, FormInvalid) else []
        )
        return "\n".join([*([str(refused)] if refused else []), *sentences])

    def _waiting_for(self, work: Work, name: str, element: str) -> UserTask:
        for task in inbox(work):
            if task.element_id == element and task.instance_key == self.matter:
                return task
        raise AssertionError(
            f"{name}的待办里没有“{element}”；等着的是：{self.waiting()}，停住的是：{self.stuck()}"
        )

    # -- seeing --------------------------------------------------------------------------------------

    def look(self, name: str | None = None) -> AbstractContextManager[Work]:
        """A reading transaction of a person, or of the system, which sees everything."""
        return self.engine.look(self.actor(name) if name else Actor.system(), COMMUNITY)

    def instance(self) -> instances.ProcessInstance:
        with self.look() as work:
            return instances.get(work, self.matter)

    def variables(self) -> dict[str, Any]:
        with self.look() as work:
            return instances.variables(work, self.matter)

    def open_tasks(self, element: str | None = None) -> list[UserTask]:
        with self.look() as work:
            found = user_tasks.of_instance(work, self.matter)
        return [task for task in found if element in (None, task.element_id)]

    def task(self, name: str) -> UserTask:
        """An open task that is called so."""
        found = [task for task in self.open_tasks() if task.name == name]
        assert found, f"没有“{name}”在等人办，等着的是：{self.waiting()}，停住的是：{self.stuck()}"
        return found[0]

    def waiting(self) -> list[str]:
        """The names of the open tasks, each once."""
        return list(dict.fromkeys(task.name for task in self.open_tasks()))

    def inbox_of(self, name: str) -> list[UserTask]:
        """What a person has to do or may claim."""
        with self.look(name) as work:
            return inbox(work)

    def timeline(self) -> list[history.HistoryEvent]:
        with self.look() as work:
            return history.timeline(work, self.matter)

    def letters(self, name: str, title: str) -> list[Notification]:
        """A person's messages with these words in their title, newest first."""
        with self.look() as work:
            return [one for one in notices.letters(work.connection, self.person(name)) if title in one.title]

    def board(self, kind: str) -> list[PublicNotice]:
        """The public notices of a kind, newest first."""
        with self.look() as work:
            return [one for one in notices.board(work.connection, COMMUNITY) if one.kind == NoticeKind(kind)]

    def stuck(self) -> list[str]:
        """What has failed, for good or until its next try: empty as long as the product does its part."""
        with self.look() as work:
            planned = work.connection.execute(select(tables.job.c.type, tables.job.c.error))
            found = [*planned, *((one.element_id, one.message) for one in incidents.open_incidents(work))]
        return [f"{where}：{why}" for where, why in found]

    def history_is_whole(self) -> bool:
        """Whether the matter's chain of history fits together."""
        with self.look() as work:
            return history.verify(work, self.matter).intact


def inbox(work: Work) -> list[UserTask]:
    """The actor's tasks: assigned, then claimable."""
    views: Iterable[str] = ("assigned", "claimable")
    return [task for view in views for task in worklist.page(work, view, limit=200)]


def local(moment: str) -> datetime:
    """``2026-10-22 19:00`` on Shanghai's clock."""
    return datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)


def _complete(work: Work, task: UserTask, paper: FormState) -> None:
    try:
        user_tasks.complete(work, task.key, paper)
    except FormInvalid as refused:
        refused.add_note(f"{task.name}：{refused.errors}")
        raise
