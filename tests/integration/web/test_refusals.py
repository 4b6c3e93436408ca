"""Bad input: refused in a sentence, nothing stored but the draft, nothing done twice."""

from __future__ import annotations

import io

import pytest

from engine import instances, user_tasks
from engine.runtime import Actor
from tests.integration.web.browser import PHOTO, Browser
from tests.integration.web.meeting import PROPOSAL, Browse
from web.wiring import Product
from workflows.organisation import store as organisation
from workflows.organisation.model import Post


@pytest.fixture
def resident(browse: Browse) -> Browser:
    """A resident on the proposal form of a matter just started."""
    resident = browse("resident")
    resident.get("/matters/new")
    resident.press("开始填写八位一体议事会")
    return resident


def test_a_wrong_form_is_told_by_the_field_and_kept_as_a_draft(resident: Browser):
    path = resident.path
    resident.submit({"title": "电梯", "facts": "短"})
    assert resident.status == 422
    assert "请填写议题名称" in resident.text or "请改写议题名称" in resident.text
    wrong = resident.html.xpath("//*[@name='title']")[0]
    told = resident.html.get_element_by_id(wrong.get("aria-describedby").split()[0])
    assert "4 到 50 个字" in told.text_content()
    resident.get(path)
    assert resident.html.xpath("//*[@name='title']/@value") == ["电梯"]


def test_a_saved_draft_comes_back(resident: Browser):
    path = resident.path
    resident.submit({"title": "电梯更换"}, do="save")
    assert "草稿已保存" in resident.text
    resident.get(path)
    assert resident.html.xpath("//*[@name='title']/@value") == ["电梯更换"]


def test_starting_twice_with_one_form_starts_one_matter(browse: Browse):
    resident = browse("resident")
    resident.get("/matters/new")
    page = resident.html
    resident.press("开始填写八位一体议事会")
    first = resident.path
    resident.html = page
    resident.press("开始填写八位一体议事会")
    assert resident.path == first
    resident.get("/tasks")
    assert resident.text.count("提出议题") == 1


def test_handing_in_twice_acts_once_and_lands_on_the_same_page(resident: Browser, product: Product):
    page = resident.html
    resident.submit(PROPOSAL)
    landed = resident.path
    resident.html = page
    resident.submit(PROPOSAL)
    assert (resident.status, resident.path) == (200, landed)
    with product.engine.look(Actor.system(), "jsjy") as work:
        screenings = [task for task in _open(work) if task.element_id == "topic_screening"]
    assert len(screenings) == 1


def _open(work):
    return [task for one in instances.find(work) for task in user_tasks.of_instance(work, one.key)]


def test_a_colleague_who_comes_too_late_is_told_who_did_it(
    browse: Browse, resident: Browser, product: Product
):
    with product.store.transaction() as connection:
        organisation.appoint(connection, Post("neighbour", "secretariat", "jsjy"))
    resident.submit(PROPOSAL)
    quick, slow = browse("secretary"), browse("neighbour")
    slow.get("/tasks?view=claimable")
    slow.follow("议题初审")
    task = slow.path.rstrip("?")
    quick.get(task)
    quick.press("认领这项任务")
    quick.submit({"complexity": "complex"})
    slow.get(task)
    assert slow.status == 409
    assert "秘书已于今天 09:00办结这一步" in slow.text


def test_a_file_that_is_not_what_its_name_says_is_refused(resident: Browser):
    form = resident.html.get_element_by_id("form")
    data = {"csrf_token": resident.html.xpath("//input[@name='csrf_token']/@value")[0], "_do": "save"}
    data["evidence"] = (io.BytesIO(b"#!/bin/sh"), "照片.png")
    answer = resident.client.post(form.get("action"), data=data)
    page = resident.get(form.get("action")).text if answer.status_code == 302 else answer.text
    assert 'value="照片.png"' not in page


def test_an_attachment_is_a_download_for_those_concerned_and_nobody_else(browse: Browse, resident: Browser):
    resident.submit(PROPOSAL, files={"evidence": 1})
    resident.get("/tasks?view=done")
    resident.follow("提出议题")
    resident.follow("查看事项")
    resident.get(next(a.get("href") for a in resident.html.iter("a") if "查看内容" in a.text_content()))
    link = resident.html.xpath("//a[contains(@href, '/attachments/')]/@href")[0]
    with resident.client.get(link) as file:
        assert file.data == PHOTO
        assert file.headers["Content-Disposition"].startswith("attachment")
    assert browse("neighbour").client.get(link).status_code == 404
    assert browse("").client.get(link).status_code == 302


def test_too_much_at_once_is_refused_in_chinese(resident: Browser, product: Product):
    form = resident.html.get_element_by_id("form")
    resident.client.application.config["MAX_CONTENT_LENGTH"] = 1000
    answer = resident.client.post(form.get("action"), data={"facts": "长" * 2000})
    assert answer.status_code == 413
    assert "每个文件不超过 10 MB" in answer.text


def test_a_fault_shows_a_number_and_stores_nothing(
    resident: Browser, monkeypatch: pytest.MonkeyPatch, caplog
):
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(user_tasks, "complete_held", broken)
    resident.submit(PROPOSAL)
    assert resident.status == 500
    number = resident.html.xpath("//b[@class='code']")[0].text_content()
    assert number in caplog.text
    assert "没有生效" in resident.text


def test_a_file_that_is_no_process_is_refused(browse: Browse):
    admin = browse("admin")
    admin.get("/admin/processes")
    token = admin.html.xpath("//input[@name='csrf_token']/@value")[0]
    model = b"<!DOCTYPE x [<!ENTITY e 'boom'>]><definitions/>"
    answer = admin.client.post(
        "/admin/processes", data={"csrf_token": token, "files": (io.BytesIO(model), "坏的.bpmn")}
    )
    assert answer.status_code == 422
    assert "恰好有一个流程" in answer.text


def test_an_administrator_sees_each_version_and_what_runs_on_it(browse: Browse, resident: Browser):
    admin = browse("admin")
    admin.get("/admin/processes")
    admin.follow("八位一体议事会")
    assert "这一版在办的事项（1 件）" in admin.text
    source = admin.html.xpath("//*[@data-bpmn-viewer]/@data-src")[0]
    diagram = admin.client.get(source)
    assert diagram.mimetype == "application/xml"
    assert b"deliberation_meeting" in diagram.data


def test_the_proposer_withdraws_with_a_reason(browse: Browse, resident: Browser):
    resident.submit(PROPOSAL)
    resident.follow("查看事项")
    matter = resident.path.rstrip("?")
    resident.post(f"{matter}/withdraw", reason=" ")
    assert resident.status == 403
    resident.get(matter)
    resident.post(f"{matter}/withdraw", reason="已经修好了")
    assert "议题已撤回" in resident.text
    assert "提案人撤回" in resident.text
    secretary = browse("secretary")
    assert secretary.get(matter).status_code == 200
    secretary.post(f"{matter}/withdraw", reason="代为撤回")
    assert secretary.status == 404
