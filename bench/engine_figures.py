"""The figures of the engine on one database. Names end in their unit; goals stand in :mod:`bench.report`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select

from bench import models
from bench.bed import CLERK, PLACE, Bed, median, milliseconds, person, seats
from engine import instances, worklist
from engine.runtime import Actor
from engine.store import tables
from engine.worker import Worker, run_due

Figures = dict[str, float]
OPEN = (10, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of everything; the short form tells whether the benchmark itself works."""

    rounds: int = 60
    timers: int = 10_000
    inbox: int = 100_000
    votes: int = 800


SHORT = Sizes(rounds=10, timers=200, inbox=5_000, votes=80)


def measure(bed: Bed, sizes: Sizes) -> Figures:
    """All of them."""
    figures: Figures = {}
    for figure in (
        _bare_commit,
        _completing,
        _starting,
        _at_once,
        _voting,
        _inbox,
        _timers,
        _calm_timers,
        _blocks,
        _statements,
    ):
        print(f"    {figure.__name__.strip('_')} …", flush=True)
        figures |= figure(bed, sizes)
    return figures


def _bare_commit(bed: Bed, sizes: Sizes) -> Figures:
    """What this machine, busy as it is, takes for the least there is: one row written and committed."""
    with bed.store.transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE bare (seen INTEGER)")

    def commit() -> None:
        with bed.store.transaction() as connection:
            connection.exec_driver_sql("INSERT INTO bare VALUES (1)")

    commit()
    return {
        "bare_commit_cpu_ms": median([milliseconds(commit) for _ in range(sizes.rounds)]),
        "bare_commit_ms": median([milliseconds(commit, time.perf_counter) for _ in range(sizes.rounds)]),
    }


def _completing(bed: Bed, sizes: Sizes) -> Figures:
    """The sizes take turns, so that whatever else the machine does falls on all alike."""
    bed.deploy(models.ballot())
    streams = {count: _tasks(bed, count) for count in OPEN}
    for _ in range(5):
        for tasks in streams.values():
            bed.complete(*next(tasks))
    spent: dict[int, list[float]] = {count: [] for count in OPEN}
    for _ in range(sizes.rounds):
        for count, tasks in streams.items():
            key, actor = next(tasks)
            spent[count].append(milliseconds(partial(bed.complete, key, actor)))
    figures = {f"complete_one_of_{count}_cpu_ms": median(spent[count]) for count in OPEN}
    few, many = OPEN[0], OPEN[-1]
    return figures | {
        "complete_10000_to_10_ratio": figures[f"complete_one_of_{many}_cpu_ms"]
        / figures[f"complete_one_of_{few}_cpu_ms"]
    }


