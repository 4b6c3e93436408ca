"""Runs a model in the real engine, on a real database, where chance takes every decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from engine import instances, messages, user_tasks, worker
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.ports import Candidates
from engine.registry import Registry
from engine.runtime import Actor, Engine
from engine.store import tables
from engine.store.database import Store
from tests.unit.engine.soundness.notation import bpmn

PLACE = "jsjy"
CLERK = Actor("柏明远", "柏明远", frozenset({"柏明远", f"clerk@{PLACE}"}))
FORM = b'{"id": "any", "title": "any", "components": []}'
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Roles:
    def known(self, role: str) -> bool:
        return True

    def resolve(self, work: Any, role: str, variables: Mapping[str, Any]) -> Candidates:
        return Candidates(groups=[f"{role}@{work.community}"])


class AnyForm:
    def check(self, schema: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def writes(self, schema: Mapping[str, Any]) -> Mapping[str, str]:
        return {}

    def reads(self, schema: Mapping[str, Any]) -> frozenset[str]:
        return frozenset()

    def validate(
        self, schema: Mapping[str, Any], submission: Any, context: Any, now: datetime
    ) -> dict[str, Any]:
        return dict(submission)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: ``stuck`` with tokens nobody can move, or with an element entered twice at once."""

    ended: bool
    stuck: bool
    doubled: tuple[str, ...]


@contextmanager
def laboratory(folder: Path) -> Iterator[Laboratory]:
    store = Store.open(f"sqlite:///{folder / 'soundness.db'}")
    with store.transaction() as connection:
        tables.metadata.create_all(connection)
    yield Laboratory(store)
    store.close()


class Laboratory:
    """Deploys models and walks them at random."""

    def __init__(self, store: Store) -> None:
        self._random = Random(0)
        self._count = 0
        self._clock = VirtualClock(START)
        registry = Registry()
        registry.service_task("work")(lambda job: None)
        registry.feel("holds", ["flow"])(lambda flow: self._random.random() < 0.5)
        self._engine = Engine(
            store,
            registry=registry,
            groups=Roles(),
            forms=AnyForm(),
            numbering=lambda work, process_id: f"YSH-{process_id}",
            clock=self._clock,
        )

    def walk(self, text: str, seed: int, steps: int = 40) -> Outcome:
        """One run from the start until it ends, hangs, or has taken ``steps`` actions."""
        self._random.seed(seed)
        self._count += 1
        process_id = f"process_{self._count}"
        content = bpmn(text, process_id, condition='=holds("{flow}")')
        with self._engine.work(CLERK, PLACE) as work:
            files = [Resource(f"{process_id}.bpmn", content), Resource("any.form", FORM)]
            deploy(work, files, prove=False)
        with self._engine.work(CLERK, PLACE) as work:
            key = instances.start(work, process_id, {"people": ["甲", "乙"], "ready": False})
        for _ in range(steps):
            doubled = self._doubled(key)
            waiting = self._waiting(key)
            if doubled or not waiting:
                ended = self._state(key) != "ACTIVE"
                return Outcome(ended, not ended and not waiting, doubled)
            self._act(self._random.choice(waiting))
        return Outcome(ended=False, stuck=False, doubled=())

    def _state(self, key: int) -> str:
        with self._engine.look(CLERK, PLACE) as work:
            return instances.get(work, key).state

    def _waiting(self, key: int) -> list[tuple[str, Any]]:
        """What may happen next to the matter: a task, a timer, a message."""
        with self._engine.look(CLERK, PLACE) as work:
            tasks = [("task", task.key) for task in user_tasks.of_instance(work, key)]
            timers = work.connection.execute(tables.timer.select().where(tables.timer.c.instance_key == key))
            found = [*tasks, *(("timer", row.due_at) for row in timers)]
            table = tables.subscription
            waits = work.connection.execute(table.select().where(table.c.instance_key == key))
            return found + [("message", (row.name, row.correlation_key)) for row in waits]

    def _act(self, action: tuple[str, Any]) -> None:
        kind, what = action
        if kind == "timer":
            self._clock.set(max(what, self._clock.now()) + timedelta(seconds=1))
            worker.run_due(self._engine)
            return
        with self._engine.work(CLERK, PLACE) as work:
            if kind == "task":
                user_tasks.complete(work, what, {})
            else:
                messages.publish(work, what[0], what[1], {}, ttl=None)

    def _doubled(self, key: int) -> tuple[str, ...]:
        """Elements in which two tokens of one scope stand at the same time."""
        table = tables.element
        with self._engine.look(CLERK, PLACE) as work:
            rows = work.connection.execute(
                table.select().where(table.c.instance_key == key, table.c.kind == "ELEMENT")
            ).all()
        places = [(row.scope_key, row.element_id) for row in rows]
        return tuple(sorted({element for scope, element in places if places.count((scope, element)) > 1}))
