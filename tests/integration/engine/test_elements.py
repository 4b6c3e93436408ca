"""The rest of the dialect, each element with a model of its own; and what is refused, by element and reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import worker
from engine.clock import VirtualClock
from engine.deployments import Resource
from engine.errors import DeploymentRefused
from engine.registry import JobContext, Registry
from engine.runtime import Engine
from tests.integration.engine import conformance
from tests.integration.engine.builders import flow, user_task
from tests.integration.engine.conformance import refused, runs
from tests.integration.engine.play import (
    END,
    ERROR,
    START,
    complete,
    open_incidents,
    open_tasks,
    service,
    state,
    timer,
    variables,
)

Run = Callable[..., int]
ESCALATION = '<bpmn:escalation id="esc" name="上报" escalationCode="up"/>'
SIGNAL = '<bpmn:signal id="sig" name="停电"/>'
DMN = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
    '<inputData id="in" name="households"><variable name="households" typeRef="number"/></inputData>'
    '<decision id="route" name="route"><variable name="route"/><informationRequirement id="q">'
    '<requiredInput href="#in"/></informationRequirement><decisionTable hitPolicy="FIRST">'
    '<input id="i"><inputExpression><text>households</text></inputExpression></input>'
    '<output id="o" name="route"/>'
    '<rule id="r1"><inputEntry id="a"><text>&gt;= 10</text></inputEntry><outputEntry id="b"><text>"full"</text>'
    '</outputEntry></rule><rule id="r2"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="e">'
    '<text>"quick"</text></outputEntry></rule></decisionTable></decision></definitions>'
)


@runs("manualTask", "task", "intermediateThrowEvent (none)")
def test_steps_done_outside_pass_the_token_on(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:manualTask id="m"/><bpmn:task id="t"/><bpmn:intermediateThrowEvent id="i"/>' + END
    key = run(body + flow("s", "m") + flow("m", "t") + flow("t", "i") + flow("i", "e"))
    assert state(engine, key) == "COMPLETED"


@runs("businessRuleTask")
def test_a_business_rule_task_writes_what_its_table_decides(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:businessRuleTask id="b"><bpmn:extensionElements><zeebe:calledDecision '
    body += 'decisionId="route" resultVariable="way"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    body += user_task("t") + flow("s", "b") + flow("b", "t")
    key = run(body, {"households": 12}, Resource("route.dmn", DMN.encode()))
    assert variables(engine, key)["way"] == "full"


def test_a_table_whose_input_is_missing_becomes_an_incident(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:businessRuleTask id="b"><bpmn:extensionElements><zeebe:calledDecision '
    body += 'decisionId="route" resultVariable="way"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    run(body + flow("s", "b"), None, Resource("route.dmn", DMN.encode()), inputs=["households"])
    assert "households" in open_incidents(engine)[0]


@runs("sendTask")
def test_a_send_task_publishes_its_message(engine: Engine, run: Run) -> None:
    sent = (
        '<bpmn:sendTask id="send" messageRef="m"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="publish-message"/><zeebe:taskHeaders>'
        '<zeebe:header key="correlationKey" value="=matter_no"/></zeebe:taskHeaders><zeebe:ioMapping>'
        '<zeebe:input source="=42" target="answer"/></zeebe:ioMapping></bpmn:extensionElements></bpmn:sendTask>'
    )
    message = '<bpmn:message id="m" name="msg"><bpmn:extensionElements>'
    message += '<zeebe:subscription correlationKey="=matter_no"/></bpmn:extensionElements></bpmn:message>'
    body = START + '<bpmn:parallelGateway id="f"/>' + user_task("t") + sent + flow("s", "f") + flow("f", "t")
    body += '<bpmn:receiveTask id="r" messageRef="m"/>' + flow("f", "r") + flow("t", "send")
    key = run(body, extra=message)
    complete(engine, "t")
    assert (state(engine, key), variables(engine, key)["answer"]) == ("COMPLETED", 42)


@runs(
    "intermediateThrowEvent signal",
    "intermediateThrowEvent escalation",
    "endEvent escalation",
    "event subProcess signal",
    "event subProcess escalation",
)
@pytest.mark.parametrize(
    "thrown",
    [
        '<bpmn:intermediateThrowEvent id="x"><bpmn:signalEventDefinition signalRef="sig"/></bpmn:intermediateThrowEvent>',
        '<bpmn:intermediateThrowEvent id="x"><bpmn:escalationEventDefinition escalationRef="esc"/></bpmn:intermediateThrowEvent>',
        '<bpmn:endEvent id="x"><bpmn:escalationEventDefinition escalationRef="esc"/></bpmn:endEvent>',
    ],
)
def test_what_is_thrown_begins_the_event_sub_process_that_waits_for_it(
    engine: Engine, run: Run, thrown: str
) -> None:
    kind = "signal" if "signal" in thrown else "escalation"
    reference = "sig" if kind == "signal" else "esc"
    body = START + user_task("t") + thrown + flow("s", "t") + flow("t", "x")
    body += '<bpmn:subProcess id="w" triggeredByEvent="true"><bpmn:startEvent id="ws" isInterrupting="false">'
    body += f'<bpmn:{kind}EventDefinition {kind}Ref="{reference}"/></bpmn:startEvent>'
    body += user_task("told") + flow("ws", "told") + "</bpmn:subProcess>"
    key = run(body, extra=SIGNAL + ESCALATION)
    complete(engine, "t")
    assert open_tasks(engine, key) == ["told"]


@runs("event subProcess error")
def test_an_event_sub_process_catches_an_error_of_its_scope(
    engine: Engine, run: Run, registry: Registry
) -> None:
    body = START + user_task("t") + flow("s", "t") + flow("t", "ie")
    body += '<bpmn:endEvent id="ie"><bpmn:errorEventDefinition errorRef="err"/></bpmn:endEvent>'
    body += '<bpmn:subProcess id="w" triggeredByEvent="true"><bpmn:startEvent id="ws">'
    body += '<bpmn:errorEventDefinition errorRef="err"/></bpmn:startEvent>' + user_task("mend")
    key = run(body + flow("ws", "mend") + "</bpmn:subProcess>", extra=ERROR)
    complete(engine, "t")
    assert open_tasks(engine, key) == ["mend"]


@runs("event subProcess timer")
def test_an_event_sub_process_may_wait_for_a_time(engine: Engine, run: Run, clock: VirtualClock) -> None:
    body = START + user_task("t") + flow("s", "t") + '<bpmn:subProcess id="w" triggeredByEvent="true">'
    body += (
        f'<bpmn:startEvent id="ws" isInterrupting="false">{timer("timeDuration", "P1D")}</bpmn:startEvent>'
    )
    key = run(body + user_task("remind") + flow("ws", "remind") + "</bpmn:subProcess>")
    clock.advance(timedelta(days=1))
    worker.run_due(engine)
    assert open_tasks(engine, key) == ["t", "remind"]


@runs("zeebe:ioMapping")
def test_mappings_make_local_variables_and_name_what_leaves(
    engine: Engine, run: Run, registry: Registry
) -> None:
    seen: list[dict[str, object]] = []

    @registry.service_task("work", outputs="found: number, scratch")
    def work(job: JobContext) -> dict[str, int]:
        seen.append(dict(job.variables))
        return {"found": 3, "scratch": 1}

    mapping = '<zeebe:ioMapping><zeebe:input source="=a + 1" target="b"/>'
    mapping += '<zeebe:output source="=found * 2" target="total"/></zeebe:ioMapping></bpmn:extensionElements>'
    body = START + service("w").replace("</bpmn:extensionElements>", mapping) + user_task("t")
    key = run(body + flow("s", "w") + flow("w", "t"), {"a": 1})
    assert seen[0]["b"] == 2
    assert variables(engine, key)["total"] == 6
    assert {"b", "found", "scratch"}.isdisjoint(variables(engine, key))


@runs("boundaryEvent timer, a cycle without end")
def test_an_endless_reminder_comes_once_after_a_long_sleep(
    engine: Engine, run: Run, clock: VirtualClock, registry: Registry
) -> None:
    reminded: list[int] = []
    registry.service_task("work")(lambda job: reminded.append(1))
    body = START + user_task("t") + flow("s", "t") + service("w") + flow("b", "w")
    body += '<bpmn:boundaryEvent id="b" attachedToRef="t" cancelActivity="false">'
    run(body + timer("timeCycle", "R/P1D") + "</bpmn:boundaryEvent>")
    clock.advance(timedelta(days=365, hours=1))
    worker.run_due(engine)
    assert len(reminded) == 1
    clock.advance(timedelta(hours=22))
    assert worker.run_due(engine) == 0
    clock.advance(timedelta(hours=1))
    assert worker.run_due(engine) == 1


def inside(content: str) -> str:
    return START + content + flow("s", "x")


def event(tag: str, definition: str) -> str:
    return inside(f'<bpmn:{tag} id="x">{definition}</bpmn:{tag}>')


COMPENSATION = "<bpmn:compensateEventDefinition/>"
ESCALATED = '<bpmn:escalationEventDefinition escalationRef="esc"/>'
FAILED = '<bpmn:errorEventDefinition errorRef="err"/>'
CONDITION = '<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=true'
CONDITION += "</bpmn:condition></bpmn:conditionalEventDefinition>"
LINK = '<bpmn:linkEventDefinition name="甲"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"


def starting(definition: str) -> str:
    return f'<bpmn:startEvent id="s">{definition}</bpmn:startEvent><bpmn:task id="x"/>' + flow("s", "x")


def at_boundary(definition: str) -> str:
    body = inside(user_task("x")) + END + flow("x", "e") + user_task("y") + flow("b", "y")
    return f'{body}<bpmn:boundaryEvent id="b" attachedToRef="x">{definition}</bpmn:boundaryEvent>'


def task(attributes: str = "", extension: str = "", inner: str = "") -> str:
    extensions = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return inside(f'<bpmn:task id="x" {attributes}>{extensions}{inner}</bpmn:task>')


def looped(attributes: str, inner: str) -> str:
    return task(
        inner=f"<bpmn:multiInstanceLoopCharacteristics {attributes}>{inner}</bpmn:multiInstanceLoopCharacteristics>"
    )


OVER_ONE = (
    '<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1]"/></bpmn:extensionElements>'
)
EMPTY_EVENT_SUB_PROCESS = '<bpmn:subProcess id="w" triggeredByEvent="true"><bpmn:startEvent id="ws"/>'
EMPTY_EVENT_SUB_PROCESS += '<bpmn:task id="y"/>' + flow("ws", "y") + "</bpmn:subProcess>"
DECISION = '<bpmn:businessRuleTask id="x"><bpmn:extensionElements><zeebe:calledDecision decisionId="route" '
DECISION += 'resultVariable="way" bindingType="versionTag"/></bpmn:extensionElements></bpmn:businessRuleTask>'
REFUSED = {
    "complexGateway": inside('<bpmn:complexGateway id="x"/>'),
    "transaction": inside('<bpmn:transaction id="x"/>'),
    "adHocSubProcess": inside('<bpmn:adHocSubProcess id="x"><bpmn:task id="y"/></bpmn:adHocSubProcess>'),
    "callChoreography": inside('<bpmn:callChoreography id="x"/>'),
    "dataObject": task() + '<bpmn:dataObject id="d"/>',
    "dataStoreReference": task() + '<bpmn:dataStoreReference id="d"/>',
    "startEvent signal": starting('<bpmn:signalEventDefinition signalRef="sig"/>'),
    "startEvent conditional": starting(CONDITION),
    "startEvent error": starting(FAILED),
    "startEvent escalation": starting(ESCALATED),
    "event subProcess without an event": task() + EMPTY_EVENT_SUB_PROCESS,
    "intermediateCatchEvent (none)": event("intermediateCatchEvent", ""),
    "intermediateCatchEvent error": event("intermediateCatchEvent", FAILED),
    "intermediateCatchEvent escalation": event("intermediateCatchEvent", ESCALATED),
    "intermediateCatchEvent terminate": event("intermediateCatchEvent", TERMINATE),
    "intermediateThrowEvent timer": event("intermediateThrowEvent", "<bpmn:timerEventDefinition/>"),
    "intermediateThrowEvent error": event("intermediateThrowEvent", FAILED),
    "intermediateThrowEvent conditional": event("intermediateThrowEvent", CONDITION),
    "intermediateThrowEvent terminate": event("intermediateThrowEvent", TERMINATE),
    "intermediateThrowEvent compensation": event("intermediateThrowEvent", COMPENSATION),
    "intermediateThrowEvent link without its other end": event("intermediateThrowEvent", LINK),
    "boundaryEvent (none)": at_boundary(""),
    "boundaryEvent compensation": at_boundary(COMPENSATION),
    "boundaryEvent cancel": at_boundary("<bpmn:cancelEventDefinition/>"),
    "boundaryEvent link": at_boundary(LINK),
    "boundaryEvent terminate": at_boundary(TERMINATE),
    "endEvent cancel": event("endEvent", "<bpmn:cancelEventDefinition/>"),
    "endEvent compensation": event("endEvent", COMPENSATION),
    "endEvent timer": event("endEvent", timer("timeDuration", "P1D")),
    "endEvent conditional": event("endEvent", CONDITION),
    "endEvent link": event("endEvent", LINK),
    "several event definitions in one event": event(
        "intermediateCatchEvent",
        '<bpmn:signalEventDefinition signalRef="sig"/>' + timer("timeDuration", "P1D"),
    ),
    "eventBasedGateway instantiate": inside('<bpmn:eventBasedGateway id="x" instantiate="true"/>'),
    "eventBasedGateway Parallel": inside('<bpmn:eventBasedGateway id="x" eventGatewayType="Parallel"/>'),
    "receiveTask instantiate": inside('<bpmn:receiveTask id="x" instantiate="true"/>'),
    "isForCompensation": task('isForCompensation="true"'),
    "startQuantity": task('startQuantity="2"'),
    "completionQuantity": task('completionQuantity="2"'),
    "standardLoopCharacteristics": task(inner="<bpmn:standardLoopCharacteristics/>"),
    "multiInstanceLoopCharacteristics behavior": looped('behavior="One"', OVER_ONE),
    "multiInstanceLoopCharacteristics loopCardinality": looped(
        "", '<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">3</bpmn:loopCardinality>'
    ),
    "zeebe:executionListeners": task(extension="<zeebe:executionListeners/>"),
    "zeebe:taskListeners": task(extension="<zeebe:taskListeners/>"),
    "zeebe:formDefinition externalReference": inside(
        user_task("x").replace('formId="any"', 'externalReference="https://forms.example"')
    ),
    "zeebe:formDefinition formKey": inside(user_task("x").replace('formId="any"', 'formKey="any"')),
    "zeebe:formDefinition bindingType versionTag": inside(
        user_task("x").replace('formId="any"', 'formId="any" bindingType="versionTag"')
    ),
    "zeebe:calledDecision bindingType versionTag": inside(DECISION),
    "userTask without zeebe:userTask": inside(user_task("x").replace("<zeebe:userTask/>", "")),
    "camunda:… (Camunda 7)": task(
        'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:asyncBefore="true"'
    ),
}


@refused(*REFUSED)
@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_run_is_refused_at_deployment_by_element_and_reason(run: Run, name: str) -> None:
    with pytest.raises(DeploymentRefused) as refusal:
        run(REFUSED[name], extra=SIGNAL + ERROR + ESCALATION)
    assert all(problem.element and problem.message for problem in refusal.value.problems)


def test_an_uncaught_error_stops_where_it_was_thrown(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:endEvent id="e"><bpmn:errorEventDefinition errorRef="err"/></bpmn:endEvent>'
    run(body + flow("s", "e"), extra=ERROR)
    assert "没有任何边界事件" in open_incidents(engine)[0]


def test_the_conformance_page_is_what_the_tests_prove() -> None:
    text = conformance.PAGE.read_text(encoding="utf-8")
    assert conformance.page(text) == text, "python -m tests.integration.engine.conformance"
