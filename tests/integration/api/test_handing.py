"""Tasks in other hands by HTTP: whom it touches is told, whom it does not touch learns nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import VirtualClock
from tests.architecture.sources import ROOT
from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL, APPROVAL_FORM, chain, element, process
from web.wiring import Product
from workflows.organisation import store as organisation
from workflows.organisation.model import Post

Connect = Callable[..., Api]
DONE = {"variables": {"opinion": "同意"}}
OPINION = (ROOT / "bpmn" / "collaboration" / "opinion.form").read_bytes()


def form_task(identity: str) -> str:
    return element(
        "userTask",
        identity,
        '<zeebe:userTask/><zeebe:formDefinition formId="approval"/>'
        '<zeebe:assignmentDefinition candidateGroups="secretariat"/>',
    )


LINE = process(
    "line",
    element("startEvent", "start")
    + form_task("first")
    + form_task("second")
    + element("endEvent", "end")
    + chain("start", "first", "second", "end"),
    name="两步",
)


@pytest.fixture
def second_secretary(product: Product) -> None:
    """The neighbour is of the secretariat too."""
    with product.store.transaction() as connection:
        organisation.appoint(connection, Post("neighbour", "secretariat", "jsjy"))


@pytest.fixture
def task(admin: Api, api: Connect) -> str:
    """The first of two steps, taken by the secretary."""
    admin.deploy(("line.bpmn", LINE), ("approval.form", APPROVAL_FORM), ("opinion.form", OPINION))
    admin.start("line")
    return claimed(api("secretary"))


def claimed(who: Api, person: str = "secretary") -> str:
    [found] = who.search("user-tasks", state="CREATED")
    key = str(found["userTaskKey"])
    who.post(f"/v2/user-tasks/{key}/assignment", {"assignee": person}, status=204)
    return key


def number(api: Api) -> str:
    [row] = api.search("variables", name="matter_no")
    return str(row["value"]).strip('"')


def letters(api: Api) -> list[str]:
    return [one["title"] for one in api.get("/gov/v1/notifications")["items"]]


def gov(task: str, verb: str) -> str:
    return f"/gov/v1/user-tasks/{task}/{verb}"


def test_who_is_given_a_task_and_who_started_the_matter_are_told(task: str, api: Connect, admin: Api):
    body = {"assignee": "recorder", "reason": "出差"}
    api("secretary").post(gov(task, "transfer"), body, status=204)
    assert letters(api("recorder")) == ["转办给您：first"]
    assert letters(admin) == ["事项换人办理：first"]


def test_a_delegated_task_is_not_completed_but_handed_back(task: str, api: Connect):
    secretary, recorder = api("secretary"), api("recorder")
    secretary.post(gov(task, "delegation"), {"assignee": "recorder", "reason": "请先核实"}, status=204)
    assert recorder.get(f"/v2/user-tasks/{task}")["assignee"] == "recorder"
    refused = recorder.post(f"/v2/user-tasks/{task}/completion", DONE, status=409)
    assert refused["title"] == "INVALID_STATE"
    recorder.call("PUT", gov(task, "draft"), {"data": {"opinion": "属实"}}, status=204)
    recorder.post(gov(task, "resolution"), {"note": "已核实"}, status=204)
    assert secretary.get(gov(task, "draft"))["data"] == {"opinion": "属实"}
    assert letters(secretary) == ["已交还：first"]
    secretary.post(f"/v2/user-tasks/{task}/completion", DONE, status=204)


def test_the_owner_takes_a_delegated_task_back(task: str, api: Connect):
    secretary, recorder = api("secretary"), api("recorder")
    secretary.post(gov(task, "delegation"), {"assignee": "recorder", "reason": "请先核实"}, status=204)
    recorder.call("DELETE", gov(task, "delegation"), status=403)
    secretary.call("DELETE", gov(task, "delegation"), status=204)
    recorder.get(f"/v2/user-tasks/{task}", status=404)
    secretary.post(f"/v2/user-tasks/{task}/completion", DONE, status=204)


def test_opinions_come_before_the_completion(task: str, api: Connect):
    secretary, recorder = api("secretary"), api("recorder")
    asked = {"persons": ["recorder", "supervisor"], "reason": "涉及费用"}
    first, second = secretary.post(gov(task, "signers"), asked)["items"]
    assert (first["person"], first["state"], first["opinion"]) == ("recorder", "CREATED", None)
    secretary.post(f"/v2/user-tasks/{task}/completion", DONE, status=409)
    mine = first["userTaskKey"]
    assert recorder.get(f"/v2/user-tasks/{mine}")["elementId"] == "first"
    assert recorder.get(f"/v2/user-tasks/{mine}/form")["formId"] == "collaboration.opinion"
    opinion: dict[str, Any] = {"variables": {"position": "不同意"}}
    recorder.post(f"/v2/user-tasks/{mine}/completion", opinion, status=400)
    opinion["variables"]["opinion"] = "先比价"
    recorder.post(f"/v2/user-tasks/{mine}/completion", opinion, status=204)
    recorder.post(gov(second["userTaskKey"], "signature-removal"), {"reason": "x"}, status=404)


def test_who_asked_for_an_opinion_reads_it_or_drops_it(task: str, api: Connect):
    secretary, recorder = api("secretary"), api("recorder")
    asked = {"persons": ["recorder", "supervisor"], "reason": "涉及费用"}
    first, second = secretary.post(gov(task, "signers"), asked)["items"]
    opinion = {"position": "有保留", "opinion": "先比价"}
    recorder.post(f"/v2/user-tasks/{first['userTaskKey']}/completion", {"variables": opinion}, status=204)
    secretary.post(gov(second["userTaskKey"], "signature-removal"), {"reason": "已问过"}, status=204)
    signers = secretary.get(gov(task, "signers"))["items"]
    assert [(one["state"], one["opinion"]) for one in signers] == [("COMPLETED", opinion), ("CANCELED", None)]
    assert letters(api("supervisor")) == ["不再需要加签：first", "请您加签：first"]
    secretary.post(f"/v2/user-tasks/{task}/completion", DONE, status=204)


def test_a_step_is_sent_back_to_whoever_did_it(task: str, api: Connect, second_secretary: None):
    secretary, neighbour = api("secretary"), api("neighbour")
    secretary.post(f"/v2/user-tasks/{task}/completion", DONE, status=204)
    second = claimed(neighbour, "neighbour")
    assert neighbour.get(gov(second, "return-targets"))["items"] == [
        {"elementId": "first", "name": "first", "person": "secretary", "personName": "秘书"}
    ]
    back = {"target": "first", "reason": "材料不全"}
    again = neighbour.post(gov(second, "return"), back)["userTaskKey"]
    assert secretary.get(f"/v2/user-tasks/{again}")["assignee"] == "secretary"
    assert letters(secretary) == ["退回给您：first"]
    neighbour.post(gov(second, "return"), back, status=409)


def test_a_step_is_taken_back_until_somebody_works_on_the_next(
    task: str, api: Connect, second_secretary: None
):
    secretary = api("secretary")
    secretary.post(f"/v2/user-tasks/{task}/completion", DONE, status=204)
    again = secretary.post(gov(task, "taking-back"))["userTaskKey"]
    assert secretary.get(f"/v2/user-tasks/{again}")["assignee"] == "secretary"
    secretary.post(f"/v2/user-tasks/{again}/completion", DONE, status=204)
    claimed(api("neighbour"), "neighbour")
    secretary.post(gov(again, "taking-back"), status=409)


def test_urging_is_open_to_those_who_take_part_once_a_day(
    task: str, api: Connect, admin: Api, clock: VirtualClock
):
    secretary = api("secretary")
    secretary.post(gov(task, "urge"), status=403)  # it is their own
    api("resident").post(gov(task, "urge"), status=404)
    admin.post(gov(task, "urge"), {"note": "居民在等"}, status=204)
    assert letters(secretary) == ["催办：first"]
    too_soon = admin.send("POST", gov(task, "urge"), {})
    assert too_soon.status_code == 429
    assert too_soon.headers["Retry-After"] == "Tue, 24 Nov 2026 01:00:00 GMT"
    clock.advance(timedelta(days=1))
    admin.post(gov(task, "urge"), status=204)
    assert len(letters(secretary)) == 2


def test_a_copy_lets_read_and_no_more(task: str, api: Connect, admin: Api):
    matter = f"/gov/v1/matters/{number(admin)}"
    resident = api("resident")
    resident.get(matter, status=404)
    sent = api("secretary").post(f"{matter}/copies", {"persons": ["resident"], "note": "请阅知"})
    assert [(one["person"], one["readAt"]) for one in sent["items"]] == [("resident", None)]
    assert letters(resident) == ["抄送给您"]
    assert resident.get(matter)["matterNo"] == number(admin)
    resident.post(f"{matter}/comments", {"text": "我来说两句"}, status=403)
    resident.post(f"{matter}/copies", {"persons": ["neighbour"]}, status=403)
    resident.get(f"/v2/user-tasks/{task}", status=404)
    resident.post(gov(task, "urge"), status=403)
    resident.post(f"{matter}/copies/read", status=204)
    [receipt] = admin.get(f"{matter}/copies")["items"]
    assert receipt["readAt"] == "2026-11-23T01:00:00.000Z"


def test_an_auditor_reads_and_does_nothing(task: str, api: Connect, admin: Api, product: Product):
    with product.store.transaction() as connection:
        organisation.appoint(connection, Post("neighbour", "auditor", "jsjy"))
    matter, auditor = f"/gov/v1/matters/{number(admin)}", api("neighbour")
    assert auditor.get(f"{matter}/comments")["items"] == []
    auditor.post(f"{matter}/comments", {"text": "我来说两句"}, status=403)
    auditor.post(f"{matter}/copies", {"persons": ["resident"]}, status=403)
    auditor.post(gov(task, "urge"), status=403)


def test_sending_a_copy_again_sends_nothing(task: str, api: Connect, admin: Api):
    path = f"/gov/v1/matters/{number(admin)}/copies"
    for _ in range(2):
        assert len(api("secretary").post(path, {"persons": ["resident"]})["items"]) == 1
    assert letters(api("resident")) == ["抄送给您"]


def test_comments_are_read_by_those_whom_the_matter_concerns(task: str, api: Connect, admin: Api):
    matter = f"/gov/v1/matters/{number(admin)}"
    api("secretary").post(f"{matter}/comments", {"text": "已联系物业"})
    [said] = admin.get(f"{matter}/comments")["items"]
    assert (said["text"], said["author"], said["authorName"]) == ("已联系物业", "secretary", "秘书")
    assert letters(admin) == ["事项有新留言"]
    assert admin.get(f"{matter}/timeline")["intact"] is True
    api("resident").get(f"{matter}/comments", status=404)
    api("secretary").post(f"{matter}/comments", {"text": "  "}, status=403)


def test_a_request_that_comes_again_under_its_key_is_done_once(task: str, api: Connect, admin: Api):
    path = f"/gov/v1/matters/{number(admin)}/comments"
    secretary = api("secretary")
    secretary.headers["Idempotency-Key"] = "a1"
    first, again = (secretary.post(path, {"text": "已联系物业"}) for _ in range(2))
    assert first == again
    other = secretary.post(path, {"text": "周三上门"})
    assert other != first
    assert len(admin.get(path)["items"]) == 2
    transfer = {"assignee": "recorder", "reason": "出差"}
    for _ in range(2):
        secretary.post(gov(task, "transfer"), transfer, status=204)
    assert letters(api("recorder")) == ["转办给您：first"]


def test_what_was_refused_is_tried_again_under_the_same_key(task: str, api: Connect):
    secretary = api("secretary")
    secretary.headers["Idempotency-Key"] = "a1"
    body = {"assignee": "nobody", "reason": "出差"}
    for _ in range(2):
        secretary.post(gov(task, "transfer"), body, status=400)


def test_a_matter_that_does_not_provide_for_it_is_not_withdrawn(task: str, admin: Api, api: Connect):
    path = f"/gov/v1/matters/{number(admin)}/withdrawal"
    admin.post(path, {"reason": "不办了"}, status=403)
    api("secretary").post(path, {"reason": "不办了"}, status=404)


def test_an_empty_reason_is_refused(task: str, api: Connect):
    body = {"assignee": "recorder", "reason": " "}
    api("secretary").post(gov(task, "transfer"), body, status=403)


def test_a_form_less_installation_says_what_is_missing(admin: Api, api: Connect):
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    admin.start("approval")
    secretary = api("secretary")
    body = {"persons": ["recorder"], "reason": "x"}
    assert "加签意见表" in secretary.post(gov(claimed(secretary), "signers"), body, status=404)["detail"]
