"""Many at once: everybody who may act succeeds, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from engine import history, user_tasks, worker
from engine.clock import VirtualClock
from engine.errors import AlreadyCompleted
from engine.runtime import Engine
from engine.store import tables
from tests.integration.engine.builders import CLERK, PLACE, flow, person, user_task
from tests.integration.engine.play import (
    END,
    START,
    at_once,
    leftovers,
    members,
    open_tasks,
    state,
    task_key,
    timer,
    variables,
    vote,
)

Run = Callable[..., int]


def voting(engine: Engine, who: str, key: int) -> Callable[[], None]:
    def act() -> None:
        with engine.work(person(who), PLACE) as work:
            user_tasks.complete(work, key, {"answer": who})

    return act


def test_fifty_members_voting_at_once_all_succeed(engine: Engine, run: Run) -> None:
    key = run(vote(), {"seats": members(50)})
    people = [f"u{number}" for number in range(1, 51)]
    keys = {who: task_key(engine, "v", who) for who in people}
    assert at_once(voting(engine, who, keys[who]) for who in people) == [None] * 50
    assert open_tasks(engine, key) == ["t"]
    assert [one["answer"] for one in variables(engine, key)["answers"]] == people  # type: ignore[attr-defined]
    with engine.look(CLERK, PLACE) as work:
        assert history.verify(work, key).intact


def test_two_on_one_task_one_wins_and_the_other_is_told_by_whom(engine: Engine, run: Run) -> None:
    key = run(START + user_task("t") + END + flow("s", "t") + flow("t", "e"))
    task = task_key(engine, "t")

    def act(who: str) -> Callable[[], None]:
        def complete() -> None:
            with engine.work(person(who, "clerk"), PLACE) as work:
                user_tasks.complete(work, task, {})

        return complete

    outcomes = at_once([act("周巧云"), act("尤佑安")])
    lost = [outcome for outcome in outcomes if outcome is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], AlreadyCompleted)
    assert lost[0].by in ("周巧云", "尤佑安")
    assert state(engine, key) == "COMPLETED"
    assert leftovers(engine) == {}


def test_several_workers_fire_each_timer_once(engine: Engine, run: Run, clock: VirtualClock) -> None:
    body = START + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDuration", "PT1H")}'
    body += "</bpmn:intermediateCatchEvent>" + user_task("t") + flow("s", "w") + flow("w", "t")
    for number in range(12):
        run(body, process_id=f"p{number}")
    clock.advance(timedelta(hours=1))
    outcomes = at_once([lambda: worker.run_due(engine)] * 4)
    while rest := worker.run_due(engine):  # what one left because another had it in hand
        outcomes.append(rest)
    assert sum(count for count in outcomes if isinstance(count, int)) == 12
    with engine.look(CLERK, PLACE) as work:
        fired = tables.history.select().where(tables.history.c.kind == "TIMER_FIRED")
        assert len(work.connection.execute(fired).all()) == 12
    assert len([task for task in _open(engine) if task == "t"]) == 12


def _open(engine: Engine) -> list[str]:
    with engine.look(CLERK, PLACE) as work:
        rows = tables.user_task.select().where(tables.user_task.c.state == "CREATED")
        return [row.element_id for row in work.connection.execute(rows)]


def test_who_looks_at_a_task_does_not_wait_for_who_does_it(engine: Engine, run: Run) -> None:
    run(START + user_task("t") + END + flow("s", "t") + flow("t", "e"))
    task = task_key(engine, "t")
    with engine.work(CLERK, PLACE) as doing:
        user_tasks.complete(doing, task, {})
        with engine.look(CLERK, PLACE) as looking:
            assert user_tasks.context(looking, task)["matter_no"] == "YSH-2026-0001"
