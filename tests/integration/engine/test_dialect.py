"""Each element of the dialect does what BPMN says, on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import history, incidents, instances, messages, outbox, user_tasks, worker
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.errors import AlreadyCompleted, BpmnError, NotAllowed, NotFound
from engine.registry import JobContext, Registry
from engine.runtime import Engine
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, person, process, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.play import (
    END,
    ERROR,
    MESSAGE,
    START,
    complete,
    leftovers,
    members,
    number,
    open_incidents,
    open_tasks,
    publish,
    service,
    state,
    task_key,
    timer,
    variables,
    vote,
)

Run = Callable[..., int]


@runs("startEvent", "endEvent", "userTask", "sequenceFlow")
def test_a_token_walks_from_start_to_end(engine: Engine, run: Run) -> None:
    key = run(START + user_task("t") + END + flow("s", "t") + flow("t", "e"))
    assert open_tasks(engine, key) == ["t"]
    complete(engine, "t")
    assert state(engine, key) == "COMPLETED"
    assert leftovers(engine) == {}
    with engine.look(CLERK, PLACE) as work:
        assert instances.get(work, key).end_event_name == "办结"
        assert history.verify(work, key).intact


@runs("exclusiveGateway", "sequenceFlow conditionExpression", "sequenceFlow default")
def test_an_exclusive_gateway_takes_the_first_true_flow_in_document_order(engine: Engine, run: Run) -> None:
    body = (
        START
        + '<bpmn:exclusiveGateway id="g" default="g_c"/>'
        + user_task("a")
        + user_task("b")
        + user_task("c")
    )
    body += flow("s", "g") + flow("g", "a", "=n &gt; 5") + flow("g", "b", "=n &gt; 1") + flow("g", "c")
    assert open_tasks(engine, run(body, {"n": 9})) == ["a"]
    assert open_tasks(engine, run(body, {"n": 3})) == ["b"]
    assert open_tasks(engine, run(body, {"n": 0})) == ["c"]


def test_a_misspelt_name_becomes_an_incident_not_the_default_branch(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:exclusiveGateway id="g" default="g_b"/>' + user_task("a") + user_task("b")
    body += flow("s", "g") + flow("g", "a", "=agred = true") + flow("g", "b")
    key = run(body, {"agreed": True}, inputs=["agred"])
    assert open_tasks(engine, key) == []
    assert "agred" in open_incidents(engine)[0]


def test_an_incident_is_resolved_by_trying_again(engine: Engine, run: Run) -> None:
    body = START + user_task("t", '<zeebe:assignmentDefinition assignee="=who"/>') + flow("s", "t")
    key = run(body, inputs=["who"])
    assert open_tasks(engine, key) == []
    with engine.work(CLERK, PLACE) as work:
        execution = work.execution(key)
        execution.scopes.set_local(execution.elements.get(key), {"who": "柏明远"})
        incidents.retry(work, incidents.open_incidents(work)[0].key)
    assert open_tasks(engine, key) == ["t"]
    assert open_incidents(engine) == []


@runs("parallelGateway")
def test_a_parallel_gateway_waits_for_all_its_flows(engine: Engine, run: Run) -> None:
    body = (
        START
        + '<bpmn:parallelGateway id="f"/>'
        + user_task("a")
        + user_task("b")
        + '<bpmn:parallelGateway id="j"/>'
    )
    body += (
        user_task("c")
        + END
        + flow("s", "f")
        + flow("f", "a")
        + flow("f", "b")
        + flow("a", "j")
        + flow("b", "j")
    )
    key = run(body + flow("j", "c") + flow("c", "e"))
    complete(engine, "a")
    assert open_tasks(engine, key) == ["b"]
    complete(engine, "b")
    assert open_tasks(engine, key) == ["c"]
    complete(engine, "c")
    assert leftovers(engine) == {}


@runs("inclusiveGateway")
@pytest.mark.parametrize(("n", "branches"), [(1, ["a"]), (2, ["b"]), (3, ["a", "b"])])
def test_an_inclusive_join_waits_only_for_branches_that_were_taken(
    engine: Engine, run: Run, n: int, branches: list[str]
) -> None:
    body = START + '<bpmn:inclusiveGateway id="f" default="f_b"/>' + user_task("a") + user_task("b")
    body += '<bpmn:inclusiveGateway id="j"/>' + user_task("c") + flow("s", "f")
    body += flow("f", "a", "=n = 1 or n = 3") + flow("f", "b") + flow("f", "b", "=n = 3", "both")
    key = run(body + flow("a", "j") + flow("b", "j") + flow("j", "c"), {"n": n})
    assert sorted(open_tasks(engine, key)) == branches
    for branch in branches:
        assert open_tasks(engine, key) != ["c"]
        complete(engine, branch)
    assert open_tasks(engine, key) == ["c"]


@runs("intermediateCatchEvent timer (timeDuration)")
def test_a_timer_fires_when_it_is_due_and_not_before(engine: Engine, run: Run, clock: VirtualClock) -> None:
    body = (
        START
        + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDuration", "PT2H")}</bpmn:intermediateCatchEvent>'
    )
    key = run(body + user_task("t") + flow("s", "w") + flow("w", "t"))
    clock.advance(timedelta(hours=2) - timedelta(seconds=1))
    assert worker.run_due(engine) == 0
    clock.advance(timedelta(seconds=1))
    assert worker.run_due(engine) == 1
    assert open_tasks(engine, key) == ["t"]
    assert worker.run_due(engine) == 0


@runs("intermediateCatchEvent timer (timeDate)")
def test_a_timer_may_name_an_instant(engine: Engine, run: Run, clock: VirtualClock) -> None:
    body = (
        START
        + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDate", "=at")}</bpmn:intermediateCatchEvent>'
    )
    key = run(body + END + flow("s", "w") + flow("w", "e"), {"at": "2026-11-23T10:00:00"})
    clock.advance(timedelta(minutes=59))
    assert worker.run_due(engine) == 0
    clock.advance(timedelta(minutes=1))
    worker.run_due(engine)
    assert state(engine, key) == "COMPLETED"


def test_an_interrupting_boundary_timer_takes_the_task_away(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    body = START + user_task("t") + user_task("late") + flow("s", "t") + flow("b", "late")
    body += (
        f'<bpmn:boundaryEvent id="b" attachedToRef="t">{timer("timeDuration", "P1D")}</bpmn:boundaryEvent>'
    )
    key = run(body)
    lost = task_key(engine, "t")
    clock.advance(timedelta(days=1))
    worker.run_due(engine)
    assert open_tasks(engine, key) == ["late"]
    with engine.work(CLERK, PLACE) as work, pytest.raises(NotAllowed, match="撤销"):
        user_tasks.complete(work, lost, {})


@runs("boundaryEvent timer (timeCycle)", "serviceTask")
def test_a_cycle_reminds_as_often_as_it_says_and_leaves_the_task(
    engine: Engine, run: Run, clock: VirtualClock, registry: Registry
) -> None:
    reminded: list[str] = []
    registry.service_task("remind")(lambda job: reminded.append(job.element_id))
    body = START + user_task("t") + END + flow("s", "t") + flow("t", "e") + flow("b", "r")
    body += (
        f'<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">{timer("timeCycle", "R3/PT1H")}'
    )
    body += '</bpmn:boundaryEvent><bpmn:serviceTask id="r"><bpmn:extensionElements><zeebe:taskDefinition type="remind"/>'
    key = run(body + "</bpmn:extensionElements></bpmn:serviceTask>")
    for _ in range(5):
        clock.advance(timedelta(hours=1))
        worker.run_due(engine)
    assert len(reminded) == 3
    assert open_tasks(engine, key) == ["t"]
    complete(engine, "t")
    assert leftovers(engine) == {}


@runs("receiveTask")
def test_a_message_reaches_the_matter_with_its_key_and_no_other(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:receiveTask id="r" messageRef="m"/>' + END + flow("s", "r") + flow("r", "e")
    one, other = run(body, extra=MESSAGE), run(body, extra=MESSAGE)
    assert publish(engine, "msg", number(engine, one), {"answer": 42}) == 1
    assert state(engine, one) == "COMPLETED"
    assert state(engine, other) == "ACTIVE"
    assert variables(engine, one)["answer"] == 42


@runs("message TTL (buffering)")
def test_a_message_sent_too_early_is_kept_until_it_expires(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    body = START + user_task("t") + '<bpmn:receiveTask id="r" messageRef="m"/>' + END
    body += flow("s", "t") + flow("t", "r") + flow("r", "e")
    in_time, too_late = run(body, extra=MESSAGE), run(body, extra=MESSAGE)
    publish(engine, "msg", number(engine, in_time), ttl=timedelta(hours=1))
    publish(engine, "msg", number(engine, too_late), ttl=timedelta(hours=1))
    complete(engine, "t")
    assert state(engine, in_time) == "COMPLETED"
    clock.advance(timedelta(hours=1))
    complete(engine, "t")
    assert state(engine, too_late) == "ACTIVE"


@runs("message id")
def test_the_same_message_id_counts_once(engine: Engine, run: Run) -> None:
    body = (
        START
        + '<bpmn:receiveTask id="r" messageRef="m"/>'
        + '<bpmn:receiveTask id="r2" messageRef="m"/>'
        + END
    )
    key = run(body + flow("s", "r") + flow("r", "r2") + flow("r2", "e"), extra=MESSAGE)
    assert publish(engine, "msg", number(engine, key), message_id="一号") == 1
    assert publish(engine, "msg", number(engine, key), message_id="一号") == 0
    assert state(engine, key) == "ACTIVE"


@runs("eventBasedGateway", "intermediateCatchEvent message")
def test_an_event_gateway_takes_what_comes_first_and_forgets_the_rest(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    body = START + '<bpmn:eventBasedGateway id="g"/>'
    body += '<bpmn:intermediateCatchEvent id="m1"><bpmn:messageEventDefinition messageRef="m"/>'
    body += (
        f'</bpmn:intermediateCatchEvent><bpmn:intermediateCatchEvent id="w">{timer("timeDuration", "P7D")}'
    )
    body += "</bpmn:intermediateCatchEvent>" + user_task("objected") + user_task("quiet")
    body += flow("s", "g") + flow("g", "m1") + flow("g", "w") + flow("m1", "objected") + flow("w", "quiet")
    one, other = run(body, extra=MESSAGE), run(body, extra=MESSAGE)
    publish(engine, "msg", number(engine, one))
    clock.advance(timedelta(days=7))
    worker.run_due(engine)
    assert open_tasks(engine, one) == ["objected"]
    assert open_tasks(engine, other) == ["quiet"]


@runs("event subProcess message, interrupting")
def test_an_interrupting_event_sub_process_stops_everything_else(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("a") + user_task("b") + flow("s", "f")
    body += flow("f", "a") + flow("f", "b") + '<bpmn:subProcess id="w" triggeredByEvent="true">'
    body += '<bpmn:startEvent id="ws"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
    body += '<bpmn:endEvent id="we" name="撤回"/>' + flow("ws", "we") + "</bpmn:subProcess>"
    key = run(body, extra=MESSAGE)
    publish(engine, "msg", number(engine, key))
    assert state(engine, key) == "COMPLETED"
    assert open_tasks(engine, key) == []
    assert leftovers(engine) == {}
    with engine.look(CLERK, PLACE) as work:
        assert instances.get(work, key).end_event_name == "撤回"


@runs("event subProcess message, non-interrupting")
def test_a_non_interrupting_event_sub_process_runs_beside_as_often_as_asked(engine: Engine, run: Run) -> None:
    body = START + user_task("t") + END + flow("s", "t") + flow("t", "e")
    body += '<bpmn:subProcess id="w" triggeredByEvent="true"><bpmn:startEvent id="ws" isInterrupting="false">'
    body += (
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>' + user_task("u") + flow("ws", "u")
    )
    key = run(body + "</bpmn:subProcess>", extra=MESSAGE)
    publish(engine, "msg", number(engine, key))
    publish(engine, "msg", number(engine, key))
    assert sorted(open_tasks(engine, key)) == ["t", "u", "u"]
    for element in ("t", "u", "u"):
        complete(engine, element)
    assert state(engine, key) == "COMPLETED"


@runs("multiInstanceLoopCharacteristics parallel")
def test_parallel_multi_instance_gathers_outputs_in_the_order_of_its_items(engine: Engine, run: Run) -> None:
    key = run(vote(), {"seats": members(3)})
    for name in ("u3", "u1", "u2"):
        complete(engine, "v", {"answer": f"来自{name}"}, who=person(name))
    assert open_tasks(engine, key) == ["t"]
    found = variables(engine, key)
    assert [answer["answer"] for answer in found["answers"]] == ["来自u1", "来自u2", "来自u3"]
    assert "answer" not in found  # what an iteration writes stays in it


@runs("multiInstanceLoopCharacteristics sequential")
def test_sequential_multi_instance_asks_one_after_the_other(engine: Engine, run: Run) -> None:
    key = run(vote(sequential=True), {"seats": members(2)})
    assert open_tasks(engine, key) == ["v"]
    complete(engine, "v", {"answer": 1}, who=person("u1"))
    assert open_tasks(engine, key) == ["v"]
    complete(engine, "v", {"answer": 2}, who=person("u2"))
    assert open_tasks(engine, key) == ["t"]


@runs("multiInstanceLoopCharacteristics completionCondition")
def test_a_completion_condition_ends_the_rest(engine: Engine, run: Run) -> None:
    condition = (
        '<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">=numberOfCompletedInstances &gt;= 2'
        "</bpmn:completionCondition>"
    )
    key = run(vote(completion=condition), {"seats": members(4)})
    complete(engine, "v", {"answer": 1}, who=person("u1"))
    complete(engine, "v", {"answer": 1}, who=person("u4"))
    assert open_tasks(engine, key) == ["t"]
    assert variables(engine, key)["answers"][1] is None


@runs("multiInstanceLoopCharacteristics over an empty collection")
def test_multi_instance_over_nobody_is_done_at_once(engine: Engine, run: Run) -> None:
    key = run(vote(), {"seats": []})
    assert open_tasks(engine, key) == ["t"]
    assert variables(engine, key)["answers"] == []


def test_a_boundary_timer_ends_a_multi_instance_and_keeps_nothing_open(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    body = vote() + user_task("late") + flow("b", "late")
    body += (
        f'<bpmn:boundaryEvent id="b" attachedToRef="v">{timer("timeDuration", "P1D")}</bpmn:boundaryEvent>'
    )
    key = run(body, {"seats": members(3)})
    complete(engine, "v", {"answer": 1}, who=person("u1"))
    clock.advance(timedelta(days=1))
    worker.run_due(engine)
    assert open_tasks(engine, key) == ["late"]


@runs("subProcess", "scriptTask")
def test_a_multi_instance_sub_process_keeps_each_iterations_variables_apart(engine: Engine, run: Run) -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=seats" inputElement="seat" outputCollection="answers" '
        'outputElement="=answer"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
    )
    inner = '<bpmn:startEvent id="is"/>' + user_task(
        "v", '<zeebe:assignmentDefinition assignee="=seat.person"/>', writes=["answer"]
    )
    inner += '<bpmn:scriptTask id="double"><bpmn:extensionElements><zeebe:script expression="=answer * 2" '
    inner += 'resultVariable="answer"/></bpmn:extensionElements></bpmn:scriptTask><bpmn:endEvent id="ie"/>'
    inner += flow("is", "v") + flow("v", "double") + flow("double", "ie")
    body = (
        START
        + f'<bpmn:subProcess id="sp">{loop}{inner}</bpmn:subProcess>'
        + END
        + flow("s", "sp")
        + flow("sp", "e")
    )
    key = run(body, {"seats": members(3)})
    for number_, name in enumerate(("u1", "u2", "u3"), 1):
        complete(engine, "v", {"answer": number_}, who=person(name))
    assert state(engine, key) == "COMPLETED"
    assert variables(engine, key)["answers"] == [2, 4, 6]
    assert leftovers(engine) == {}


@runs("boundaryEvent error on serviceTask")
def test_a_business_error_goes_to_the_boundary_event_of_its_code(
    engine: Engine, run: Run, registry: Registry
) -> None:
    @registry.service_task("work")
    def work(job: JobContext) -> None:
        raise BpmnError("unbalanced", "四项之和不等于收回票数")

    body = START + service("w") + user_task("again") + flow("s", "w") + flow("b", "again")
    body += '<bpmn:boundaryEvent id="b" attachedToRef="w"><bpmn:errorEventDefinition errorRef="err"/></bpmn:boundaryEvent>'
    assert open_tasks(engine, run(body, extra=ERROR)) == ["again"]


@runs("endEvent error")
def test_an_error_end_event_is_caught_outside_its_sub_process(engine: Engine, run: Run) -> None:
    inner = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"><bpmn:errorEventDefinition errorRef="err"/></bpmn:endEvent>'
    body = (
        START + f'<bpmn:subProcess id="sp">{inner}{flow("is", "ie")}</bpmn:subProcess>' + user_task("again")
    )
    body += flow("s", "sp") + flow("b", "again")
    body += '<bpmn:boundaryEvent id="b" attachedToRef="sp"><bpmn:errorEventDefinition errorRef="err"/></bpmn:boundaryEvent>'
    assert open_tasks(engine, run(body, extra=ERROR)) == ["again"]


def test_a_failing_service_is_tried_three_times_and_then_becomes_an_incident(
    engine: Engine, run: Run, registry: Registry, clock: VirtualClock
) -> None:
    tries: list[int] = []
    healthy: list[bool] = []
    registry.delivery("print")(lambda letter: None)

    @registry.service_task("work", outputs=["done"])
    def work(job: JobContext) -> dict[str, int]:
        tries.append(1)
        outbox.put(job.work, "print", {"text": "通知"})
        if not healthy:
            raise RuntimeError("打印机没有纸")
        return {"done": 1}

    body = START + user_task("t") + service("w") + END + flow("s", "t") + flow("t", "w") + flow("w", "e")
    key = run(body)
    complete(engine, "t")  # the member's action stands
    assert state(engine, key) == "ACTIVE"
    for _ in range(4):
        clock.advance(timedelta(minutes=5))
        worker.run_due(engine)
    assert len(tries) == 3
    assert "打印机没有纸" in open_incidents(engine)[0]
    with engine.look(CLERK, PLACE) as work_:
        assert outbox.undelivered(work_) == []  # what a failed try wrote is undone
    healthy.append(True)
    with engine.work(CLERK, PLACE) as work_:
        incidents.retry(work_, incidents.open_incidents(work_)[0].key)
    assert state(engine, key) == "COMPLETED"
    assert variables(engine, key)["done"] == 1


def test_what_a_failing_service_set_in_motion_is_undone_with_it(
    engine: Engine, run: Run, registry: Registry
) -> None:
    waiting = run(
        START + '<bpmn:receiveTask id="r" messageRef="m"/>' + END + flow("s", "r") + flow("r", "e"),
        process_id="q",
        extra=MESSAGE,
    )
    awaited = number(engine, waiting)

    @registry.service_task("work")
    def work(job: JobContext) -> None:
        messages.publish(job.work, "msg", awaited, {})
        instances.start(job.work, "q", {})
        user_tasks.reassign(job.work, task_key_in(job), "周巧云")
        raise RuntimeError("中途停电")

    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("t") + user_task("go") + flow("s", "f")
    body += (
        flow("f", "t") + flow("f", "go") + flow("go", "w") + service("w") + flow("go", "u") + user_task("u")
    )
    key = run(body)
    complete(engine, "go")
    assert (state(engine, waiting), open_tasks(engine, key)) == ("ACTIVE", ["t", "u"])
    with engine.look(CLERK, PLACE) as look:
        assert user_tasks.of_instance(look, key)[0].assignee is None
        assert [history.verify(look, one.key).intact for one in instances.find(look)] == [True, True]
    complete(engine, "t")


def task_key_in(job: JobContext) -> int:
    """The first open task of the job's own matter."""
    return user_tasks.of_instance(job.work, job.instance_key)[0].key


