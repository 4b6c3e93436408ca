"""Every boundary event on every kind of activity, interrupting and not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import history, messages, user_tasks, worker
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.runtime import Actor, Engine
from engine.store import tables
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.play import END, START, leftovers, number, publish, state, timer

Run = Callable[..., int]
DEFINITIONS = (
    '<bpmn:message id="m" name="msg"><bpmn:extensionElements><zeebe:subscription correlationKey="=matter_no"/>'
    "</bpmn:extensionElements></bpmn:message>"
    '<bpmn:signal id="sig" name="停电"/><bpmn:error id="err" name="不平" errorCode="unbalanced"/>'
    '<bpmn:escalation id="esc" name="上报" escalationCode="up"/>'
)
CONDITION = (
    '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=level &gt; 2'
    "</bpmn:condition></bpmn:conditionalEventDefinition>"
)
EVENTS = {
    "timer": timer("timeDuration", "P1D"),
    "message": '<bpmn:messageEventDefinition messageRef="m"/>',
    "signal": '<bpmn:signalEventDefinition signalRef="sig"/>',
    "conditional": CONDITION,
    "error": '<bpmn:errorEventDefinition errorRef="err"/>',
    "escalation": '<bpmn:escalationEventDefinition escalationRef="esc"/>',
}
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="item"/></bpmn:extensionElements>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)


def inside(kind: str) -> str:
    """What happens in the activity: a task, then the throw if the event comes from inside, then the rest."""
    body = '<bpmn:startEvent id="is"/>' + user_task("inner") + flow("is", "inner")
    if kind == "error":
        return body + f'<bpmn:endEvent id="ie">{EVENTS[kind]}</bpmn:endEvent>' + flow("inner", "ie")
    body += user_task("rest") + '<bpmn:endEvent id="ie"/>' + flow("rest", "ie")
    if kind == "escalation":
        thrown = f'<bpmn:intermediateThrowEvent id="up">{EVENTS[kind]}</bpmn:intermediateThrowEvent>'
        return body + thrown + flow("inner", "up") + flow("up", "rest")
    return body + flow("inner", "rest")


def host(activity: str, kind: str) -> str:
    if activity == "userTask":
        return user_task("host")
    if activity == "multi-instance userTask":
        return user_task("host", inner=LOOP)
    if activity == "callActivity":
        return (
            '<bpmn:callActivity id="host"><bpmn:extensionElements><zeebe:calledElement processId="child"/>'
            "</bpmn:extensionElements></bpmn:callActivity>"
        )
    loop = LOOP if activity.startswith("multi-instance") else ""
    return f'<bpmn:subProcess id="host">{loop}{inside(kind)}</bpmn:subProcess>'


def model(activity: str, kind: str, interrupting: bool) -> str:
    body = START + '<bpmn:parallelGateway id="f"/>' + flow("s", "f") + user_task("aside") + flow("f", "aside")
    body += host(activity, kind) + flow("f", "host") + END + flow("host", "e") + user_task("caught")
    body += f'<bpmn:boundaryEvent id="b" attachedToRef="host" cancelActivity="{str(interrupting).lower()}">'
    return body + f"{EVENTS[kind]}</bpmn:boundaryEvent>" + flow("b", "caught")


PEOPLE = ("userTask", "multi-instance userTask")
SCOPES = ("subProcess", "multi-instance subProcess", "callActivity")
PAIRS = {
    "boundaryEvent timer on userTask, subProcess, multi-instance, callActivity": ("timer", PEOPLE + SCOPES),
    "boundaryEvent message on userTask, subProcess, multi-instance, callActivity": (
        "message",
        PEOPLE + SCOPES,
    ),
    "boundaryEvent signal on userTask, subProcess, multi-instance, callActivity": ("signal", PEOPLE + SCOPES),
    "boundaryEvent conditional on userTask, subProcess, multi-instance, callActivity": (
        "conditional",
        PEOPLE + SCOPES,
    ),
    "boundaryEvent error on subProcess, multi-instance, callActivity": (
        "error",
        SCOPES,
    ),  # people throw nothing
    "boundaryEvent escalation on subProcess, multi-instance, callActivity": ("escalation", SCOPES),
}
MATRIX = [
    pytest.param(activity, kind, interrupting, id=f"{kind}-{activity}-{interrupting}")
    for kind, activities in PAIRS.values()
    for activity in activities
    for interrupting in (True, False)
    if not (kind == "error" and not interrupting)  # an error always interrupts
]


def open_anywhere(engine: Engine) -> list[str]:
    with engine.look(CLERK, PLACE) as work:
        table = tables.user_task
        rows = work.connection.execute(table.select().where(table.c.state == "CREATED"))
        return sorted(row.element_id for row in rows)


def finish_one(engine: Engine, element_id: str, data: dict[str, object] | None = None) -> None:
    table = tables.user_task
    with engine.work(CLERK, PLACE) as work:
        match = (table.c.state == "CREATED", table.c.element_id == element_id)
        row = work.connection.execute(table.select().where(*match).order_by(table.c.key)).first()
        assert row is not None
        user_tasks.complete(work, row.key, data or {})


def trigger(engine: Engine, clock: VirtualClock, kind: str, key: int) -> None:
    if kind == "timer":
        clock.advance(timedelta(days=1))
        worker.run_due(engine)
    elif kind == "message":
        publish(engine, "msg", number(engine, key))
    elif kind == "signal":
        with engine.work(Actor.system(), PLACE) as work:
            messages.broadcast(work, "停电", {})
    elif kind == "conditional":
        finish_one(engine, "aside", {"level": 3})
    else:
        finish_one(engine, "inner")


@runs(*PAIRS)
@pytest.mark.parametrize(("activity", "kind", "interrupting"), MATRIX)
def test_a_boundary_event_takes_its_activity_away_or_leaves_it(
    engine: Engine, run: Run, clock: VirtualClock, activity: str, kind: str, interrupting: bool
) -> None:
    if activity == "callActivity":
        with engine.work(CLERK, PLACE) as work:
            child = process(inside(kind), process_id="child", extra=DEFINITIONS)
            deploy(work, [Resource("child.bpmn", child), Resource("any.form", ANY_FORM)])
    key = run(model(activity, kind, interrupting), {"level": 0}, extra=DEFINITIONS)
    before = [task for task in open_anywhere(engine) if task != "aside"]
    trigger(engine, clock, kind, key)
    after = [task for task in open_anywhere(engine) if task != "aside"]
    if interrupting:
        assert after == ["caught"]
    elif kind == "escalation":
        assert sorted(after) == sorted([*before[1:], "rest", "caught"])
    else:
        assert sorted(after) == sorted([*before, "caught"])
    for _ in range(20):  # whatever is left can be finished, and nothing stays behind
        for task in open_anywhere(engine)[:1]:
            finish_one(engine, task)
    assert (state(engine, key), leftovers(engine)) == ("COMPLETED", {})
    with engine.look(CLERK, PLACE) as work:
        assert history.verify(work, key).intact
