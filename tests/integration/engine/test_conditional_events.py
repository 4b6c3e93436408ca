"""Conditional events happen when a variable they can see makes their condition true."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import history, incidents
from engine.errors import DeploymentRefused
from engine.runtime import Engine
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.play import (
    END,
    START,
    complete,
    leftovers,
    open_incidents,
    open_tasks,
    state,
)

Run = Callable[..., int]


def condition(text: str) -> str:
    return (
        '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">'
        f"{text}</bpmn:condition></bpmn:conditionalEventDefinition>"
    )


def catch(text: str) -> str:
    """A parallel branch that sets variables, and one that waits for them."""
    body = (
        START
        + '<bpmn:parallelGateway id="f"/>'
        + user_task("set")
        + user_task("more", writes=["agreed"])
        + user_task("then")
    )
    body += f'<bpmn:intermediateCatchEvent id="w">{condition(text)}</bpmn:intermediateCatchEvent>'
    return body + flow("s", "f") + flow("f", "set") + flow("set", "more") + flow("f", "w") + flow("w", "then")


@runs("intermediateCatchEvent conditional")
def test_a_catch_event_waits_until_its_condition_holds(engine: Engine, run: Run) -> None:
    key = run(catch("=present &gt;= 5"), {"present": 3})
    assert open_tasks(engine, key) == ["set"]
    complete(engine, "set", {"present": 4})
    assert open_tasks(engine, key) == ["more"]
    complete(engine, "more", {"present": 5})
    assert open_tasks(engine, key) == ["then"]
    complete(engine, "then")
    assert leftovers(engine) == {}


def test_a_condition_that_holds_from_the_start_does_not_wait(engine: Engine, run: Run) -> None:
    assert open_tasks(engine, run(catch("=present &gt;= 5"), {"present": 9})) == ["set", "then"]


def test_a_variable_nobody_has_set_yet_makes_no_condition_true(engine: Engine, run: Run) -> None:
    key = run(catch("=agreed"))
    complete(engine, "set", {"other": True})
    assert open_tasks(engine, key) == ["more"]
    complete(engine, "more", {"agreed": True})
    assert open_tasks(engine, key) == ["then"]


def test_another_matters_variables_do_not_count(engine: Engine, run: Run) -> None:
    waiting = run(catch("=present &gt;= 5"), {"present": 3})
    run(catch("=present &gt;= 5"), {"present": 9})
    assert open_tasks(engine, waiting) == ["set"]


def boundary(interrupting: bool) -> str:
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("set") + user_task("more") + user_task("t")
    body += user_task("alarm") + flow("s", "f") + flow("f", "set") + flow("set", "more") + flow("more", "set")
    body += f'<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="{str(interrupting).lower()}">'
    return body + condition("=level &gt; 2") + "</bpmn:boundaryEvent>" + flow("f", "t") + flow("b", "alarm")


def test_an_interrupting_boundary_condition_takes_the_task_away(engine: Engine, run: Run) -> None:
    key = run(boundary(interrupting=True), {"level": 1})
    complete(engine, "set", {"level": 3})
    assert sorted(open_tasks(engine, key)) == ["alarm", "more"]
    complete(engine, "more", {"level": 1})
    complete(engine, "set", {"level": 3})
    assert sorted(open_tasks(engine, key)) == ["alarm", "more"]


def test_a_non_interrupting_condition_happens_each_time_it_becomes_true(engine: Engine, run: Run) -> None:
    key = run(boundary(interrupting=False), {"level": 1})
    happened = []
    for element, level in (("set", 3), ("more", 4), ("set", 1), ("more", 5)):
        complete(engine, element, {"level": level})
        happened.append(open_tasks(engine, key).count("alarm"))
    assert happened == [1, 1, 1, 2]  # 4 is no new truth, 1 ends it, 5 begins it again


def test_only_the_scopes_a_condition_can_see_wake_it(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("set") + flow("s", "f") + flow("f", "set")
    private = '<zeebe:ioMapping><zeebe:input source="=1" target="level"/></zeebe:ioMapping>'
    body += user_task("own", f'<zeebe:assignmentDefinition candidateGroups="clerk"/>{private}')
    body += '<bpmn:boundaryEvent id="b" attachedToRef="own">' + condition("=level &gt; 2")
    key = run(body + "</bpmn:boundaryEvent>" + user_task("alarm") + flow("f", "own") + flow("b", "alarm"))
    complete(engine, "set", {"level": 3})
    assert open_tasks(engine, key) == ["own"]  # the task's own level hides the matter's


@runs("event subProcess conditional")
@pytest.mark.parametrize(("interrupting", "expected"), [(True, ["crisis"]), (False, ["crisis", "more"])])
def test_an_event_sub_process_begins_when_its_condition_holds(
    engine: Engine, run: Run, interrupting: bool, expected: list[str]
) -> None:
    body = START + user_task("set") + user_task("more") + END + flow("s", "set") + flow("set", "more")
    body += flow("more", "e") + '<bpmn:subProcess id="w" triggeredByEvent="true"><bpmn:startEvent id="ws" '
    body += f'isInterrupting="{str(interrupting).lower()}">{condition("=level &gt; 2")}</bpmn:startEvent>'
    key = run(body + user_task("crisis") + flow("ws", "crisis") + "</bpmn:subProcess>", {"level": 0})
    complete(engine, "set", {"level": 3})
    assert sorted(open_tasks(engine, key)) == expected
    for element in expected:
        complete(engine, element)
    assert (state(engine, key), leftovers(engine)) == ("COMPLETED", {})


def test_an_event_gateway_may_wait_for_a_condition(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("set") + flow("s", "f") + flow("f", "set")
    body += '<bpmn:eventBasedGateway id="g"/>' + flow("f", "g") + flow("g", "w") + flow("w", "then")
    body += f'<bpmn:intermediateCatchEvent id="w">{condition("=level &gt; 2")}</bpmn:intermediateCatchEvent>'
    key = run(body + user_task("then"), {"level": 0})
    complete(engine, "set", {"level": 3})
    assert open_tasks(engine, key) == ["then"]


def test_a_condition_that_cannot_be_evaluated_raises_one_incident_and_is_tried_again(
    engine: Engine, run: Run
) -> None:
    key = run(catch("=present &gt;= 5"), {"present": "五"})
    complete(engine, "set", {"present": "六"})
    assert len(open_incidents(engine)) == 1
    complete(engine, "more", {"present": 6})
    assert open_tasks(engine, key) == ["then"]
    with engine.work(CLERK, PLACE) as work:
        incidents.retry(work, incidents.open_incidents(work)[0].key)
    assert open_incidents(engine) == []
    with engine.look(CLERK, PLACE) as work:
        assert history.verify(work, key).intact


def test_a_conditional_event_without_a_condition_is_refused(run: Run) -> None:
    with pytest.raises(DeploymentRefused, match="条件事件没有写条件"):
        run(catch("present"))
