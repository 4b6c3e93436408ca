"""What an action costs does not depend on how much else is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from engine import instances, user_tasks
from engine.runtime import Engine
from tests.integration.engine.builders import CLERK, PLACE, flow, person, user_task
from tests.integration.engine.play import END, START, complete, leftovers, members, task_key, vote

Run = Callable[..., int]
MOST_STATEMENTS = 15
"""For completing one task; an executemany counts once."""


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements and commits that reach the database meanwhile."""
    seen: list[str] = []

    def statement(connection: object, cursor: object, text: str, *_: object) -> None:
        if not text.startswith("BEGIN"):
            seen.append(text)

    def commit(connection: object) -> None:
        seen.append("COMMIT")

    event.listen(engine.store.database, "before_cursor_execute", statement)
    event.listen(engine.store.database, "commit", commit)
    yield seen
    event.remove(engine.store.database, "before_cursor_execute", statement)
    event.remove(engine.store.database, "commit", commit)


def one_vote(engine: Engine, run: Run, count: int) -> list[str]:
    """What it takes to complete one of so many open tasks, the caches being warm."""
    run(vote(), {"seats": members(count)})
    complete(engine, "v", {"answer": 1}, who=person("u1"))
    key = task_key(engine, "v", "u2")
    with counted(engine) as seen, engine.work(person("u2"), PLACE) as work:
        user_tasks.complete(work, key, {"answer": 1})
    return seen


def test_completing_one_of_many_takes_the_same_few_statements_and_one_commit(
    engine: Engine, run: Run
) -> None:
    few, many = one_vote(engine, run, 10), one_vote(engine, run, 300)
    assert few == many
    assert few.count("COMMIT") == 1
    assert len(few) - 1 <= MOST_STATEMENTS, "\n".join(few)


def test_starting_many_iterations_takes_as_many_statements_as_starting_few(engine: Engine, run: Run) -> None:
    run(vote(), {"seats": members(2)})
    counts = []
    for count in (3, 300):
        with counted(engine) as seen, engine.work(CLERK, PLACE) as work:
            instances.start(work, "p", {"seats": members(count)})
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_ending_many_at_once_takes_as_many_statements_as_ending_few(engine: Engine, run: Run) -> None:
    counts = []
    for count in (3, 300):
        key = run(vote(), {"seats": members(count)})
        with counted(engine) as seen, engine.work(CLERK, PLACE) as work:
            instances.cancel(work, key)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert leftovers(engine) == {}


def test_a_plain_step_stays_small(engine: Engine, run: Run) -> None:
    body = START + user_task("a") + user_task("b") + END + flow("s", "a") + flow("a", "b") + flow("b", "e")
    run(body)
    run(body)
    complete(engine, "a")
    key = task_key(engine, "a")
    with counted(engine) as seen, engine.work(CLERK, PLACE) as work:
        user_tasks.complete(work, key, {})
    assert len(seen) - 1 <= MOST_STATEMENTS + 2, "\n".join(
        seen
    )  # the next task and its candidates are written
