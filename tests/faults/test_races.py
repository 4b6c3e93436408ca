"""Many at the same moment, where it matters most: the same task twice, the vote that decides, the last minute."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import history, messages, user_tasks, worker
from engine.clock import VirtualClock
from engine.errors import AlreadyCompleted, NotFound, Refusal, WrongState
from engine.runtime import Engine
from engine.store import tables
from tests.faults.seed import SEED, many
from tests.integration.engine.builders import CLERK, PLACE, flow, person, user_task
from tests.integration.engine.play import (
    END,
    MESSAGE,
    START,
    at_once,
    leftovers,
    number,
    state,
    task_key,
    timer,
    variables,
    vote,
)

Run = Callable[..., int]
ROUNDS = many(2, 250)  # of each race, on each kind of database
SEATS = 9


def seats() -> list[dict[str, object]]:
    return [{"seat": f"s{i}", "person": f"u{i}"} for i in range(1, SEATS + 1)]


def answering(engine: Engine, who: str, key: int) -> Callable[[], str]:
    def act() -> str:
        with engine.work(person(who, "clerk"), PLACE) as work:
            user_tasks.complete(work, key, {"answer": who})
        return who

    return act


def is_whole(engine: Engine, key: int) -> bool:
    with engine.look(CLERK, PLACE) as work:
        return history.verify(work, key).intact


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_submit_sent_many_times_counts_once(engine: Engine, run: Run, round_: int) -> None:
    key = run(START + user_task("t") + END + flow("s", "t") + flow("t", "e"))
    task = task_key(engine, "t")
    outcomes = Counter(type(one) for one in at_once([answering(engine, "u1", task)] * 8))
    assert outcomes == {str: 1, AlreadyCompleted: 7}
    assert (state(engine, key), leftovers(engine), is_whole(engine, key)) == ("COMPLETED", {}, True)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_message_sent_many_times_arrives_once(engine: Engine, run: Run, round_: int) -> None:
    body = START + '<bpmn:parallelGateway id="f"/>' + flow("s", "f")
    body += "".join(f'<bpmn:receiveTask id="r{i}" messageRef="m"/>' + flow("f", f"r{i}") for i in (1, 2))
    key = run(body, extra=MESSAGE)
    own = number(engine, key)

    def send() -> int:
        return engine.do(CLERK, PLACE, lambda work: messages.publish(work, "msg", own, {}, message_id="one"))

    assert Counter(at_once([send] * 6)) == {1: 1, 0: 5}
    with engine.look(CLERK, PLACE) as work:
        waiting = work.connection.execute(tables.subscription.select().filter_by(instance_key=key)).all()
    assert len(waiting) == 1


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_at_the_edge_of_a_quorum_every_acknowledged_vote_counts(
    engine: Engine, run: Run, round_: int
) -> None:
    chance = random.Random(SEED + round_)
    quorum = chance.randint(2, SEATS - 1)
    condition = (
        '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">'
        f"=numberOfCompletedInstances &gt;= {quorum}</bpmn:completionCondition>"
    )
    key = run(vote(completion=condition), {"seats": seats()})
    people = [f"u{i}" for i in range(1, SEATS + 1)]
    keys = {who: task_key(engine, "v", who) for who in people}
    chance.shuffle(people)
    outcomes = at_once([answering(engine, who, keys[who]) for who in people])
    counted = {one for one in outcomes if isinstance(one, str)}
    assert all(isinstance(one, str | NotFound | WrongState | AlreadyCompleted) for one in outcomes), outcomes
    assert len(counted) == quorum
    given = variables(engine, key)["answers"]
    assert {one["answer"] for one in given if one} == counted  # type: ignore[attr-defined]
    assert is_whole(engine, key)


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_in_the_last_minute_a_vote_counts_or_is_refused(
    engine: Engine, run: Run, clock: VirtualClock, round_: int
) -> None:
    body = vote() + user_task("late") + flow("b", "late")
    body += (
        f'<bpmn:boundaryEvent id="b" attachedToRef="v">{timer("timeDuration", "P1D")}</bpmn:boundaryEvent>'
    )
    key = run(body, {"seats": seats()})
    people = [f"u{i}" for i in range(1, SEATS + 1)]
    votes = [answering(engine, who, task_key(engine, "v", who)) for who in people]
    random.Random(SEED + round_).shuffle(votes)
    clock.advance(timedelta(days=1))
    *outcomes, _ = at_once([*votes, lambda: str(worker.run_due(engine))])
    while worker.run_due(engine):  # had others the matter in hand at the time?
        pass
    counted = {one for one in outcomes if isinstance(one, str)}
    assert all(isinstance(one, str | Refusal) for one in outcomes), outcomes
    with engine.look(CLERK, PLACE) as work:
        rows = work.connection.execute(tables.user_task.select().filter_by(instance_key=key, element_id="v"))
        states = Counter(row.state for row in rows)
    assert states == Counter({"COMPLETED": len(counted), "CANCELED": SEATS - len(counted)}) - Counter()
    assert is_whole(engine, key)
