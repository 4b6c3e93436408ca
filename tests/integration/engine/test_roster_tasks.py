"""One user task that many people answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from engine import history, instances, rosters, user_tasks, worker, worklist
from engine.clock import VirtualClock
from engine.errors import AlreadyCompleted, DeploymentRefused, NotAllowed, NotFound, WrongState
from engine.registry import Registry
from engine.runtime import Actor, Engine
from tests.integration.engine.builders import CLERK, PLACE, flow, person, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.play import (
    END,
    START,
    leftovers,
    open_incidents,
    open_tasks,
    state,
    task_key,
    timer,
    variables,
)

Run = Callable[..., int]
ROSTER = (
    '<zeebe:taskHeaders><zeebe:header key="gov.kind" value="roster"/>'
    '<zeebe:header key="gov.roster" value="owners"/></zeebe:taskHeaders>'
)
BODY = START + user_task("v", ROSTER) + user_task("late") + END + flow("s", "v") + flow("v", "e")
BODY += f'<bpmn:boundaryEvent id="b" attachedToRef="v">{timer("timeDuration", "P7D")}</bpmn:boundaryEvent>'
BODY += flow("b", "late")


class Owners:
    """Asks the persons in the variable ``owners``; two thirds of their answers are enough."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}

    def members(self, work: Any, variables: Mapping[str, Any]) -> Iterable[str]:
        return list(variables["owners"])

    def shown(self, work: Any, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"own_number": list(variables["owners"]).index(work.actor.id) + 1}

    def answer(self, work: Any, task: Any, data: Mapping[str, Any], variables: Mapping[str, Any]) -> None:
        self.answers[work.actor.id] = data["choice"]

    def conclude(
        self, work: Any, task: Any, variables: Mapping[str, Any], *, asked: int, answered: int
    ) -> Mapping[str, Any] | None:
        return {"turnout": answered} if answered * 3 >= asked * 2 else None


@pytest.fixture
def owners(registry: Registry) -> Owners:
    owners = Owners()
    registry.roster("owners", owners)
    return owners


def answer(engine: Engine, who: str, choice: str = "同意") -> None:
    key = only_task(engine)
    with engine.work(person(who), PLACE) as work:
        user_tasks.complete(work, key, {"choice": choice})


def only_task(engine: Engine) -> int:
    return task_key(engine, "v")


def inbox(engine: Engine, who: Actor, view: str = "assigned") -> list[str]:
    with engine.look(who, PLACE) as work:
        return [task.element_id for task in worklist.page(work, view)]


OWNERS = {"owners": ["u1", "u2", "u3"]}


@runs("userTask gov.kind=roster")
def test_everybody_asked_sees_the_task_until_they_have_answered(
    engine: Engine, run: Run, owners: Owners
) -> None:
    run(BODY, OWNERS)
    assert [inbox(engine, person(who)) for who in ("u1", "u2", "u9")] == [["v"], ["v"], []]
    answer(engine, "u1")
    assert [inbox(engine, person(who)) for who in ("u1", "u2")] == [[], ["v"]]
    assert inbox(engine, person("u1"), "done") == ["v"]
    with engine.look(person("u2"), PLACE) as work:
        assert worklist.count(work) == {"assigned": 1, "claimable": 0}


def test_the_rosters_rule_completes_the_task(engine: Engine, run: Run, owners: Owners) -> None:
    key = run(BODY, OWNERS)
    task = only_task(engine)
    answer(engine, "u1")
    assert state(engine, key) == "ACTIVE"
    answer(engine, "u3", "反对")
    assert state(engine, key) == "COMPLETED"
    assert variables(engine, key)["turnout"] == 2
    assert owners.answers == {"u1": "同意", "u3": "反对"}
    assert inbox(engine, person("u2")) == []
    assert leftovers(engine) == {}
    with engine.work(person("u2"), PLACE) as work, pytest.raises(AlreadyCompleted):
        user_tasks.complete(work, task, {"choice": "同意"})


def test_nobody_answers_twice_or_for_others(engine: Engine, run: Run, owners: Owners) -> None:
    run(BODY, OWNERS)
    answer(engine, "u1")
    with pytest.raises(NotAllowed, match="已经答复过"):
        answer(engine, "u1", "反对")
    with pytest.raises(NotFound):
        answer(engine, "u9")
    assert owners.answers == {"u1": "同意"}


def test_answers_leave_no_trace_in_variables_history_and_drafts(
    engine: Engine, run: Run, owners: Owners
) -> None:
    key = run(BODY, OWNERS)
    task = only_task(engine)
    answer(engine, "u1", "秘密")
    with engine.look(CLERK, PLACE) as work:
        assert "choice" not in instances.variables(work, key)
        events = history.timeline(work, key)
    assert "秘密" not in str(events)
    assert [event.actor_id for event in events if event.kind == "TASK_ANSWERED"] == ["u1"]
    with engine.work(person("u2"), PLACE) as work, pytest.raises(NotAllowed, match="不保存草稿"):
        user_tasks.save_draft(work, task, {"choice": "同意"})
    with engine.work(person("u2"), PLACE) as work, pytest.raises(NotAllowed, match="不需要认领"):
        user_tasks.claim(work, task)


def test_each_person_sees_their_own_beside_what_all_see(engine: Engine, run: Run, owners: Owners) -> None:
    run(BODY, OWNERS)
    for number, who in enumerate(OWNERS["owners"], 1):
        with engine.look(person(who), PLACE) as work:
            seen = user_tasks.context(work, only_task(engine))
            assert (seen["own_number"], seen["owners"]) == (number, OWNERS["owners"])


def test_the_deadline_ends_it(engine: Engine, run: Run, owners: Owners, clock: VirtualClock) -> None:
    key = run(BODY, OWNERS)
    answer(engine, "u1")
    task = only_task(engine)
    with engine.look(person("u2"), PLACE) as work:
        assert rosters.progress(work, task) == (3, 1)
        assert rosters.still_asked(work, task) == ["u2", "u3"]
        assert not rosters.has_answered(work, task)
    clock.advance(timedelta(days=7))
    worker.run_due(engine)
    assert open_tasks(engine, key) == ["late"]
    assert inbox(engine, person("u2")) == []
    with engine.work(person("u2"), PLACE) as work, pytest.raises(WrongState, match="已经截止"):
        user_tasks.complete(work, task, {"choice": "同意"})


def test_those_asked_may_look_at_the_matter(engine: Engine, run: Run, owners: Owners) -> None:
    key = run(BODY, OWNERS)
    with engine.look(person("u2"), PLACE) as work:
        assert instances.get(work, key).key == key
    with engine.look(person("u9"), PLACE) as work, pytest.raises(NotFound):
        instances.get(work, key)


def test_a_roster_without_people_becomes_an_incident(engine: Engine, run: Run, owners: Owners) -> None:
    run(BODY, {"owners": []})
    assert "没有人" in open_incidents(engine)[0]


def test_an_unknown_roster_is_refused_at_deployment(run: Run) -> None:
    with pytest.raises(DeploymentRefused, match="不认识名册“owners”"):
        run(BODY, OWNERS)
