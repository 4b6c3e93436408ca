"""The engine put together, and one transaction with it.

``with engine.work(actor, community) as work:`` is the only way to change anything: what happens inside
is committed together at the end of the block, or not at all.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, select

from engine.bell import HORIZON, Bell, Topic
from engine.catalogue import Catalogue
from engine.clock import Clock, SystemClock
from engine.errors import NotFound
from engine.expressions import Expressions
from engine.interpreter.budget import Budget, Limits
from engine.interpreter.execution import Execution
from engine.interpreter.surroundings import around
from engine.keys import KeyGenerator
from engine.ports import Communities, FormValidator, GroupResolver, Numbering
from engine.registry import MatterEnded, Registry
from engine.store import conflicts, tables
from engine.store.changes import Changes
from engine.store.database import Store
from engine.store.statements import Query, Question, ask

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with everything they may act as (own id, posts, seats)."""

    id: str
    name: str
    principals: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def system(cls) -> Actor:
        """The engine itself: timers, jobs, loading of demo data."""
        return cls("system", "系统", frozenset({"system"}))

    @property
    def is_system(self) -> bool:
        return self.id == "system"

    @property
    def known_as(self) -> list[str]:
        """Everything they may act as, themselves among it, in a fixed order."""
        return sorted(self.principals | {self.id})

    def holds(self, posts: Iterable[str], place: str) -> bool:
        """Whether they hold one of these posts there."""
        return not self.principals.isdisjoint(f"{post}@{place}" for post in posts)