def _tasks(bed: Bed, count: int) -> Iterator[tuple[int, Actor]]:
    """Tasks of matters with ``count`` open ones; half of a matter's tasks, then those of a new one."""
    while True:
        yield from bed.open_tasks(bed.start(seats(count)))[: count // 2]


def _starting(bed: Bed, sizes: Sizes) -> Figures:
    bed.deploy(models.sequence(10))
    bed.start()
    return {"start_cpu_ms": median([milliseconds(bed.start) for _ in range(sizes.rounds)])}


def _at_once(bed: Bed, sizes: Sizes) -> Figures:
    bed.deploy(models.ballot())
    figures: Figures = {}
    for count in (50, 500):
        tasks = bed.open_tasks(bed.start(seats(count)))
        with _started_together([partial(bed.complete, *task) for task in tasks]) as (seconds, errors):
            figures |= {f"at_once_{count}_s": seconds, f"at_once_{count}_errors": errors}
    return figures


@contextmanager
def _started_together(actions: list[Callable[[], None]]) -> Iterator[tuple[float, int]]:
    """Each in a thread of its own, all set off at the same moment: seconds until the last, and how many failed."""
    barrier = threading.Barrier(len(actions) + 1)

    def go(action: Callable[[], None]) -> None:
        barrier.wait()
        action()

    with ThreadPoolExecutor(len(actions)) as pool:
        futures = [pool.submit(go, action) for action in actions]
        barrier.wait()
        before = time.perf_counter()
        errors = sum(future.exception() is not None for future in futures)
        yield time.perf_counter() - before, errors


def _voting(bed: Bed, sizes: Sizes) -> Figures:
    """Eight threads, one matter, everybody with the next ballot at once."""
    threads = 8
    tasks = bed.open_tasks(bed.start(seats(sizes.votes)))
    waits: list[float] = []

    def vote(share: list[tuple[int, Actor]]) -> None:
        waits.extend(milliseconds(partial(bed.complete, *task), time.perf_counter) for task in share)

    with _started_together([partial(vote, tasks[i::threads]) for i in range(threads)]) as (
        seconds,
        errors,
    ):
        return {
            "eight_voting_per_s": len(waits) / seconds,
            "eight_voting_p99_ms": sorted(waits)[int(len(waits) * 0.99)],
            "eight_voting_errors": errors,
        }


def _inbox(bed: Bed, sizes: Sizes) -> Figures:
    """One of fifty people with very many open tasks between them asks for a page."""
    bed.deploy(models.sequence(10))
    matter = bed.start()
    with bed.engine.work(CLERK, PLACE) as work:
        table = tables.user_task
        match = (table.c.community == PLACE, table.c.instance_key == matter)
        example = dict(work.connection.execute(select(table).where(*match)).mappings().one())
        soon = datetime.now(UTC)
        rows = [_copy(work, example, f"u{i % 50}", soon + timedelta(minutes=i)) for i in range(sizes.inbox)]
        work.connection.execute(insert(table), rows)
        if not bed.store.is_sqlite:
            work.connection.exec_driver_sql("ANALYZE user_task")  # as autovacuum does within its minute

    def page() -> None:
        with bed.engine.look(person("u7"), PLACE) as work:
            assert len(worklist.page(work, "assigned", limit=50)) == 50

    page()
    return {"inbox_page_ms": median([milliseconds(page, time.perf_counter) for _ in range(sizes.rounds)])}


def _copy(work: Any, example: dict[str, Any], assignee: str, due: datetime) -> dict[str, Any]:
    return {**example, "key": work.engine.keys.next(), "assignee": assignee, "due_at": due}


def _timers(bed: Bed, sizes: Sizes) -> Figures:
    bed.deploy(models.timer())
    _plan(bed, [datetime.now(UTC)] * sizes.timers)
    before, fired = time.perf_counter(), 0
    while some := run_due(bed.engine):
        fired += some
    seconds = time.perf_counter() - before
    assert fired == sizes.timers == len(_lateness(bed))
    figures = {"due_timers_s": seconds * 10_000 / sizes.timers, "due_timers_measured": sizes.timers}
    return figures if bed.store.is_sqlite else figures | _two_workers(bed, sizes, sizes.timers / seconds)


def _plan(bed: Bed, instants: list[datetime]) -> None:
    for begin in range(0, len(instants), 100):
        with bed.engine.work(CLERK, PLACE) as work:
            for due in instants[begin : begin + 100]:
                instances.start(work, models.PROCESS, {"due": due.isoformat()})


def _lateness(bed: Bed) -> list[float]:
    """Seconds from due to fired, in the order in which the timers fired."""
    past = tables.history
    statement = select(past.c.at, past.c.data).where(past.c.kind == "TIMER_FIRED").order_by(past.c.at)
    with bed.engine.look(CLERK, PLACE) as work:
        rows = work.connection.execute(statement).all()
    return [(at - datetime.fromisoformat(json.loads(data)["due_at"])).total_seconds() for at, data in rows]


def _calm_timers(bed: Bed, sizes: Sizes) -> Figures:
    """Timers that come due one by one while nothing else happens."""
    known, count = len(_lateness(bed)), 40
    first = datetime.now(UTC) + timedelta(seconds=1)
    _plan(bed, [first + timedelta(seconds=i / 10) for i in range(count)])
    worker = Worker(bed.engine)
    worker.start()
    while len(late := _lateness(bed)[known:]) < count:
        time.sleep(0.2)
    worker.stop()
    return {"timer_lateness_p99_s": max(late), "timer_earliest_s": min(late)}


def _two_workers(bed: Bed, sizes: Sizes, rate_of_one: float) -> Figures:
    """Two processes share the due timers of one database."""
    count = sizes.timers // 5  # a share and a rate need fewer than the figure before
    _plan(bed, [datetime.now(UTC)] * count)
    url = bed.store.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "bench.drain", url]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for each in workers:
        assert each.stdout is not None
        each.stdout.readline()
    before = time.perf_counter()
    for each in workers:
        assert each.stdin is not None
        each.stdin.close()
    fired = [int(each.stdout.read()) for each in workers if each.stdout is not None]
    seconds = time.perf_counter() - before
    for each in workers:
        each.wait()
    assert sum(fired) == count
    return {
        "two_workers_share": min(fired) / sum(fired),
        "two_workers_to_one_rate": count / seconds / rate_of_one,
    }


def _blocks(bed: Bed, sizes: Sizes) -> Figures:
    bed.deploy(models.blocks(8, 3))
    counted = (
        tables.instance,
        tables.element,
        tables.variable,
        tables.user_task,
        tables.history,
        tables.arrival,
    )
    before = sum(bed.rows(table) for table in counted)
    bed.start()
    return {"blocks_rows": sum(bed.rows(table) for table in counted) - before}


def _statements(bed: Bed, sizes: Sizes) -> Figures:
    """Last, because listening costs time ever after."""
    bed.deploy(models.ballot())
    first, second, *_ = bed.open_tasks(bed.start(seats(1_000)))
    bed.complete(*first)
    with bed.counted() as seen:
        bed.complete(*second)
    return {f"complete_{what}": number for what, number in seen.items()}
