"""Lists of one person's tasks, in their order and page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from engine import user_tasks, worklist
from engine.clock import VirtualClock
from engine.runtime import Actor, Engine
from engine.store.statements import _prepared
from engine.user_tasks import UserTask
from tests.integration.engine.builders import PLACE, flow, person, user_task
from tests.integration.engine.conftest import START as MONDAY
from tests.integration.engine.play import END, START

Run = Callable[..., int]

LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=rows" inputElement="one"/>'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)
DUE = '<zeebe:taskSchedule dueDate="=one.due"/>'
MINE = '<zeebe:assignmentDefinition assignee="=one.who"/>'
ANYBODYS = '<zeebe:assignmentDefinition candidateGroups="=one.roles" candidateUsers="=one.users"/>'


def body(assigned: str) -> str:
    return START + user_task("t", assigned + DUE, inner=LOOP) + END + flow("s", "t") + flow("t", "e")


def days(*numbers: int | None) -> list[str | None]:
    """Due dates so many days after Monday, ``None`` for none."""
    return [None if n is None else (MONDAY + timedelta(days=n)).isoformat() for n in numbers]


def page(engine: Engine, who: Actor, view: str, **asked: object) -> list[UserTask]:
    with engine.look(who, PLACE) as work:
        return worklist.page(work, view, **asked)  # type: ignore[arg-type]


def dues(tasks: list[UserTask]) -> list[int | None]:
    return [None if task.due_at is None else (task.due_at - MONDAY).days for task in tasks]


@pytest.fixture
def assigned(run: Run) -> list[int | None]:
    """One person's tasks, due after so many days."""
    wanted = [3, None, 1, 5, None, 1, 9]
    own = [{"who": "u1", "due": due} for due in days(*wanted)]
    run(body(MINE), {"rows": [*own, {"who": "u2", "due": days(0)[0]}]})
    return wanted


def test_the_most_urgent_come_first_and_what_has_no_date_comes_last(
    engine: Engine, assigned: list[int | None]
) -> None:
    found = page(engine, person("u1"), "assigned")
    assert dues(found) == [1, 1, 3, 5, 9, None, None]
    for same in (found[:2], found[5:]):
        assert [task.key for task in same] == sorted(task.key for task in same)


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_add_up_to_the_list(engine: Engine, assigned: list[int | None], limit: int) -> None:
    whole = page(engine, person("u1"), "assigned")
    pages: list[UserTask] = []
    while some := page(engine, person("u1"), "assigned", limit=limit, offset=len(pages)):
        assert len(some) <= limit
        pages += some
    assert pages == whole


def test_a_search_looks_at_the_whole_list(engine: Engine, assigned: list[int | None]) -> None:
    [first, *_] = page(engine, person("u1"), "assigned")
    assert len(page(engine, person("u1"), "assigned", limit=2, offset=6, search=first.matter_no)) == 1
    assert page(engine, person("u1"), "assigned", search="no such words") == []


def test_what_two_of_my_groups_may_claim_is_there_once(engine: Engine, run: Run) -> None:
    both, mine, others = ["clerk", "member"], ["member"], ["clerk"]
    roles = [both, mine, others, both]
    rows = [
        {"roles": names, "users": ["u7"], "due": due}
        for names, due in zip(roles, days(2, None, 0, 1), strict=True)
    ]
    run(body(ANYBODYS), {"rows": rows})
    member, everything = person("u1", "member"), person("u2", "member", "clerk")
    assert dues(page(engine, member, "claimable")) == [1, 2, None]
    assert dues(page(engine, everything, "claimable")) == [0, 1, 2, None]
    with engine.work(everything, PLACE) as work:
        user_tasks.claim(work, page(engine, everything, "claimable")[0].key)
        assert worklist.count(work) == {"assigned": 1, "claimable": 3}
        assert worklist.waiting(work) == 1
    assert dues(page(engine, person("u7"), "claimable")) == [1, 2, None]


def test_what_was_done_last_comes_first(
    engine: Engine, assigned: list[int | None], clock: VirtualClock
) -> None:
    done: list[datetime | None] = []
    for task in page(engine, person("u1"), "assigned", limit=3):
        clock.advance(timedelta(minutes=1))
        with engine.work(person("u1"), PLACE) as work:
            user_tasks.complete(work, task.key, {})
            done.insert(0, work.now)
    assert [task.completed_at for task in page(engine, person("u1"), "done")] == done
    assert [task.completed_at for task in page(engine, person("u1"), "done", limit=1, offset=1)] == done[1:2]


@pytest.mark.parametrize("view", ["assigned", "claimable", "done"])
def test_no_list_reads_all_tasks(engine: Engine, view: str) -> None:
    """On SQLite, whose plans do not depend on what is in the tables."""
    if not engine.store.is_sqlite:
        return
    with engine.store.snapshot() as connection:
        text, _ = _prepared(worklist._page(view, 3, searched=False).statement, connection.dialect)
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + text, (None,) * text.count("?"))
        steps = [row.detail for row in plan]
    read = [step for step in steps if "user_task" in step]
    assert read
    assert [step for step in read if not step.startswith("SEARCH") or "(community=?)" in step] == []
