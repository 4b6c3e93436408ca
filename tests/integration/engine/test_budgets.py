"""A runaway model stops by itself, says why, and leaves everybody else alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from time import process_time

import pytest

from engine import incidents, instances, user_tasks, worker
from engine.clock import VirtualClock
from engine.errors import NotAllowed
from engine.interpreter.budget import Limits
from engine.registry import Registry
from engine.runtime import Engine
from engine.store.database import Store
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task
from tests.integration.engine.conftest import AnyForm, Numbers, Roles, starter
from tests.integration.engine.play import (
    END,
    START,
    complete,
    open_incidents,
    open_tasks,
    state,
    task_key,
    timer,
    variables,
)

Run = Callable[..., int]
LOOP = START + user_task("t") + '<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/>' + flow("s", "t")
LOOP += flow("t", "g") + flow("g", "a") + flow("a", "g")
SWARM = START + user_task("t") + '<bpmn:task id="a"/>' + flow("s", "t") + flow("t", "a")
SWARM += flow("a", "a", name="one") + flow("a", "a", name="two")


@pytest.mark.parametrize("model", [LOOP, SWARM], ids=["a loop", "a swarm of tokens"])
def test_a_runaway_becomes_an_incident_within_three_seconds_and_the_members_action_stands(
    engine: Engine, run: Run, model: str
) -> None:
    key = run(model)
    task = task_key(engine, "t")
    begun = process_time()
    complete(engine, "t", {"answer": 1})
    assert process_time() - begun < 3
    assert "空转" in open_incidents(engine)[0]
    assert variables(engine, key)["answer"] == 1
    with engine.look(CLERK, PLACE) as work:
        assert user_tasks.get(work, task).state == "COMPLETED"


def test_others_are_served_beside_a_runaway(engine: Engine, run: Run) -> None:
    run(LOOP)
    other = run(START + user_task("u") + END + flow("s", "u") + flow("u", "e"), process_id="q")
    complete(engine, "t")
    complete(engine, "u")
    assert state(engine, other) == "COMPLETED"


def test_an_action_that_takes_too_long_stops(store: Store, clock: VirtualClock, registry: Registry) -> None:
    ticking = count(0.0, 0.05)
    ports = {"groups": Roles(), "forms": AnyForm(), "numbering": Numbers(), "clock": clock}
    engine = Engine(store, registry=registry, stopwatch=lambda: next(ticking), **ports)
    starter(engine)(LOOP)
    complete(engine, "t")
    assert "用时超过 2.5 秒" in open_incidents(engine)[0]


def test_two_matters_that_write_to_one_another_for_ever_share_one_budget(
    store: Store, clock: VirtualClock, registry: Registry
) -> None:
    ports = {"groups": Roles(), "forms": AnyForm(), "numbering": Numbers(), "clock": clock}
    engine = Engine(store, registry=registry, limits=Limits(steps=200), **ports)
    message = '<bpmn:message id="m" name="ping"/>'
    throw = (
        '<bpmn:endEvent id="e"><bpmn:extensionElements><zeebe:taskDefinition type="publish-message"/>'
        '<zeebe:taskHeaders><zeebe:header key="correlationKey" value="=matter_no"/></zeebe:taskHeaders>'
        '</bpmn:extensionElements><bpmn:messageEventDefinition messageRef="m"/></bpmn:endEvent>'
    )
    again = '<bpmn:startEvent id="ms"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
    starter(engine)(START + again + throw + flow("s", "e") + flow("ms", "e"), extra=message)
    assert "超过 200 步" in open_incidents(engine)[0]
    with engine.look(CLERK, PLACE) as work:
        assert len(instances.find(work, limit=500)) < 200


def test_a_variable_that_grows_too_large_becomes_an_incident(
    store: Store, clock: VirtualClock, registry: Registry
) -> None:
    ports = {"groups": Roles(), "forms": AnyForm(), "numbering": Numbers(), "clock": clock}
    engine = Engine(store, registry=registry, limits=Limits(value_length=1_000), **ports)
    body = START + user_task("t") + flow("s", "t") + flow("t", "double")
    body += '<bpmn:scriptTask id="double"><bpmn:extensionElements><zeebe:script resultVariable="text" '
    body += 'expression="=text + text"/></bpmn:extensionElements></bpmn:scriptTask>' + flow("double", "again")
    key = starter(engine)(body + user_task("again"), {"text": "议" * 600})
    complete(engine, "t")
    assert "变量“text”超过 1000 个字符" in open_incidents(engine)[0]
    assert len(str(variables(engine, key)["text"])) == 600


def test_all_variables_of_an_action_together_are_bounded(
    store: Store, clock: VirtualClock, registry: Registry
) -> None:
    ports = {"groups": Roles(), "forms": AnyForm(), "numbering": Numbers(), "clock": clock}
    engine = Engine(store, registry=registry, limits=Limits(action_length=3_000), **ports)
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=for i in 1..200 return string(i)" inputElement="text"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    copied = '<zeebe:assignmentDefinition candidateGroups="clerk"/><zeebe:ioMapping>'
    copied += '<zeebe:input source="=matter_no + text + text + text" target="copy"/></zeebe:ioMapping>'
    starter(engine)(START + user_task("t", copied, inner=loop) + flow("s", "t"))
    assert "一次操作写入的变量超过" in open_incidents(engine)[-1]


def test_what_a_caller_hands_in_too_large_is_refused_before_anything_happens(
    engine: Engine, run: Run
) -> None:
    key = run(START + user_task("t") + END + flow("s", "t") + flow("t", "e"))
    with pytest.raises(NotAllowed, match="超过 1000000 个字符"):
        complete(engine, "t", {"answer": "议" * 1_000_000})
    assert open_tasks(engine, key) == ["t"]


def test_a_fault_in_the_engine_itself_becomes_an_incident_too(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise ZeroDivisionError("出错")

    key = run(START + user_task("t") + user_task("u") + flow("s", "t") + flow("t", "u"))
    monkeypatch.setattr(engine.groups, "known", broken)
    complete(engine, "t")
    assert "ZeroDivisionError" in open_incidents(engine)[0]
    monkeypatch.undo()
    with engine.work(CLERK, PLACE) as work:
        incidents.retry(work, incidents.open_incidents(work)[0].key)
    assert open_tasks(engine, key) == ["u"]


def test_an_event_whose_step_failed_is_not_lost(engine: Engine, run: Run, clock: VirtualClock) -> None:
    body = START + user_task("t") + flow("s", "t") + '<bpmn:subProcess id="w" triggeredByEvent="true">'
    body += f'<bpmn:startEvent id="ws">{timer("timeDuration", "P1D")}</bpmn:startEvent>' + user_task("u")
    body += flow("ws", "u") + '<bpmn:subProcess id="n" triggeredByEvent="true"><bpmn:startEvent id="ns">'
    body += timer("timeDate", "=later") + '</bpmn:startEvent><bpmn:endEvent id="ne"/>' + flow("ns", "ne")
    key = run(body + "</bpmn:subProcess></bpmn:subProcess>", inputs=["later"])
    clock.advance(timedelta(days=1))
    worker.run_due(engine)
    assert "later" in open_incidents(engine)[0]
    with engine.work(CLERK, PLACE) as work:
        execution = work.execution(key)
        execution.scopes.set_local(execution.elements.get(key), {"later": "2027-01-01"})
        incidents.retry(work, incidents.open_incidents(work)[0].key)
    assert (open_tasks(engine, key), open_incidents(engine)) == (["u"], [])
