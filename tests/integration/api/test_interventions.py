"""Administrators' programs let matters rest, end them with a reason, and look before they leap."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.api.conftest import Api
from tests.integration.api.test_changes import active, deploy, modify, steps, two_steps

__all__ = ["steps"]

Connect = Callable[..., Api]

PREFIX = "/gov/v1/process-instances"


def state(admin: Api, instance: str) -> str:
    return str(admin.get(f"/v2/process-instances/{instance}")["state"])


def test_a_matter_rests_and_goes_on(steps: str, admin: Api):
    admin.post(f"{PREFIX}/{steps}/suspension", {"reason": "等街道答复"}, status=204)
    shown = admin.get(f"/v2/process-instances/{steps}")
    assert (shown["state"], bool(shown["suspendedDate"])) == ("SUSPENDED", True)
    [task] = admin.search("user-tasks", state="CREATED")
    admin.post(f"/v2/user-tasks/{task['userTaskKey']}/completion", status=409)
    admin.post(f"{PREFIX}/{steps}/suspension", {"reason": "再停"}, status=409)
    admin.post(f"{PREFIX}/{steps}/resumption", status=204)
    assert state(admin, steps) == "ACTIVE"
    kinds = [one["operationType"] for one in admin.search("audit-logs", processInstanceKey=steps)]
    assert sorted(kinds) == ["CREATE", "RESUME", "SUSPEND"]


def test_a_matter_is_ended_with_a_reason(steps: str, admin: Api):
    admin.post(f"{PREFIX}/{steps}/cancellation", {"reason": ""}, status=400)
    admin.post(f"{PREFIX}/{steps}/cancellation", {"reason": "重复立项"}, status=204)
    assert state(admin, steps) == "TERMINATED"


def test_a_preview_shows_what_a_modification_then_does(steps: str, admin: Api):
    move = {
        "sourceElementInstruction": {"sourceType": "byId", "sourceElementId": "a"},
        "targetElementId": "b",
    }
    shown = admin.post(f"{PREFIX}/{steps}/modification-preview", {"moveInstructions": [move]})
    assert (shown["before"], shown["after"], shown["state"]) == (["a"], ["b"], "ACTIVE")
    assert active(admin, steps) == {"a"}
    modify(admin, steps, moveInstructions=[move])
    assert active(admin, steps) == {"b"}


def test_a_trial_names_the_matters_that_cannot_be_migrated(steps: str, admin: Api):
    old = admin.get(f"/v2/process-instances/{steps}")["processDefinitionKey"]
    new = deploy(admin, two_steps(second="c"))
    modify(admin, steps, activateInstructions=[{"elementId": "b"}])
    path = f"/gov/v1/process-definitions/{old}/migration-preview"
    [found] = admin.post(path, {"targetProcessDefinitionKey": new})["items"]
    assert (found["processInstanceKey"], len(found["problems"])) == (steps, 1)
    pairs = [{"sourceElementId": old, "targetElementId": new} for old, new in (("a", "a"), ("b", "c"))]
    body = {"targetProcessDefinitionKey": new, "mappingInstructions": pairs}
    assert admin.post(path, body)["items"][0]["problems"] == []


@pytest.mark.parametrize("what", ["suspension", "resumption", "cancellation", "modification-preview"])
def test_only_administrators_intervene(steps: str, api: Connect, what: str):
    body = {"reason": "不想办"} if what in ("suspension", "cancellation") else {}
    api("resident").post(f"{PREFIX}/{steps}/{what}", body, status=403)