class Engine:
    """The process runtime. One per process; safe for threads."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        groups: GroupResolver,
        forms: FormValidator,
        numbering: Numbering,
        clock: Clock | None = None,
        communities: Communities | None = None,
        limits: Limits | None = None,
        stopwatch: Callable[[], float] = time.thread_time,
    ) -> None:
        self.store = store
        self.registry = registry
        self.groups = groups
        self.forms = forms
        self.numbering = numbering
        self.clock: Clock = clock or SystemClock()
        self.communities: Communities = communities or (lambda work: ())
        self.limits = limits or Limits()
        self.stopwatch = stopwatch  # processor time: a busy machine makes nobody a runaway
        self.keys = KeyGenerator()
        self.bell = Bell(store)
        self.expressions = Expressions(registry.functions())
        self.catalogue = Catalogue(self.expressions)

    @contextmanager
    def work(self, actor: Actor, community: str) -> Iterator[Work]:
        """One writing transaction."""
        with self.store.transaction() as connection:
            work = Work(self, connection, actor, community)
            yield work
            work.settle()
            self.bell.announce(connection, work.told)
        self.bell.ring(work.told)

    def do(self, actor: Actor, community: str, act: Callable[[Work], T]) -> T:
        """One writing transaction, done again when it met another and the database chose it to give way."""

        def once() -> T:
            with self.work(actor, community) as work:
                return act(work)

        return conflicts.settled(once)

    @contextmanager
    def look(self, actor: Actor, community: str) -> Iterator[Work]:
        """One reading transaction; changes made in it are dropped."""
        with self.store.snapshot() as connection:
            yield Work(self, connection, actor, community, reading=True)


_HORIZON = timedelta(seconds=HORIZON)
_here = tables.instance.c.community == bindparam("community")
_seen = select(tables.instance).where(_here, tables.instance.c.key == bindparam("key"))
_SEEN, _BY_KEY = Query(_seen), Query(_seen.with_for_update())


class Work:
    """One transaction: its connection, its fixed present, the matters it touches.

    One that is only ``reading`` locks nothing, so that looking at a task and doing another never wait for each
    other.
    """

    def __init__(
        self, engine: Engine, connection: Connection, actor: Actor, community: str, *, reading: bool = False
    ) -> None:
        self.engine = engine
        self.connection = connection
        self.actor = actor
        self.community = community
        self._by_key = _SEEN if reading else _BY_KEY
        self.now: datetime = engine.clock.now()
        self.changes = Changes()
        self._executions: dict[int, Execution] = {}
        self.budget = Budget(engine.limits, engine.stopwatch)
        self.told: set[Topic] = set()
        self._running: set[int] = set()
        self._settling = False

    def tell(self, topic: Topic, at: datetime) -> None:
        """Wake who waits for ``topic`` after the commit, unless it is due so late that they look by themselves."""
        if at - self.now <= _HORIZON:
            self.told.add(topic)

    def execution(self, instance_key: int) -> Execution:
        """The running matter with this key, locked for this transaction; :class:`NotFound` if there is none."""
        known = self._executions.get(instance_key)
        if known is not None:
            return known
        self.flush()
        own = {"community": self.community, "key": instance_key}
        row = self._by_key.first(self.connection, own)
        if row is None:
            raise NotFound("事项")
        return self.adopt(row._asdict())

    def hold(
        self, table: Table, keys: Sequence[int], *questions: Question, skip_locked: bool = False
    ) -> tuple[list[Execution | None], list[list[Any]]]:
        """Lock the matters that rows of a table belong to, and read what surrounds the rows' elements.

        Gives for each row its matter, ``None`` when there is no such row or, with ``skip_locked``, others have the
        matter in hand; and the answers to ``questions`` as they are under the locks. All in one exchange.
        """
        self.flush()
        queries = around(table, skip_locked=skip_locked)
        own = [(query, {"community": self.community, "key": key}) for key in keys for query in queries]
        answers = ask(self.connection, *own, *questions)
        found = [self._held(*answers[i : i + len(queries)]) for i in range(0, len(own), len(queries))]
        return found, answers[len(own) :]

    def hold_task(self, task_key: int, *questions: Question) -> list[list[Any]]:
        """The same for one user task; :class:`NotFound` if there is none."""
        [matter], answers = self.hold(tables.user_task, [task_key], *questions)
        if matter is None:
            raise NotFound("任务")
        matter.require_awake()
        return answers

    def _held(
        self, matter: Sequence[Any], elements: Sequence[Any], variables: Sequence[Any]
    ) -> Execution | None:
        if not matter:
            return None
        execution = self._executions.get(matter[0].key) or self.adopt(matter[0]._asdict())
        execution.scopes.know(execution.elements.know(elements), variables)
        return execution

    def adopt(self, row: dict[str, Any]) -> Execution:
        """Take an instance row (read or new) under this transaction's care."""
        model = self.engine.catalogue.model(self.connection, row["definition_key"])
        execution = Execution(self, row, model)
        self._executions[row["key"]] = execution
        if execution.is_active:
            self._running.add(execution.key)
        return execution

    @contextmanager
    def as_system(self) -> Iterator[None]:
        """Act as the engine itself for a while: a service task may touch what does not concern the person."""
        person, self.actor = self.actor, Actor.system()
        try:
            yield
        finally:
            self.actor = person

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of the transaction, done by the engine itself, that is undone alone when it fails.

        What it wrote goes, and so does what it set in motion: matters it started, steps it queued, events
        it added to histories.
        """
        self.flush()
        before = {key: execution.remember() for key, execution in self._executions.items()}
        try:
            with self.connection.begin_nested(), self.as_system():
                yield
        except Exception:
            self.changes = Changes()
            for key, execution in list(self._executions.items()):
                execution.restore(before.get(key))
                if key not in before:
                    del self._executions[key]
                    self._running.discard(key)
            raise

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Something is done to settled matters, looked at, and always taken back; they are read anew afterwards."""
        self.flush()
        savepoint = self.connection.begin_nested()
        try:
            yield
        finally:
            savepoint.rollback()
            self.changes = Changes()
            self._executions.clear()
            self._running.clear()

    def settle(self) -> None:
        """Let every touched matter run to its next wait state, then write."""
        self.proceed()
        self.flush()

    def proceed(self) -> None:
        """Let every touched matter run to its next wait state, as one action."""
        if not self._settling:
            self._settling = True
            self.budget = Budget(self.engine.limits, self.engine.stopwatch)
            try:
                while self._run_all():
                    pass
                self._tell_ended()
            finally:
                self._settling = False

    def _run_all(self) -> bool:
        """Let each matter run; whether any had steps to do (it may have caused steps in another)."""
        return sum(execution.run() for execution in list(self._executions.values())) > 0

    def _tell_ended(self) -> None:
        """Call the listeners for each matter that ended here; what one of them cannot do undoes nothing else."""
        ended = [key for key in self._running if not self._executions[key].is_active]
        self._running.difference_update(ended)
        for key in ended:
            for listener in self.engine.registry.listeners:
                self.flush()
                try:
                    with self.connection.begin_nested(), self.as_system():
                        listener(self, _ended(self._executions[key].row))
                except Exception:  # noqa: BLE001 - the matter has ended, whoever could not be told of it
                    _log.exception("a listener could not be told that matter %s ended", key)

    def flush(self) -> None:
        """Write the collected row changes now, without ending the transaction."""
        for execution in self._executions.values():
            execution.save()
        self.changes.flush(self.connection)


def _ended(row: Mapping[str, Any]) -> MatterEnded:
    return MatterEnded(
        instance_key=row["key"],
        process_id=row["process_id"],
        matter_no=row["matter_no"],
        title=row["title"],
        started_by=row["started_by"],
        end_event=row["end_event"],
    )
