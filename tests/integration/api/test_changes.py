"""Moving tokens by hand, and matters to another version of their process."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.clock import VirtualClock
from engine.worker import run_due
from tests.databases import database_url  # noqa: F401 - these on both databases
from tests.integration.api.conftest import Api
from tests.integration.api.models import chain, element, process
from web.wiring import Product

TASK = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="secretariat"/>'


def two_steps(*, second: str = "b", extra: str = "") -> bytes:
    """First ``a``, then another task."""
    return process(
        "steps",
        element("startEvent", "s")
        + element("userTask", "a", TASK)
        + element("userTask", second, TASK)
        + element("endEvent", "e")
        + extra
        + chain("s", "a", second, "e"),
    )


NESTED = process(
    "nested",
    element("startEvent", "s")
    + element("userTask", "outside", TASK)
    + element(
        "subProcess",
        "inner",
        inner=element("startEvent", "is")
        + element("userTask", "x", TASK)
        + element("endEvent", "ie")
        + chain("is", "x", "ie"),
    )
    + element("endEvent", "e")
    + chain("s", "outside", "inner", "e"),
)

TIMED = "PT1H"


def timer(host: str) -> str:
    """A boundary timer of an hour, and where it leads."""
    duration = f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{TIMED}</bpmn:timeDuration>'
    event = f"<bpmn:timerEventDefinition>{duration}</bpmn:timerEventDefinition>"
    return (
        element("boundaryEvent", "late", inner=event, attachedToRef=host)
        + element("endEvent", "too_late")
        + chain("late", "too_late")
    )


@pytest.fixture
def steps(admin: Api) -> str:
    admin.deploy(("steps.bpmn", two_steps()))
    return admin.start("steps")


def active(api: Api, instance: str) -> set[str]:
    found = api.search("element-instances", processInstanceKey=instance, state="ACTIVE")
    return {e["elementId"] for e in found if e["type"] != "PROCESS"}


def modify(api: Api, instance: str, status: int = 204, **instructions: object) -> object:
    return api.post(f"/v2/process-instances/{instance}/modification", instructions, status=status)


def test_a_token_is_moved_to_another_task(steps: str, admin: Api):
    source = {"sourceType": "byId", "sourceElementId": "a"}
    modify(admin, steps, moveInstructions=[{"sourceElementInstruction": source, "targetElementId": "b"}])
    assert active(admin, steps) == {"b"}
    assert [t["state"] for t in admin.search("user-tasks", elementId="a")] == ["CANCELED"]


def test_an_element_begins_with_variables_of_its_own(steps: str, admin: Api):
    given = [{"variables": {"note": "重办"}}, {"variables": {"only": 1}, "scopeId": "b"}]
    modify(admin, steps, activateInstructions=[{"elementId": "b", "variableInstructions": given}])
    assert active(admin, steps) == {"a", "b"}
    found = {v["name"]: v["scopeKey"] for v in admin.search("variables", processInstanceKey=steps)}
    assert found["note"] == steps
    assert found["only"] != steps


def test_a_matter_whose_last_token_is_taken_ends(steps: str, admin: Api):
    modify(admin, steps, terminateInstructions=[{"elementId": "a"}])
    assert admin.get(f"/v2/process-instances/{steps}")["state"] == "TERMINATED"


def test_beginning_inside_a_sub_process_begins_it_too(admin: Api):
    admin.deploy(("nested.bpmn", NESTED))
    instance = admin.start("nested")
    source = {"sourceType": "byId", "sourceElementId": "outside"}
    modify(admin, instance, moveInstructions=[{"sourceElementInstruction": source, "targetElementId": "x"}])
    assert active(admin, instance) == {"inner", "x"}


def test_what_a_model_does_not_have_is_refused_whole(steps: str, admin: Api):
    instructions = {"activateInstructions": [{"elementId": "b"}, {"elementId": "nowhere"}]}
    modify(admin, steps, status=400, **instructions)
    assert active(admin, steps) == {"a"}


def test_a_key_that_is_none_is_refused(steps: str, admin: Api):
    for key, status in (("x", 400), ("1", 404), ("-1", 204)):
        modify(
            admin, steps, status, activateInstructions=[{"elementId": "b", "ancestorElementInstanceKey": key}]
        )


def test_what_is_not_active_cannot_be_ended(steps: str, admin: Api):
    modify(admin, steps, status=404, terminateInstructions=[{"elementId": "b"}])


def migrate(api: Api, instance: str, target: str, status: int = 204, **mapping: str) -> object:
    pairs = [{"sourceElementId": old, "targetElementId": new} for old, new in mapping.items()]
    body = {"targetProcessDefinitionKey": target, "mappingInstructions": pairs}
    return api.post(f"/v2/process-instances/{instance}/migration", body, status=status)


def deploy(api: Api, content: bytes) -> str:
    return str(
        api.deploy(("steps.bpmn", content))["deployments"][0]["processDefinition"]["processDefinitionKey"]
    )


def test_a_matter_runs_on_with_the_new_version(steps: str, admin: Api):
    target = deploy(admin, two_steps(second="c"))
    migrate(admin, steps, target, a="a")
    assert admin.get(f"/v2/process-instances/{steps}")["processDefinitionKey"] == target
    [task] = admin.search("user-tasks", state="CREATED")
    admin.post(f"/v2/user-tasks/{task['userTaskKey']}/assignment", {"assignee": "admin"}, status=204)
    admin.post(f"/v2/user-tasks/{task['userTaskKey']}/completion", status=204)
    assert active(admin, steps) == {"c"}


def test_an_element_without_a_counterpart_is_named(steps: str, admin: Api):
    target = deploy(admin, two_steps(second="c"))
    problem = migrate(admin, steps, target, 400)
    assert isinstance(problem, dict)
    assert "“a”" in problem["detail"]
    assert admin.get(f"/v2/process-instances/{steps}")["processDefinitionKey"] != target


def test_a_new_boundary_timer_begins_to_run(steps: str, admin: Api, product: Product, clock: VirtualClock):
    migrate(admin, steps, deploy(admin, two_steps(extra=timer("a"))), a="a")
    clock.advance(timedelta(hours=1))
    run_due(product.engine)
    assert admin.get(f"/v2/process-instances/{steps}")["state"] == "COMPLETED"


def test_a_running_timer_keeps_its_time(admin: Api, product: Product, clock: VirtualClock):
    deploy(admin, two_steps(extra=timer("a")))
    instance = admin.start("steps")
    clock.advance(timedelta(minutes=30))
    migrate(admin, instance, deploy(admin, two_steps(second="c", extra=timer("a"))), a="a", late="late")
    clock.advance(timedelta(minutes=30))
    run_due(product.engine)
    assert admin.get(f"/v2/process-instances/{instance}")["state"] == "COMPLETED"


def test_what_was_done_stands_in_the_audit_log(steps: str, admin: Api):
    modify(admin, steps, activateInstructions=[{"elementId": "b"}])
    found = admin.search("audit-logs", processInstanceKey=steps)
    assert [entry["operationType"] for entry in found] == ["CREATE", "MODIFY"]
    [entry] = admin.search("audit-logs", processInstanceKey=steps, operationType="MODIFY")
    assert admin.get(f"/v2/audit-logs/{entry['auditLogKey']}") == entry
    assert (entry["actorId"], entry["entityType"]) == ("admin", "PROCESS_INSTANCE")
