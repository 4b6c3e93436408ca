"""What comes due is claimed by one worker, done once, and at once; conflicts are settled inside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine import claims, incidents, instances, messages, worker
from engine.bell import Topic
from engine.clock import SystemClock, VirtualClock
from engine.errors import DeploymentRefused
from engine.registry import JobContext, Registry
from engine.runtime import Actor, Engine, Work
from engine.store import tables
from engine.store.database import Store
from engine.worker import Worker
from tests.integration.engine.builders import CLERK, PLACE, flow
from tests.integration.engine.conformance import runs
from tests.integration.engine.conftest import AnyForm, Numbers, Roles
from tests.integration.engine.play import END, MESSAGE, START, number, open_incidents, service, state, timer

Run = Callable[..., int]
LONG = 8  # seconds: more than anything takes, less than a worker sleeps when it is not woken

postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def waiting(text: str) -> str:
    return (
        START
        + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDuration", text)}</bpmn:intermediateCatchEvent>'
        + END
        + flow("s", "w")
        + flow("w", "e")
    )


@pytest.fixture
def elsewhere(store: Store, registry: Registry) -> Iterator[Engine]:
    """An engine as another process has it: the same database, connections of its own, the real time."""
    there = Store.open(store.database.url.render_as_string(hide_password=False))
    yield Engine(there, registry=registry, groups=Roles(), forms=AnyForm(), numbering=Numbers())
    there.close()


# -- claims ------------------------------------------------------------------------------------------


def claim(engine: Engine, limit: int) -> set[int]:
    found = claims.claim(engine.store, tables.timer, engine.clock.now(), limit, None)
    return {one.identity["key"] for one in found}


@postgresql
def test_no_two_workers_claim_the_same(engine: Engine, run: Run, clock: VirtualClock) -> None:
    for index in range(6):
        run(waiting("PT1H"), process_id=f"p{index}")
    clock.advance(timedelta(hours=1))
    first, second = claim(engine, 4), claim(engine, 4)
    assert (len(first), len(second), first & second) == (4, 2, set())
    assert claim(engine, 4) == set()
    assert worker.run_due(engine) == 0


@postgresql
def test_what_a_dead_worker_had_claimed_is_taken_over(engine: Engine, run: Run, clock: VirtualClock) -> None:
    key = run(waiting("PT1H"))
    clock.advance(timedelta(hours=1))
    assert len(claim(engine, 4)) == 1
    clock.advance(claims.LEASE)
    assert worker.run_due(engine) == 1
    assert state(engine, key) == "COMPLETED"


@postgresql
def test_a_matter_in_other_hands_is_left_and_done_afterwards(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    key = run(waiting("PT1H"))
    clock.advance(timedelta(hours=1))
    with engine.work(CLERK, PLACE) as work:
        work.execution(key)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(worker.run_due, engine).result() == 0
    assert worker.run_due(engine) == 1


def test_one_that_cannot_be_done_rests_and_holds_up_nobody(
    engine: Engine, run: Run, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = run(waiting("PT1H"), process_id="broken")
    run(waiting("PT1H"), process_id="whole")
    clock.advance(timedelta(hours=1))
    fire = worker.ACTS[tables.timer]

    def failing(work: Work, due: Sequence[Mapping[str, Any]]) -> list[bool]:
        done = fire(work, due)
        if (
            broken
            in work.connection.execute(
                select(tables.history.c.instance_key).filter_by(kind="TIMER_FIRED")
            ).scalars()
        ):
            raise RuntimeError("坏了")
        return done

    monkeypatch.setitem(worker.ACTS, tables.timer, failing)
    assert worker.run_due(engine) == 1
    monkeypatch.setitem(worker.ACTS, tables.timer, fire)
    assert worker.run_due(engine) == 0
    clock.advance(claims.LEASE)
    assert worker.run_due(engine) == 1


# -- waking ------------------------------------------------------------------------------------------


def fired(engine: Engine, topic: Topic) -> threading.Event:
    heard = threading.Event()
    engine.bell.subscribe(topic, heard.set)
    return heard


@pytest.mark.real_time  # a worker sleeps on the machine's clock
def test_a_worker_elsewhere_fires_a_timer_it_was_told_of_at_once(
    engine: Engine, elsewhere: Engine, run: Run
) -> None:
    engine.clock = SystemClock()
    ended = threading.Event()
    elsewhere.registry.matter_ended(lambda work, matter: ended.set())
    there = Worker(elsewhere)
    there.start()
    try:
        run(waiting("PT0.2S"))
        assert ended.wait(LONG)
    finally:
        there.stop()


@postgresql
def test_the_bell_rings_in_other_processes_when_the_transaction_commits(
    engine: Engine, elsewhere: Engine
) -> None:
    heard = fired(elsewhere, Topic.JOBS)
    try:
        assert heard.wait(LONG)  # once at the beginning, for what was before
        heard.clear()
        with engine.work(CLERK, PLACE) as work:
            work.tell(Topic.JOBS, work.now)
            assert not heard.is_set()
        assert heard.wait(LONG)
    finally:
        elsewhere.bell.close()


@postgresql
def test_the_bell_is_heard_again_after_its_connection_was_cut(engine: Engine, elsewhere: Engine) -> None:
    heard = fired(elsewhere, Topic.JOBS)
    try:
        assert heard.wait(LONG)
        heard.clear()
        cut = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        with engine.store.transaction() as connection:
            assert connection.exec_driver_sql(cut.replace("%", "%%")).scalar_one() == 1
        assert heard.wait(LONG)  # it listens anew, and wakes everybody for what was missed
    finally:
        elsewhere.bell.close()


def test_what_is_due_much_later_wakes_nobody(engine: Engine) -> None:
    with engine.work(CLERK, PLACE) as work:
        work.tell(Topic.DUE, work.now + timedelta(hours=1))
        assert work.told == set()
        work.tell(Topic.DUE, work.now + timedelta(seconds=1))
        assert work.told == {Topic.DUE}


# -- conflicts ---------------------------------------------------------------------------------------


@postgresql
def test_two_matters_that_answer_each_other_at_once_both_go_on(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:receiveTask id="r" messageRef="m"/>' + END + flow("s", "r") + flow("r", "e")
    keys = [run(body, process_id=name, extra=MESSAGE) for name in ("p1", "p2")]
    numbers = [number(engine, key) for key in keys]
    both = threading.Barrier(2)
    rounds: list[int] = []

    def answer(own: int, other: str) -> Callable[[Work], int]:
        def act(work: Work) -> int:
            work.execution(own)
            rounds.append(own)
            if len(rounds) <= 2:
                both.wait()  # each holds its own matter and now wants the other's
            return messages.publish(work, "msg", other, {})

        return act

    with ThreadPoolExecutor(2) as pool:
        acts = [answer(keys[0], numbers[1]), answer(keys[1], numbers[0])]
        done = [pool.submit(engine.do, Actor.system(), PLACE, act) for act in acts]
        assert [one.result() for one in done] == [1, 1]
    assert len(rounds) > 2
    assert [state(engine, key) for key in keys] == ["COMPLETED", "COMPLETED"]


# -- retries -----------------------------------------------------------------------------------------


def failing(registry: Registry) -> list[int]:
    tries: list[int] = []

    @registry.service_task("work")
    def work(job: JobContext) -> None:
        tries.append(1)
        raise RuntimeError("打印机没有纸")

    return tries


def task(retries: str) -> str:
    body = START + service("w").replace('type="work"', f'type="work" retries="{retries}"') + END
    return body + flow("s", "w") + flow("w", "e")


@runs("zeebe:taskDefinition retries")
@pytest.mark.parametrize(("retries", "expected"), [("1", 1), ("5", 5), ("=n", 2)])
def test_a_job_is_tried_as_often_as_its_model_says(
    engine: Engine, run: Run, registry: Registry, clock: VirtualClock, retries: str, expected: int
) -> None:
    tries = failing(registry)
    run(task(retries), {"n": 2})
    for _ in range(8):
        clock.advance(timedelta(hours=1))
        worker.run_due(engine)
    assert len(tries) == expected
    assert len(open_incidents(engine)) == 1


def test_the_pauses_between_tries_grow(
    engine: Engine, run: Run, registry: Registry, clock: VirtualClock
) -> None:
    failing(registry)
    run(task("6"))
    pauses = []
    for _ in range(5):
        with engine.look(CLERK, PLACE) as work:
            due = worker.next_due(work.connection, clock.now())
        assert due is not None
        pauses.append((due - clock.now()).total_seconds())
        clock.set(due)
        worker.run_due(engine)
    assert pauses == [10, 60, 360, 2160, 3600]


def test_tries_that_are_no_number_become_an_incident(engine: Engine, run: Run, registry: Registry) -> None:
    failing(registry)
    run(task("=n"), {"n": "三"})
    assert "不是正整数" in open_incidents(engine)[0]


def test_tries_that_are_no_number_are_refused_where_they_are_written_out(
    run: Run, registry: Registry
) -> None:
    failing(registry)
    with pytest.raises(DeploymentRefused, match="不是正整数"):
        run(task("三"))


def test_the_tries_begin_anew_when_an_incident_is_resolved(
    engine: Engine, run: Run, registry: Registry, clock: VirtualClock
) -> None:
    tries = failing(registry)
    key = run(task("1"))
    with engine.work(CLERK, PLACE) as work:
        incidents.retry(work, incidents.open_incidents(work)[0].key)
    assert len(tries) == 2
    with engine.work(CLERK, PLACE) as work:
        instances.cancel(work, key)
    assert open_incidents(engine) == []
