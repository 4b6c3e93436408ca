"""Going back: a matter sent to an earlier step, a step taken back by its doer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import history, instances, returning, user_tasks
from engine.errors import NotAllowed, NotFound, WrongState
from engine.registry import Registry
from engine.runtime import Actor, Engine
from tests.integration.engine.builders import CLERK, PLACE, flow, person, user_task
from tests.integration.engine.play import (
    END,
    START,
    leftovers,
    open_tasks,
    service,
    state,
    task_key,
    timer,
    variables,
)

Run = Callable[..., int]
ANNA, BERT = person("安宁", "clerk"), person("白敏", "clerk")

CLERKS = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
LINE = START + user_task("a") + user_task("b") + user_task("c") + END
LINE += flow("s", "a") + flow("a", "b") + flow("b", "c") + flow("c", "e")


def headers(**pairs: str) -> str:
    inner = "".join(f'<zeebe:header key="gov.{key}" value="{value}"/>' for key, value in pairs.items())
    return f"{CLERKS}<zeebe:taskHeaders>{inner}</zeebe:taskHeaders>"


def gateway(node: str, kind: str = "parallelGateway", more: str = "") -> str:
    return f'<bpmn:{kind} id="{node}"{more}/>'


FORKED = (
    START
    + user_task("t")
    + gateway("f")
    + user_task("a1")
    + user_task("a2")
    + user_task("b1")
    + gateway("j")
    + user_task("z")
    + END
    + flow("s", "t")
    + flow("t", "f")
    + flow("f", "a1")
    + flow("a1", "a2")
    + flow("a2", "j")
    + flow("f", "b1")
    + flow("b1", "j")
    + flow("j", "z")
    + flow("z", "e")
)


def does(engine: Engine, element: str, who: Actor = ANNA, data: dict[str, object] | None = None) -> int:
    key = task_key(engine, element)
    with engine.work(who, PLACE) as work:
        user_tasks.claim(work, key)
        user_tasks.complete(work, key, data or {})
    return key


def ways_back(engine: Engine, element: str, who: Actor = BERT) -> list[str]:
    with engine.look(who, PLACE) as work:
        return [
            one.element_id for one in returning.targets(work, user_tasks.get(work, task_key(engine, element)))
        ]


def sends_back(engine: Engine, element: str, target: str, who: Actor = BERT) -> int | None:
    key = task_key(engine, element)
    with engine.work(who, PLACE) as work:
        if user_tasks.get(work, key).assignee is None:
            user_tasks.claim(work, key)
        _task, opened = returning.send_back(work, key, target, "材料不全")
    return opened


def takes_back(engine: Engine, key: int, who: Actor = ANNA) -> int | None:
    with engine.work(who, PLACE) as work:
        return returning.take_back(work, key)


def events(engine: Engine, instance: int) -> list[history.HistoryEvent]:
    with engine.look(CLERK, PLACE) as work:
        assert history.verify(work, instance).intact
        return history.timeline(work, instance)


# -- sending back ------------------------------------------------------------------------------------


def test_a_task_goes_back_to_any_step_before_it_and_on_again(engine: Engine, run: Run) -> None:
    instance = run(LINE)
    does(engine, "a", data={"amount": 1})
    does(engine, "b")
    assert ways_back(engine, "c") == ["b", "a"]
    opened = sends_back(engine, "c", "a")
    assert open_tasks(engine, instance) == ["a"]
    assert opened == task_key(engine, "a")
    [told] = [event for event in events(engine, instance) if event.kind == "TASK_RETURNED"]
    assert (told.data["target"], told.data["reason"], told.actor_id) == ("a", "材料不全", BERT.id)
    assert variables(engine, instance)["amount"] == 1
    for element in "abc":
        does(engine, element)
    assert state(engine, instance) == "COMPLETED"
    assert leftovers(engine) == {}


def test_only_who_has_the_task_sends_it_back(engine: Engine, run: Run) -> None:
    run(LINE)
    does(engine, "a")
    key = task_key(engine, "b")
    with engine.work(ANNA, PLACE) as work:
        user_tasks.claim(work, key)
    with engine.work(BERT, PLACE) as work, pytest.raises(NotAllowed, match="不在您名下"):
        returning.send_back(work, key, "a", "")
    with engine.work(person("外人"), PLACE) as work, pytest.raises(NotFound):
        returning.send_back(work, key, "a", "")


def test_nothing_goes_back_to_what_was_never_done(engine: Engine, run: Run) -> None:
    run(LINE)
    does(engine, "a")
    assert ways_back(engine, "b") == ["a"]
    for target in ("c", "b", "e", "nothing"):
        with pytest.raises(NotAllowed, match="不能退回到这一步"):
            sends_back(engine, "b", target)


def test_a_branch_goes_back_within_itself_only(engine: Engine, run: Run) -> None:
    instance = run(FORKED)
    does(engine, "t")
    assert ways_back(engine, "b1") == []
    does(engine, "a1")
    assert ways_back(engine, "a2") == ["a1"]
    does(engine, "b1")  # it waits at the join now
    sends_back(engine, "a2", "a1")
    assert open_tasks(engine, instance) == ["a1"]
    for element in ("a1", "a2", "z"):
        does(engine, element)
    assert state(engine, instance) == "COMPLETED"
    assert leftovers(engine) == {}


def test_behind_a_join_the_way_leads_back_before_the_split_not_into_it(engine: Engine, run: Run) -> None:
    instance = run(FORKED)
    for element in ("t", "a1", "a2", "b1"):
        does(engine, element)
    assert ways_back(engine, "z") == ["t"]
    sends_back(engine, "z", "t")
    for element in ("t", "a1", "b1", "a2", "z"):
        does(engine, element)
    assert state(engine, instance) == "COMPLETED"
    assert leftovers(engine) == {}


def test_nothing_goes_back_while_another_token_is_on_the_same_way(engine: Engine, run: Run) -> None:
    """Two tokens that met in an exclusive gateway: one of them back before the split would double the other."""
    body = START + user_task("t") + user_task("x") + user_task("y") + gateway("m", "exclusiveGateway")
    body += user_task("z") + END + flow("s", "t") + flow("t", "x") + flow("t", "y")
    body += flow("x", "m") + flow("y", "m") + flow("m", "z") + flow("z", "e")
    run(body)
    does(engine, "t")
    does(engine, "x")
    assert ways_back(engine, "z") == []
    does(engine, "y")
    assert ways_back(engine, "z") == []


def test_a_reminder_beside_the_step_does_not_hold_it(engine: Engine, run: Run) -> None:
    boundary = (
        f'<bpmn:boundaryEvent id="r" cancelActivity="false" attachedToRef="a">{timer("timeDuration", "P1D")}'
    )
    body = LINE + f"{boundary}</bpmn:boundaryEvent>" + user_task("remind") + flow("r", "remind")
    run(body)
    does(engine, "a")
    assert ways_back(engine, "b") == ["a"]


def test_nothing_goes_back_past_a_vote(engine: Engine, run: Run, registry: Registry) -> None:
    registry.completion("ballot")(lambda work, task, data, variables: {})
    body = START + user_task("a") + user_task("v", headers(kind="ballot")) + user_task("b") + user_task("c")
    body += END + flow("s", "a") + flow("a", "v") + flow("v", "b") + flow("b", "c") + flow("c", "e")
    run(body)
    does(engine, "a")
    assert ways_back(engine, "v") == []
    does(engine, "v")
    assert ways_back(engine, "b") == []
    does(engine, "b")
    assert ways_back(engine, "c") == ["b"]


def serviced(registry: Registry, extensions: str = "") -> str:
    registry.service_task("work")(lambda job: None)
    body = START + user_task("a") + service("w") + user_task("b", extensions) + END
    return body + flow("s", "a") + flow("a", "w") + flow("w", "b") + flow("b", "e")


def test_nothing_goes_back_past_what_the_system_did(engine: Engine, run: Run, registry: Registry) -> None:
    run(serviced(registry))
    does(engine, "a")
    assert ways_back(engine, "b") == []


def test_a_model_says_what_may_be_done_again(engine: Engine, run: Run, registry: Registry) -> None:
    instance = run(serviced(registry, headers(returnTo="a")))
    does(engine, "a")
    assert ways_back(engine, "b") == ["a"]
    sends_back(engine, "b", "a")
    does(engine, "a")
    does(engine, "b")
    assert state(engine, instance) == "COMPLETED"


# -- taking back -------------------------------------------------------------------------------------


def test_a_step_is_taken_back_while_nothing_was_built_on_it(engine: Engine, run: Run) -> None:
    instance = run(LINE)
    key = does(engine, "a", data={"amount": 1})
    opened = takes_back(engine, key)
    assert open_tasks(engine, instance) == ["a"]
    assert opened == task_key(engine, "a")
    assert "TASK_TAKEN_BACK" in [event.kind for event in events(engine, instance)]
    with pytest.raises(WrongState):
        takes_back(engine, key)
    for element in "abc":
        does(engine, element)
    assert state(engine, instance) == "COMPLETED"
    assert leftovers(engine) == {}


def test_a_step_before_a_split_is_taken_back_from_all_branches(engine: Engine, run: Run) -> None:
    instance = run(FORKED)
    takes_back(engine, does(engine, "t"))
    assert open_tasks(engine, instance) == ["t"]
    for element in ("t", "a1", "b1", "a2", "z"):
        does(engine, element)
    assert state(engine, instance) == "COMPLETED"
    assert leftovers(engine) == {}


def test_nobody_else_takes_a_step_back(engine: Engine, run: Run) -> None:
    run(LINE)
    key = does(engine, "a")
    with pytest.raises(WrongState, match="只有办结这一步的人"):
        takes_back(engine, key, BERT)
    with pytest.raises(NotFound):
        takes_back(engine, key, person("外人"))


def test_what_somebody_has_taken_up_is_not_taken_back(engine: Engine, run: Run) -> None:
    run(LINE)
    key = does(engine, "a")
    with engine.work(BERT, PLACE) as work:
        user_tasks.claim(work, task_key(engine, "b"))
    with pytest.raises(WrongState, match="后面的步骤已经开始"):
        takes_back(engine, key)


def test_what_somebody_has_begun_to_fill_in_is_not_taken_back(engine: Engine, run: Run) -> None:
    assigned = '<zeebe:assignmentDefinition assignee="u2"/>'
    run(
        START
        + user_task("a")
        + user_task("b", assigned)
        + END
        + flow("s", "a")
        + flow("a", "b")
        + flow("b", "e")
    )
    key = does(engine, "a")
    with engine.look(ANNA, PLACE) as work:
        assert returning.may_take_back(work, user_tasks.get(work, key))
    with engine.work(person("u2"), PLACE) as work:
        user_tasks.save_draft(work, task_key(engine, "b"), {"opinion": "…"})
    with pytest.raises(WrongState, match="后面的步骤已经开始"):
        takes_back(engine, key)


def test_what_the_system_did_with_a_step_is_not_taken_back(
    engine: Engine, run: Run, registry: Registry
) -> None:
    run(serviced(registry))
    with pytest.raises(WrongState, match="后面的步骤已经开始"):
        takes_back(engine, does(engine, "a"))


def test_a_step_that_waits_for_others_at_a_join_is_not_taken_back(engine: Engine, run: Run) -> None:
    run(FORKED)
    does(engine, "t")
    with pytest.raises(WrongState):
        takes_back(engine, does(engine, "b1"))


def test_the_last_step_of_a_matter_and_a_ballot_are_not_taken_back(
    engine: Engine, run: Run, registry: Registry
) -> None:
    registry.completion("ballot")(lambda work, task, data, variables: {})
    body = START + user_task("v", headers(kind="ballot")) + user_task("b") + END
    instance = run(body + flow("s", "v") + flow("v", "b") + flow("b", "e"))
    with pytest.raises(WrongState, match="表决票"):
        takes_back(engine, does(engine, "v"))
    with pytest.raises(WrongState, match="已经结束"):
        takes_back(engine, does(engine, "b"))
    with engine.look(CLERK, PLACE) as work:
        assert instances.get(work, instance).state == "COMPLETED"


def test_a_step_before_a_vote_is_not_taken_back_once_the_vote_is_open(
    engine: Engine, run: Run, registry: Registry
) -> None:
    registry.completion("ballot")(lambda work, task, data, variables: {})
    body = START + user_task("a") + user_task("v", headers(kind="ballot")) + END
    run(body + flow("s", "a") + flow("a", "v") + flow("v", "e"))
    with pytest.raises(WrongState):
        takes_back(engine, does(engine, "a"))
