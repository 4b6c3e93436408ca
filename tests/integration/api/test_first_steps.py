"""What every program does first: deploy, start, find, do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL, APPROVAL_FORM, AT_ONCE, DECISION

Connect = Callable[..., Api]


@pytest.fixture
def approval(admin: Api) -> str:
    """A running matter that waits for approval."""
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    return admin.start("approval")


def test_a_deployment_names_everything_it_brought(admin: Api):
    answer = admin.deploy(("a.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM), ("fees.dmn", DECISION))
    assert [next(kind for kind in item if item[kind]) for item in answer["deployments"]] == [
        "processDefinition",
        "form",
        "decisionDefinition",
        "decisionRequirements",
    ]
    assert all(len(item) == 5 for item in answer["deployments"])
    assert answer["deployments"][0]["processDefinition"]["processDefinitionVersion"] == 1


def test_deploying_the_same_again_tells_the_same_versions(admin: Api):
    first = admin.deploy(("approval.form", APPROVAL_FORM), ("approval.bpmn", APPROVAL))
    assert admin.deploy(("approval.form", APPROVAL_FORM), ("approval.bpmn", APPROVAL)) == first


def test_a_refused_deployment_names_the_culprits(admin: Api):
    problem = admin.deploy(("approval.bpmn", APPROVAL), status=400)
    assert problem["title"] == "INVALID_ARGUMENT"
    assert problem["problems"][0]["element"] == "approve"
    assert "approval" in problem["problems"][0]["message"]


def test_a_task_is_found_claimed_and_completed(approval: str, api: Connect):
    secretary = api("secretary")
    [task] = secretary.search("user-tasks", state="CREATED")
    assert task["processInstanceKey"] == approval
    assert task["candidateGroups"]
    assert task["customHeaders"] == {"hint": "看附件"}
    key = task["userTaskKey"]
    secretary.post(f"/v2/user-tasks/{key}/assignment", {"assignee": "secretary"}, status=204)
    secretary.post(
        f"/v2/user-tasks/{key}/completion", {"variables": {"opinion": "同意", "amount": 5}}, status=204
    )
    assert secretary.get(f"/v2/user-tasks/{key}")["state"] == "COMPLETED"
    assert secretary.get(f"/v2/process-instances/{approval}")["state"] == "COMPLETED"


def test_a_completion_is_checked_by_the_form(approval: str, api: Connect):
    secretary = api("secretary")
    [task] = secretary.search("user-tasks")
    path = f"/v2/user-tasks/{task['userTaskKey']}/completion"
    problem = secretary.post(path, {"variables": {"amount": 1000}}, status=400)
    assert set(problem["errors"]) == {"opinion", "amount"}
    assert secretary.get(f"/v2/user-tasks/{task['userTaskKey']}")["state"] == "CREATED"


def test_completing_twice_is_a_wrong_state(approval: str, api: Connect):
    secretary = api("secretary")
    [task] = secretary.search("user-tasks")
    path = f"/v2/user-tasks/{task['userTaskKey']}/completion"
    secretary.post(path, {"variables": {"opinion": "同意"}}, status=204)
    problem = secretary.post(path, {"variables": {"opinion": "同意"}}, status=409)
    assert problem["title"] == "INVALID_STATE"


def test_whom_a_task_does_not_concern_cannot_tell_it_from_none(approval: str, api: Connect):
    [task] = api("secretary").search("user-tasks")
    stranger = api("resident")
    assert stranger.search("user-tasks") == []
    there = stranger.get(f"/v2/user-tasks/{task['userTaskKey']}", status=404)
    nowhere = stranger.get("/v2/user-tasks/1", status=404)
    assert {**there, "instance": ""} == {**nowhere, "instance": ""}


def test_an_overseer_sees_a_task_but_cannot_do_it(approval: str, admin: Api):
    [task] = admin.search("user-tasks")
    key = task["userTaskKey"]
    admin.post(f"/v2/user-tasks/{key}/completion", {"variables": {"opinion": "x"}}, status=403)
    admin.post(f"/v2/user-tasks/{key}/assignment", {"assignee": "admin"}, status=204)
    admin.post(f"/v2/user-tasks/{key}/completion", {"variables": {"opinion": "x"}}, status=204)


def test_an_instance_that_ends_at_once_answers_its_variables(admin: Api):
    admin.deploy(("at_once.bpmn", AT_ONCE))
    body = {
        "processDefinitionId": "at_once",
        "variables": {"a": 1, "b": 2},
        "awaitCompletion": True,
        "fetchVariables": ["sum"],
    }
    assert admin.post("/v2/process-instances", body)["variables"] == {"sum": 3}


def test_only_administrators_programs_start_with_variables(approval: str, api: Connect):
    body = {"processDefinitionId": "approval", "variables": {"roster": []}}
    problem = api("resident").post("/v2/process-instances", body, status=403)
    assert "表单" in problem["detail"]


def test_elements_are_shown_while_they_run_and_after(approval: str, admin: Api):
    found = {e["elementId"]: e for e in admin.search("element-instances", processInstanceKey=approval)}
    assert found["start"]["state"] == "COMPLETED"
    assert found["start"]["endDate"] is not None
    assert (found["approve"]["state"], found["approve"]["type"]) == ("ACTIVE", "USER_TASK")
    assert found["approval"]["type"] == "PROCESS"
    admin.post(f"/v2/process-instances/{approval}/cancellation", status=204)
    assert {e["state"] for e in admin.search("element-instances", elementId="approve")} == {"TERMINATED"}


def test_variables_are_shown_as_json_text(approval: str, admin: Api):
    admin.call(
        "PUT",
        f"/v2/element-instances/{approval}/variables",
        {"variables": {"title": "修路", "n": 2}},
        status=204,
    )
    found = {v["name"]: v["value"] for v in admin.search("variables", processInstanceKey=approval)}
    assert (found["title"], found["n"]) == ('"修路"', "2")
    [match] = admin.search("process-instances", variables=[{"name": "title", "value": '"修路"'}])
    assert match["processInstanceKey"] == approval


def test_what_the_system_gave_cannot_be_rewritten(approval: str, admin: Api):
    body = {"variables": {"initiator": "resident"}}
    admin.call("PUT", f"/v2/element-instances/{approval}/variables", body, status=403)
