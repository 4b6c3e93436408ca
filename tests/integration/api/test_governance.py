"""What governance adds: handing on with a reason, drafts, ballots, the course of a matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.clock import VirtualClock
from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL, APPROVAL_FORM, BALLOT, BALLOT_FORM
from web.wiring import Product
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox, BallotMode, Choice
from workflows.notices import store as notices
from workflows.notices.model import NoticeKind, Notification, PublicNotice

Connect = Callable[..., Api]


@pytest.fixture
def task(admin: Api, api: Connect) -> str:
    """A task the secretary has taken."""
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    admin.start("approval")
    [found] = admin.search("user-tasks")
    key = str(found["userTaskKey"])
    api("secretary").post(f"/v2/user-tasks/{key}/assignment", {"assignee": "secretary"}, status=204)
    return key


def number(api: Api) -> str:
    [row] = api.search("variables", name="matter_no")
    return str(row["value"]).strip('"')


def test_a_task_is_handed_on_with_a_reason(task: str, api: Connect, admin: Api):
    body = {"assignee": "recorder", "reason": "出差"}
    api("secretary").post(f"/gov/v1/user-tasks/{task}/transfer", body, status=204)
    assert api("recorder").get(f"/v2/user-tasks/{task}")["assignee"] == "recorder"
    events = admin.get(f"/gov/v1/matters/{number(admin)}/timeline")
    assert events["intact"] is True
    [handed] = [e for e in events["items"] if e["kind"] == "TASK_REASSIGNED"]
    assert (handed["data"]["reason"], handed["actorId"]) == ("出差", "secretary")


def test_only_who_has_a_task_hands_it_on(task: str, api: Connect, admin: Api):
    body = {"assignee": "resident", "reason": "x"}
    admin.post(f"/gov/v1/user-tasks/{task}/transfer", body, status=404)
    api("resident").post(f"/gov/v1/user-tasks/{task}/transfer", body, status=404)
    api("secretary").post(f"/gov/v1/user-tasks/{task}/transfer", {**body, "assignee": "nobody"}, status=400)


def test_a_draft_is_ones_own_and_never_a_variable(task: str, api: Connect, admin: Api):
    secretary = api("secretary")
    path = f"/gov/v1/user-tasks/{task}/draft"
    secretary.get(path, status=204)
    secretary.call("PUT", path, {"data": {"opinion": "还没想好"}}, status=204)
    assert secretary.get(path)["data"] == {"opinion": "还没想好"}
    assert admin.search("variables", name="opinion") == []


def test_a_matter_is_shown_with_what_is_to_do(task: str, admin: Api, api: Connect):
    matter = admin.get(f"/gov/v1/matters/{number(admin)}")
    assert [one["userTaskKey"] for one in matter["openTasks"]] == [task]
    assert matter["openTasks"][0]["assignee"] == "secretary"
    api("resident").get(f"/gov/v1/matters/{matter['matterNo']}", status=404)


def test_what_is_no_ballot_is_not_cast(task: str, api: Connect):
    api("secretary").post(f"/gov/v1/user-tasks/{task}/ballot", {"variables": {}}, status=403)


def test_a_ballot_is_cast_once_for_a_receipt_and_leaves_no_trace(
    admin: Api, api: Connect, product: Product, clock: VirtualClock
):
    now = clock.now()
    box = BallotBox("jsjy", "b1", "YSH-1", BallotMode.SECRET, "更换电梯", 1, now, now + timedelta(hours=1))
    with product.store.transaction() as connection:
        ballots.open_box(connection, box)
    admin.deploy(("vote.bpmn", BALLOT), ("paper.form", BALLOT_FORM))
    instance = admin.start("vote", ballot_box="b1", voter={"seat": "party", "person": "party"})
    voter = api("party")
    [task] = voter.search("user-tasks")
    path = f"/gov/v1/user-tasks/{task['userTaskKey']}"
    voter.post(
        f"/v2/user-tasks/{task['userTaskKey']}/completion", {"variables": {"choice": "同意"}}, status=409
    )
    voter.call("PUT", f"{path}/draft", {"data": {"choice": "同意"}}, status=403)
    admin.post(f"/v2/user-tasks/{task['userTaskKey']}/assignment", {"assignee": "admin"}, status=403)
    voter.post(f"{path}/ballot", {"variables": {"choice": "也许"}}, status=400)
    receipt = voter.post(f"{path}/ballot", {"variables": {"choice": "同意"}})["receipt"]
    with product.store.snapshot() as connection:
        assert ballots.look_up(connection, "jsjy", receipt) is not None
    voter.post(f"{path}/ballot", {"variables": {"choice": "反对"}}, status=409)
    assert admin.search("variables", processInstanceKey=instance, name="choice") == []
    events = admin.get(f"/gov/v1/matters/{number(admin)}/timeline")
    assert "同意" not in str(events)


def test_papers_are_counted_out_only_after_the_box_is_closed(
    task: str, admin: Api, product: Product, clock: VirtualClock
):
    matter_no = number(admin)
    now = clock.now()
    box = BallotBox(
        "jsjy", "b1", matter_no, BallotMode.SECRET, "同意更换电梯", 2, now, now + timedelta(hours=1)
    )
    with product.store.transaction() as connection:
        ballots.open_box(connection, box)
        ballots.cast(connection, "jsjy", "b1", "party", "party", Choice.AGREE)
    [shown] = admin.get(f"/gov/v1/matters/{matter_no}/ballot-boxes")["items"]
    assert (shown["returned"], shown["agree"]) == (None, None)
    with product.store.transaction() as connection:
        ballots.close(connection, box, now)
    [shown] = admin.get(f"/gov/v1/matters/{matter_no}/ballot-boxes")["items"]
    assert (shown["returned"], shown["agree"], shown["disagree"], shown["entitled"]) == (1, 1, 0, 2)


def test_the_notice_board_is_for_everybody(api: Connect, product: Product, clock: VirtualClock):
    now = clock.now()
    notice = PublicNotice("jsjy", 7, NoticeKind.RESOLUTION, "决议", "正文", "YSH-1", now, now)
    with product.store.transaction() as connection:
        notices.publish(connection, notice)
    stranger = api("")
    assert [one["title"] for one in stranger.get("/gov/v1/notices")["items"]] == ["决议"]
    assert api("resident").get("/gov/v1/notices/7")["body"] == "正文"


def test_messages_are_read_by_whom_they_are_for(api: Connect, product: Product, clock: VirtualClock):
    with product.store.transaction() as connection:
        notices.notify(
            connection, [Notification("jsjy", 1, "resident", "请办", "正文", "YSH-1", clock.now())]
        )
    neighbour, resident = api("neighbour"), api("resident")
    assert neighbour.get("/gov/v1/notifications")["items"] == []
    neighbour.post("/gov/v1/notifications/read", {"ids": ["1"]}, status=204)
    assert resident.get("/gov/v1/notifications")["items"][0]["readAt"] is None
    resident.post("/gov/v1/notifications/read", {"ids": ["1"]}, status=204)
    assert resident.get("/gov/v1/notifications")["items"][0]["readAt"] is not None