@runs("endEvent terminate")
def test_a_terminate_end_event_ends_all_that_still_runs(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("a") + user_task("b")
    body += '<bpmn:endEvent id="e"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    key = run(body + flow("s", "f") + flow("f", "a") + flow("f", "b") + flow("a", "e"))
    complete(engine, "a")
    assert state(engine, key) == "COMPLETED"
    assert leftovers(engine) == {}


@runs("intermediateThrowEvent link", "intermediateCatchEvent link")
def test_a_link_carries_the_token_to_its_other_end(engine: Engine, run: Run) -> None:
    body = (
        START
        + '<bpmn:intermediateThrowEvent id="l1"><bpmn:linkEventDefinition name="甲"/></bpmn:intermediateThrowEvent>'
    )
    body += '<bpmn:intermediateCatchEvent id="l2"><bpmn:linkEventDefinition name="甲"/></bpmn:intermediateCatchEvent>'
    assert open_tasks(engine, run(body + user_task("t") + flow("s", "l1") + flow("l2", "t"))) == ["t"]


@runs("intermediateCatchEvent signal", "endEvent signal")
def test_a_signal_reaches_every_waiting_matter(engine: Engine, run: Run) -> None:
    signal = '<bpmn:signal id="sig" name="停电"/>'
    waiting = START + '<bpmn:intermediateCatchEvent id="w"><bpmn:signalEventDefinition signalRef="sig"/>'
    waiting += "</bpmn:intermediateCatchEvent>" + END + flow("s", "w") + flow("w", "e")
    one, other = run(waiting, extra=signal), run(waiting, extra=signal)
    throwing = (
        START
        + '<bpmn:endEvent id="e"><bpmn:signalEventDefinition signalRef="sig"/></bpmn:endEvent>'
        + flow("s", "e")
    )
    run(throwing, extra=signal, process_id="q")
    assert (state(engine, one), state(engine, other)) == ("COMPLETED", "COMPLETED")


def test_a_runaway_loop_becomes_an_incident(engine: Engine, run: Run) -> None:
    body = (
        START
        + '<bpmn:exclusiveGateway id="g"/><bpmn:task id="a"/>'
        + flow("s", "g")
        + flow("g", "a")
        + flow("a", "g")
    )
    key = run(body)
    assert state(engine, key) == "ACTIVE"
    assert "空转" in open_incidents(engine)[0]


@runs("startEvent message", "endEvent message", "intermediateThrowEvent message")
def test_a_message_end_event_starts_another_process_which_answers(engine: Engine, run: Run) -> None:
    ask = '<bpmn:message id="ask" name="msg_ask"/>'
    throwing = (
        '<bpmn:intermediateThrowEvent id="t"><bpmn:extensionElements><zeebe:taskDefinition type="publish-message"/>'
        '<zeebe:taskHeaders><zeebe:header key="correlationKey" value="=matter_no"/></zeebe:taskHeaders>'
        '<zeebe:ioMapping><zeebe:input source="=matter_no" target="source_no"/></zeebe:ioMapping></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition messageRef="ask"/></bpmn:intermediateThrowEvent>'
    )
    answering = (
        '<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="ask"/></bpmn:startEvent>'
        '<bpmn:endEvent id="e"><bpmn:extensionElements><zeebe:taskDefinition type="publish-message"/><zeebe:taskHeaders>'
        '<zeebe:header key="correlationKey" value="=source_no"/></zeebe:taskHeaders></bpmn:extensionElements>'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:endEvent>'
    )
    with engine.work(CLERK, PLACE) as work:
        content = process(
            answering + user_task("other") + flow("s", "other") + flow("other", "e"),
            process_id="ledger",
            extra=ask + MESSAGE,
        )
        deploy(work, [Resource("ledger.bpmn", content), Resource("any.form", ANY_FORM)])
    body = START + throwing + '<bpmn:receiveTask id="r" messageRef="m"/>' + END
    key = run(body + flow("s", "t") + flow("t", "r") + flow("r", "e"), extra=ask + MESSAGE)
    assert state(engine, key) == "ACTIVE"
    complete(engine, "other")
    assert state(engine, key) == "COMPLETED"


def test_nobody_else_sees_a_task_and_two_cannot_do_it(engine: Engine, run: Run) -> None:
    run(START + user_task("t") + user_task("u") + flow("s", "t") + flow("t", "u"))
    key = task_key(engine, "t")
    with engine.work(person("路人"), PLACE) as work, pytest.raises(NotFound):
        user_tasks.complete(work, key, {})
    complete(engine, "t")
    with (
        engine.work(person("周巧云", "clerk"), PLACE) as work,
        pytest.raises(AlreadyCompleted, match="柏明远"),
    ):
        user_tasks.complete(work, key, {})
