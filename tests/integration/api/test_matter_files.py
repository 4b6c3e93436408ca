"""Files of matters and tasks, receipts of ballots, the public lists: who gets what."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from engine.clock import VirtualClock
from engine.runtime import Actor
from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL, APPROVAL_FORM
from tests.integration.web.browser import PHOTO
from web import startup
from web.wiring import Product
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox, BallotMode, Choice
from workflows.issues import store as issues
from workflows.issues.model import Issue
from workflows.notices import store as notices
from workflows.notices.model import NoticeKind, PublicNotice

Connect = Callable[..., Api]


@pytest.fixture
def matter(admin: Api, api: Connect) -> str:
    """The address of a matter in which the secretary has something to do."""
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    admin.start("approval")
    [row] = admin.search("variables", name="matter_no")
    number = str(row["value"]).strip('"')
    return f"/gov/v1/matters/{number}"


def upload(who: Api, path: str, name: str = "现场.png", content: bytes = PHOTO, status: int = 200):  # type: ignore[no-untyped-def]
    file = {"file": (io.BytesIO(content), name)}
    return who.call("POST", path, status=status, data=file, content_type="multipart/form-data")


def task_of(secretary: Api) -> str:
    [found] = secretary.search("user-tasks")
    return str(found["userTaskKey"])


def test_a_file_of_a_matter_is_for_those_whom_it_concerns(matter: str, api: Connect, admin: Api):
    secretary, resident = api("secretary"), api("resident")
    sent = upload(secretary, f"{matter}/attachments")
    assert (sent["name"], sent["type"], sent["size"]) == ("现场.png", "image/png", len(PHOTO))
    assert admin.get(f"{matter}/attachments")["items"] == [sent]
    with admin.send("GET", f"/gov/v1/attachments/{sent['id']}") as file:
        assert file.data == PHOTO
        assert file.headers["Content-Disposition"].startswith("attachment")
    resident.get(f"{matter}/attachments", status=404)
    resident.get(f"/gov/v1/attachments/{sent['id']}", status=404)
    upload(resident, f"{matter}/attachments", status=404)


def test_the_same_file_again_is_there_once(matter: str, api: Connect):
    secretary = api("secretary")
    first, again = (upload(secretary, f"{matter}/attachments") for _ in range(2))
    assert first == again
    assert len(secretary.get(f"{matter}/attachments")["items"]) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("病毒.exe", b"MZ"), ("照片.png", b"#!/bin/sh"), ("空.png", b"")],
    ids=["type", "content", "empty"],
)
def test_a_file_that_is_not_taken_is_refused_in_a_sentence(
    matter: str, api: Connect, name: str, content: bytes
):
    refused = upload(api("secretary"), f"{matter}/attachments", name, content, status=400)
    assert name in refused["detail"]


def test_a_request_without_a_file_says_which_part_is_missing(matter: str, api: Connect):
    assert "file" in api("secretary").post(f"{matter}/attachments", status=400)["detail"]


def test_a_file_for_a_form_is_seen_by_its_sender_alone(matter: str, api: Connect, admin: Api):
    secretary = api("secretary")
    path = f"/gov/v1/user-tasks/{task_of(secretary)}/attachments"
    sent = upload(secretary, path)
    assert secretary.get(path)["items"] == [sent]
    assert admin.get(f"{matter}/attachments")["items"] == []


# -- ballots -----------------------------------------------------------------------------------------


@pytest.fixture
def receipts(product: Product, clock: VirtualClock) -> dict[BallotMode, str]:
    now = clock.now()
    with product.store.transaction() as connection:
        found = {}
        for mode in BallotMode:
            box = BallotBox("jsjy", mode, "YSH-1", mode, "更换电梯", 1, now, now + timedelta(hours=1))
            ballots.open_box(connection, box)
            found[mode] = ballots.cast(connection, "jsjy", mode, "party", "party", Choice.AGREE)
    return found


@pytest.mark.parametrize(("mode", "choice"), [(BallotMode.SECRET, None), (BallotMode.NAMED, "同意")])
def test_a_receipt_is_checked_without_saying_who_asks(
    app: Flask, receipts: dict[BallotMode, str], mode: BallotMode, choice: str | None
):
    answer = app.test_client().post("/gov/v1/ballot-receipts/check", json={"receipt": receipts[mode]})
    assert answer.get_json() == {
        "matterNo": "YSH-1",
        "motionText": "更换电梯",
        "mode": str(mode),
        "closedAt": None,
        "choice": choice,
    }


def test_a_code_nobody_was_given_proves_nothing(app: Flask):
    answer = app.test_client().post("/gov/v1/ballot-receipts/check", json={"receipt": "AAAA-AAAA"})
    assert answer.status_code == 404


def test_the_arithmetic_of_a_vote_is_told_once_it_is_counted(
    matter: str, admin: Api, product: Product, clock: VirtualClock
):
    number, now = matter.rpartition("/")[2], clock.now()
    box = BallotBox(
        "jsjy", f"{number}/1", number, BallotMode.SECRET, "更换电梯", 1, now, now + timedelta(hours=1)
    )
    [instance] = admin.search("process-instances")
    with product.store.transaction() as connection:
        ballots.open_box(connection, box)
        ballots.cast(connection, "jsjy", box.id, "party", "party", Choice.AGREE)
    [open_] = admin.get(f"{matter}/ballot-boxes")["items"]
    assert (open_["agree"], open_["arithmetic"]) == (None, None)
    with product.store.transaction() as connection:
        ballots.close(connection, box, now)
    lines = {"ballot_box": box.id, "tally_lines": ["同意 1 票 × 2 = 2 > 基数 1 票"], "tally_basis": "第九条"}
    key = instance["processInstanceKey"]
    admin.call("PUT", f"/v2/element-instances/{key}/variables", {"variables": lines}, status=204)
    [closed] = admin.get(f"{matter}/ballot-boxes")["items"]
    assert (closed["agree"], closed["arithmetic"], closed["basis"]) == (1, lines["tally_lines"], "第九条")


# -- public lists ------------------------------------------------------------------------------------


def test_objections_are_for_resolutions_in_their_time_only(
    api: Connect, product: Product, clock: VirtualClock
):
    now = clock.now()
    startup.deploy(product, startup.models())
    with product.store.transaction() as connection:
        for id_, kind in ((7, NoticeKind.RESOLUTION), (8, NoticeKind.MEETING)):
            until = now + timedelta(days=1)
            notices.publish(connection, PublicNotice("jsjy", id_, kind, "公示", "正文", "YSH-1", now, until))
    resident = api("resident")
    told = {one["id"]: one["openToObjections"] for one in api("").get("/gov/v1/notices")["items"]}
    assert told == {"7": True, "8": False}
    body = {"variables": {"objection_type": "计票错误", "content": "短"}}
    wrong = resident.post("/gov/v1/notices/7/objections", body, status=400)
    assert "content" in wrong["errors"]
    body["variables"]["content"] = "公示的同意票数与现场唱票的数目不一致，请居务监督委员会复核计票记录。"
    assert "正在审查" in resident.post("/gov/v1/notices/7/objections", body, status=403)["detail"]
    assert "公示期已满" in resident.post("/gov/v1/notices/8/objections", body, status=403)["detail"]
    assert resident.get("/gov/v1/notices/7/objection-form")["formId"] == "deliberation_meeting.objection"


def test_open_issues_are_told_to_everybody_without_a_word_somebody_wrote(
    app: Flask, admin: Api, product: Product, clock: VirtualClock
):
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    keys = [admin.start("approval") for _ in range(3)]
    with product.store.transaction() as connection:
        for number, (key, sensitive) in enumerate(zip(keys, (False, True, False), strict=True), 1):
            new = Issue(
                "jsjy",
                f"SB-{number}",
                int(key),
                "g1",
                "elevator",
                "张三家漏水",
                "3号楼",
                "电话13800138000",
                clock.now(),
                "resident",
                sensitive,
            )
            issues.register(connection, new)
    with product.engine.work(Actor.system(), "jsjy") as work:
        work.execution(int(keys[2])).stop()
    answer = app.test_client().get("/gov/v1/issues")
    [issue] = answer.get_json()["items"]
    assert issue["matterNo"] == "SB-1"
    assert (issue["gridName"], issue["stage"], issue["category"]) == ("第一网格", "办理中", "elevator")
    assert not any(word in answer.text for word in ("张三", "3号楼", "138", "resident"))
