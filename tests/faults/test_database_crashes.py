"""PostgreSQL cuts its connections, or crashes and recovers, while members vote: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from engine import history, user_tasks
from engine.claims import LEASE
from engine.clock import VirtualClock
from engine.errors import AlreadyCompleted
from engine.runtime import Engine
from engine.store import tables
from engine.worker import Worker
from tests.faults.seed import SEED, many
from tests.integration.engine.builders import CLERK, PLACE, flow, person
from tests.integration.engine.play import (
    END,
    START,
    leftovers,
    members,
    open_tasks,
    task_key,
    timer,
    variables,
    vote,
)

T = TypeVar("T")
Run = Callable[..., int]
MEMBERS = 40
CUTS = many(6, 500)
CRASHES = many(1, 30)
BREATH = 0.02
PATIENCE = 60.0  # seconds

pytestmark = [
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
    pytest.mark.real_time,  # chance decides when a connection is cut
]


@pytest.fixture
def url(engine: Engine) -> str:
    """The database, which keeps what it acknowledges even if the tests' server is told to be careless."""
    database = engine.store.database
    with engine.store.transaction() as connection:
        name = database.dialect.identifier_preparer.quote(str(database.url.database))
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = on")
    database.dispose()
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)


def cut(url: str) -> None:
    """End every other session of this database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def crash(url: str) -> None:
    """Kill one of the server's processes: it ends all the others, and recovers from its log."""
    with psycopg.connect(url, autocommit=True) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)


def until_done(engine: Engine, who: str, key: int, acknowledged: set[int]) -> None:
    """A member who tries again when nothing was acknowledged."""
    wait, tries = threading.Event().wait, 0
    while True:
        try:
            with engine.work(person(who), PLACE) as work:
                user_tasks.complete(work, key, {"answer": who})
        except AlreadyCompleted:
            return  # an earlier try had arrived after all
        except DBAPIError:
            tries += 1
            assert tries < PATIENCE / BREATH
            wait(BREATH)
        else:
            acknowledged.add(key)
            return


def injected(inject: Callable[[str], None], url: str) -> bool:
    """Whether there was something to break: it may just be recovering from the time before."""
    try:
        inject(url)
    except psycopg.OperationalError:
        return False
    return True


@pytest.mark.parametrize(("inject", "count"), [(cut, CUTS), (crash, CRASHES)])
def test_members_who_try_again_all_succeed_once(
    engine: Engine, run: Run, url: str, inject: Callable[[str], None], count: int
) -> None:
    if inject is crash and os.environ.get("DATABASE_URL", "").startswith("postgresql"):
        pytest.skip("the server is not ours to crash")
    print(f"seed {SEED}, {count} times")
    chance, left = random.Random(SEED), count
    while left:
        key = run(vote(), {"seats": members(MEMBERS)})
        people = [f"u{i}" for i in range(1, MEMBERS + 1)]
        keys = {who: task_key(engine, "v", who) for who in people}
        acknowledged: set[int] = set()
        with ThreadPoolExecutor(4) as pool:
            tried = [pool.submit(until_done, engine, who, keys[who], acknowledged) for who in people]
            while left and not all(one.done() for one in tried):
                threading.Event().wait(chance.uniform(0, 10 * BREATH))
                left -= injected(inject, url)
            for one in tried:
                one.result()
        after = patiently(partial(variables, engine, key))
        assert [one["answer"] for one in after["answers"]] == people  # type: ignore[attr-defined]
        with engine.look(CLERK, PLACE) as work:
            assert history.verify(work, key).intact
            done = tables.user_task.select().filter_by(instance_key=key, element_id="v", state="COMPLETED")
            assert acknowledged <= {row.key for row in work.connection.execute(done)}


def test_a_worker_whose_connections_are_cut_fires_each_timer_once(
    engine: Engine, clock: VirtualClock, run: Run, url: str
) -> None:
    body = START + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDuration", "PT0S")}'
    body += "</bpmn:intermediateCatchEvent>" + END + flow("s", "w") + flow("w", "e")
    ended: list[int] = []
    engine.registry.matter_ended(lambda work, matter: ended.append(matter.instance_key))
    keys = [run(body, process_id=f"p{i}") for i in range(20)]
    there = Worker(engine)
    there.start()
    wait = threading.Event().wait
    try:
        for _ in range(3):
            wait(BREATH)
            cut(url)
        for _ in range(int(PATIENCE / BREATH)):
            if not patiently(partial(leftovers, engine)):
                break
            clock.advance(
                LEASE
            )  # what was claimed over a connection that was cut is free when the lease ends
            there.wake()
            wait(10 * BREATH)
    finally:
        there.stop()
    assert leftovers(engine) == {}
    with engine.look(CLERK, PLACE) as work:
        kinds = [[one.kind for one in history.timeline(work, key)] for key in keys]
    assert [one.count("TIMER_FIRED") for one in kinds] == [1] * len(keys)
    assert open_tasks(engine, keys[0]) == []


def patiently(look: Callable[[], T]) -> T:
    """What is seen once the server answers again."""
    wait = threading.Event().wait
    for _ in range(int(PATIENCE / BREATH)):
        try:
            return look()
        except DBAPIError:
            wait(BREATH)
    return look()
