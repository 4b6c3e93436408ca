"""A call activity runs another process as one step of its matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from engine import history, instances, user_tasks
from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused, NotAllowed
from engine.runtime import Engine
from engine.store import tables
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.play import (
    END,
    ERROR,
    START,
    complete,
    leftovers,
    open_incidents,
    open_tasks,
    state,
    variables,
)

Run = Callable[..., int]


def call(node: str, called: str = "child", attributes: str = "", mappings: str = "", inner: str = "") -> str:
    return (
        f'<bpmn:callActivity id="{node}" name="{node}"><bpmn:extensionElements>'
        f'<zeebe:calledElement processId="{called}" {attributes}/><zeebe:ioMapping>{mappings}</zeebe:ioMapping>'
        f"</bpmn:extensionElements>{inner}</bpmn:callActivity>"
    )


CHILD = START + user_task("inner", writes=["answer"]) + END + flow("s", "inner") + flow("inner", "e")
PARENT = START + call("c") + user_task("after") + flow("s", "c") + flow("c", "after")


def provide(
    engine: Engine, body: str = CHILD, process_id: str = "child", extra: str = "", inputs: Sequence[str] = ()
) -> None:
    content = process(body, process_id=process_id, extra=extra, inputs=inputs)
    with engine.work(CLERK, PLACE) as work:
        deploy(work, [Resource(f"{process_id}.bpmn", content), Resource("any.form", ANY_FORM)])


def called(engine: Engine, caller: int) -> list[int]:
    table = tables.instance
    with engine.look(CLERK, PLACE) as work:
        statement = table.select().where(table.c.parent_key == caller).order_by(table.c.key)
        return [row.key for row in work.connection.execute(statement)]


@runs("callActivity")
def test_the_token_waits_until_the_called_process_has_ended(engine: Engine, run: Run) -> None:
    provide(engine)
    key = run(PARENT)
    (child,) = called(engine, key)
    assert open_tasks(engine, child) == ["inner"]
    assert open_tasks(engine, key) == []
    complete(engine, "inner")
    assert (state(engine, child), open_tasks(engine, key)) == ("COMPLETED", ["after"])
    complete(engine, "after")
    assert leftovers(engine) == {}


def test_a_called_matter_bears_its_callers_number_and_starter(engine: Engine, run: Run) -> None:
    provide(engine)
    key = run(PARENT)
    (child,) = called(engine, key)
    with engine.look(CLERK, PLACE) as work:
        assert instances.get(work, child).matter_no == "YSH-2026-0001.1"
        assert instances.get(work, child).started_by == CLERK.id
        assert instances.variables(work, child)["matter_no"] == "YSH-2026-0001.1"
    complete(engine, "inner")
    assert variables(engine, key)["matter_no"] == "YSH-2026-0001"


def test_all_variables_go_in_and_come_back_unless_the_model_says_otherwise(engine: Engine, run: Run) -> None:
    provide(engine)
    key = run(PARENT, {"topic": "停车"})
    (child,) = called(engine, key)
    assert variables(engine, child)["topic"] == "停车"
    complete(engine, "inner", {"answer": 42})
    assert variables(engine, key)["answer"] == 42


@runs("callActivity propagateAll…Variables")
def test_only_mapped_variables_cross_the_border_when_propagation_is_off(engine: Engine, run: Run) -> None:
    provide(engine)
    shut = 'propagateAllParentVariables="false" propagateAllChildVariables="false"'
    mapped = '<zeebe:input source="=topic" target="subject"/><zeebe:output source="=answer" target="reply"/>'
    body = START + call("c", attributes=shut, mappings=mapped) + user_task("after")
    key = run(body + flow("s", "c") + flow("c", "after"), {"topic": "停车", "private": 1})
    (child,) = called(engine, key)
    inside = variables(engine, child)
    assert inside["subject"] == "停车"
    assert {"topic", "private"}.isdisjoint(inside)
    complete(engine, "inner", {"answer": 42, "scratch": 1})
    assert variables(engine, key)["reply"] == 42
    assert {"answer", "scratch"}.isdisjoint(variables(engine, key))


def test_nothing_comes_back_without_propagation_and_mappings(engine: Engine, run: Run) -> None:
    provide(engine)
    body = START + call("c", attributes='propagateAllChildVariables="false"') + user_task("after")
    key = run(body + flow("s", "c") + flow("c", "after"))
    complete(engine, "inner", {"answer": 42})
    assert open_tasks(engine, key) == ["after"]
    assert "answer" not in variables(engine, key)


def test_the_process_may_be_chosen_by_an_expression(engine: Engine, run: Run) -> None:
    provide(engine)
    body = START + call("c", called="=kind") + END + flow("s", "c") + flow("c", "e")
    key = run(body, {"kind": "child"})
    assert len(called(engine, key)) == 1
    run(body, {"kind": "没有的流程"})
    assert "没有的流程" in open_incidents(engine)[0]


def version(name: str, tag: str = "") -> str:
    tagged = (
        f'<bpmn:extensionElements><zeebe:versionTag value="{tag}"/></bpmn:extensionElements>' if tag else ""
    )
    return tagged + START + user_task(name) + END + flow("s", name) + flow(name, "e")


@runs("callActivity zeebe:calledElement bindingType")
@pytest.mark.parametrize(
    ("attributes", "runs"),
    [
        ("", "third"),
        ('bindingType="latest"', "third"),
        ('bindingType="deployment"', "second"),
        ('bindingType="versionTag" versionTag="v1"', "first"),
    ],
)
def test_the_binding_chooses_the_version(engine: Engine, attributes: str, runs: str) -> None:
    provide(engine, version("first", "v1"))
    provide(engine, version("second"))
    provide(engine, START + call("c", attributes=attributes) + flow("s", "c"), "p")
    provide(engine, version("third"))
    with engine.work(CLERK, PLACE) as work:
        key = instances.start(work, "p", {})
    assert open_tasks(engine, called(engine, key)[0]) == [runs]


def test_a_missing_version_tag_becomes_an_incident(engine: Engine, run: Run) -> None:
    provide(engine)
    run(START + call("c", attributes='bindingType="versionTag" versionTag="v9"') + flow("s", "c"))
    assert "没有部署相应的版本" in open_incidents(engine)[0]


def test_an_error_the_called_process_does_not_catch_reaches_its_caller(engine: Engine, run: Run) -> None:
    failing = START + user_task("inner") + flow("s", "inner") + flow("inner", "e")
    failing += '<bpmn:endEvent id="e"><bpmn:errorEventDefinition errorRef="err"/></bpmn:endEvent>'
    provide(engine, failing, extra=ERROR)
    body = PARENT + user_task("again") + flow("b", "again")
    body += '<bpmn:boundaryEvent id="b" attachedToRef="c"><bpmn:errorEventDefinition errorRef="err"/>'
    key = run(body + "</bpmn:boundaryEvent>", extra=ERROR)
    complete(engine, "inner")
    assert open_tasks(engine, key) == ["again"]
    assert state(engine, called(engine, key)[0]) == "TERMINATED"


ESCALATION = '<bpmn:escalation id="esc" name="上报" escalationCode="up"/>'


@pytest.mark.parametrize(("interrupting", "expected"), [(True, ["told"]), (False, ["told", "after"])])
def test_an_escalation_reaches_the_caller_and_may_leave_the_called_process_running(
    engine: Engine, run: Run, interrupting: bool, expected: list[str]
) -> None:
    escalating = START + flow("s", "up") + flow("up", "inner") + user_task("inner") + END + flow("inner", "e")
    escalating += '<bpmn:intermediateThrowEvent id="up"><bpmn:escalationEventDefinition escalationRef="esc"/>'
    provide(engine, escalating + "</bpmn:intermediateThrowEvent>", extra=ESCALATION)
    body = PARENT + user_task("told") + flow("b", "told")
    body += f'<bpmn:boundaryEvent id="b" attachedToRef="c" cancelActivity="{str(interrupting).lower()}">'
    body += '<bpmn:escalationEventDefinition escalationRef="esc"/></bpmn:boundaryEvent>'
    key = run(body, extra=ESCALATION)
    if not interrupting:
        complete(engine, "inner")
    assert open_tasks(engine, key) == expected


def test_what_was_called_ends_with_its_caller(engine: Engine, run: Run) -> None:
    provide(engine, process_id="grandchild")
    provide(engine, START + call("c", called="grandchild") + END + flow("s", "c") + flow("c", "e"))
    key = run(PARENT)
    (child,) = called(engine, key)
    (grandchild,) = called(engine, child)
    with engine.work(CLERK, PLACE) as work, pytest.raises(NotAllowed, match="不能单独终止"):
        instances.cancel(work, child)
    with engine.work(CLERK, PLACE) as work:
        instances.cancel(work, key)
    assert [state(engine, one) for one in (key, child, grandchild)] == ["TERMINATED"] * 3
    assert leftovers(engine) == {}


@runs("multiInstanceLoopCharacteristics on callActivity")
def test_each_item_of_a_multi_instance_calls_its_own_matter(engine: Engine, run: Run) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics "
        'inputCollection="=orgs" inputElement="org" outputCollection="answers" outputElement="=answer"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )
    provide(engine)
    body = START + call("c", inner=loop) + user_task("after") + flow("s", "c") + flow("c", "after")
    key = run(body, {"orgs": ["物业", "业委会", "派出所"]})
    children = called(engine, key)
    with engine.look(CLERK, PLACE) as work:
        numbers = [instances.get(work, child).matter_no for child in children]
    assert numbers == [f"YSH-2026-0001.{index}" for index in (1, 2, 3)]
    for index, child in reversed(list(enumerate(children, 1))):
        with engine.work(CLERK, PLACE) as work:
            (task,) = user_tasks.of_instance(work, child)
            user_tasks.complete(work, task.key, {"answer": index})
    assert open_tasks(engine, key) == ["after"]
    assert variables(engine, key)["answers"] == [1, 2, 3]


def test_processes_that_call_one_another_stop_at_the_second_round(engine: Engine, run: Run) -> None:
    body = START + call("c", called="=next") + END + flow("s", "c") + flow("c", "e")
    provide(engine, body, "p2", inputs=["next"])
    key = run(body, {"next": "p2"})
    (child,) = called(engine, key)
    assert called(engine, child) == []
    assert "p → p2 → p2" in open_incidents(engine)[0]


def test_very_deep_calls_become_an_incident(engine: Engine) -> None:
    body = START + call("c", called="=&quot;p&quot; + string(level)", mappings=DEEPER)
    body += END + flow("s", "c") + flow("c", "e")
    for level in range(52):
        provide(engine, body, f"p{level}", inputs=["level: number"])
    with engine.work(CLERK, PLACE) as work:
        key = instances.start(work, "p0", {"level": 0})
    assert "超过 50 层" in open_incidents(engine)[0]
    with engine.work(CLERK, PLACE) as work:
        instances.cancel(work, key)
    assert leftovers(engine) == {}


DEEPER = '<zeebe:input source="=level + 1" target="level"/>'


def test_a_call_to_a_process_that_is_not_there_is_refused_at_deployment(engine: Engine) -> None:
    with pytest.raises(DeploymentRefused, match="没有编号为“child”的流程"):
        provide(engine, PARENT, "p")


def test_a_process_may_not_call_itself(engine: Engine) -> None:
    with pytest.raises(DeploymentRefused, match="不能调用它自己"):
        provide(engine, PARENT, "child")


def test_the_history_tells_what_was_called(engine: Engine, run: Run) -> None:
    provide(engine)
    key = run(PARENT)
    with engine.look(CLERK, PLACE) as work:
        events = {event.kind: event.data for event in history.timeline(work, key)}
    assert events["INSTANCE_CALLED"] == {
        "instance": str(called(engine, key)[0]),
        "matter_no": "YSH-2026-0001.1",
    }
