"""The workbench by its pages: drafts, what is wrong with them, and publishing by two people."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from lxml import etree

from engine import deployments, instances
from engine.clock import VirtualClock
from engine.runtime import Actor
from tests.integration.web.browser import Browser
from web.wiring import Product
from workflows.workbench import drafts, publishing
from workflows.workbench.model import Draft

Browse = Callable[[str], Browser]
REASON = {"reason": "居民反映到会的人太少", "basis": "2026 年 11 月 20 日议事会第 3 项决议"}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@pytest.fixture
def admin(browse: Browse) -> Browser:
    return browse("admin")


@pytest.fixture
def approver(browse: Browse) -> Browser:
    return browse("party")


class Desk:
    """What the editor's script says to the server, in the name of one browser."""

    def __init__(self, browser: Browser, draft: Draft, file: str) -> None:
        self.browser, self.draft, self.file = browser, draft, file
        self.base = f"/workbench/drafts/{draft.key}"
        browser.get(self.base)
        self.token = browser.html.xpath("//input[@name='csrf_token']/@value")[0]
        self.revision = self.load()["revision"]

    def load(self) -> Any:
        return self.browser.client.get(f"{self.base}/content?file={self.file}").json

    def save(self, content: str) -> Any:
        answer = self.post("content", {"content": content, "revision": self.revision})
        if answer.status_code == 200:
            self.revision = answer.json["revision"]
        return answer

    def post(self, what: str, data: Any) -> Any:
        return self.browser.client.post(
            f"{self.base}/{what}?file={self.file}", json=data, headers={"X-CSRF-Token": self.token}
        )

    def problems(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.browser.client.get(f"{self.base}/problems").json["problems"]
        return found


def begun(product: Product, admin: Browser, name: str = "场地借用", template: str = "application") -> Draft:
    admin.get("/workbench/new")
    admin.post("/workbench/new", name=name, template=template)
    assert admin.status == 200, admin.text
    return next(draft for draft in listed(product) if draft.name == name)


def changing(product: Product, admin: Browser, process_id: str = "deliberation_meeting") -> Draft:
    admin.get("/admin/processes")
    admin.post("/workbench/change", process=process_id)
    return next(draft for draft in listed(product) if draft.process_id == process_id)


def listed(product: Product) -> list[Draft]:
    with product.engine.look(Actor.system(), "jsjy") as work:
        return drafts.listing(work)


def handed_in(admin: Browser, draft: Draft) -> str:
    admin.get(f"/workbench/drafts/{draft.key}")
    admin.post(f"/workbench/drafts/{draft.key}/request", **REASON)
    return admin.path.rstrip("?")


def newest(product: Product, process_id: str) -> int:
    with product.engine.look(Actor.system(), "jsjy") as work:
        found = [d.version for d in deployments.definitions(work) if d.process_id == process_id and d.latest]
    return found[0] if found else 0


def drawing(desk: Desk) -> etree._Element:
    return etree.fromstring(desk.load()["content"].encode())


def text(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode")


# -- who may come in ---------------------------------------------------------------------------------


def test_the_workbench_is_not_there_for_members(browse: Browse, product: Product, admin: Browser):
    draft = begun(product, admin)
    for person, paths in {
        "resident": ("/workbench/new", f"/workbench/drafts/{draft.key}", "/workbench/bin", "/publications"),
        "party": ("/workbench/new", f"/workbench/drafts/{draft.key}/problems"),
    }.items():
        browser = browse(person)
        for path in paths:
            browser.get(path)
            assert browser.status == 404, path


def test_styles_on_elements_are_allowed_in_the_editor_alone(product: Product, admin: Browser):
    draft = begun(product, admin)
    file = f"{draft.process_id}/{draft.process_id}.bpmn"
    pages = {
        f"/workbench/drafts/{draft.key}/edit?file={file}": True,
        f"/workbench/drafts/{draft.key}": False,
        "/admin/processes": False,
    }
    for path, allowed in pages.items():
        policy = admin.get(path).headers["Content-Security-Policy"]
        assert ("'unsafe-inline'" in policy) is allowed
        assert "script-src 'self';" in policy


# -- drafts ------------------------------------------------------------------------------------------


def test_a_process_from_a_template_is_published_by_two_people_and_run(
    product: Product, admin: Browser, approver: Browser, browse: Browse
):
    draft = begun(product, admin)
    assert "没有发现问题" in admin.text
    request = handed_in(admin, draft)
    assert "送审人不能批准自己的改动" in admin.text
    approver.get("/messages")
    assert "“场地借用”的改动等您批准" in approver.text
    approver.get(request)
    approver.post(f"{request}/approve", remark="同意")
    assert "已发布：场地借用第 1 版" in approver.text
    assert listed(product) == []
    resident = browse("resident")
    resident.get("/matters/new")
    resident.press("场地借用")
    resident.submit({"title": "借活动室", "details": "周末合唱队排练"})
    assert "已办结：填写申请" in resident.text


def test_a_file_saves_itself_and_counts_its_revisions(product: Product, admin: Browser):
    draft = begun(product, admin)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.review.form")
    changed = desk.load()["content"].replace("审核表", "审批表")
    assert desk.save(changed).json == {"revision": 2}
    assert desk.save(changed).json == {"revision": 2}, "an unchanged text is no new revision"
    assert desk.load() == {"content": changed, "revision": 2}


def test_two_administrators_lose_nothing(product: Product, admin: Browser, browse: Browse):
    draft = begun(product, admin)
    file = f"{draft.process_id}/{draft.process_id}.review.form"
    one, other = Desk(admin, draft, file), Desk(browse("admin"), draft, file)
    began = one.load()["content"]
    assert one.save(began.replace("审核表", "甲的表")).status_code == 200
    late = other.save(began.replace("审核表", "乙的表"))
    assert late.status_code == 409
    assert "没有丢" in late.json["sentence"]
    assert "甲的表" in one.load()["content"]
    admin.get(late.json["kept"])
    assert "乙的表" in admin.text
    admin.press("换成这一份")
    assert "乙的表" in one.load()["content"]
    admin.get(f"/workbench/drafts/{draft.key}/saves?file={file}")
    assert "与别人同时修改，另存" in admin.text


def test_people_at_one_draft_are_told_of_each_other(product: Product, admin: Browser, clock: VirtualClock):
    draft = begun(product, admin)
    with product.engine.work(Actor("secretary", "秘书"), "jsjy") as work:
        drafts.join(work, draft)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn")
    assert desk.post("presence", {}).json["others"] == ["秘书"]
    clock.set(clock.now() + timedelta(minutes=1))
    assert desk.post("presence", {}).json["others"] == []


@pytest.mark.parametrize("data", [{}, {"content": 1, "revision": 0}, {"content": "", "revision": "0"}])
def test_a_save_that_makes_no_sense_is_refused(product: Product, admin: Browser, data: dict[str, Any]):
    draft = begun(product, admin)
    assert (
        Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn").post("content", data).status_code
        == 400
    )


def test_a_draft_is_renamed_copied_put_away_and_taken_out_again(
    product: Product, admin: Browser, clock: VirtualClock
):
    draft = begun(product, admin)
    admin.post(f"/workbench/drafts/{draft.key}/name", name="公共场地借用")
    assert (
        'name="公共场地借用"'
        in Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn").load()["content"]
    )
    admin.get(f"/workbench/drafts/{draft.key}")
    admin.post("/workbench/copy", process=draft.process_id, draft=draft.key, name="车位借用")
    assert "车位借用" in admin.text
    assert "没有发现问题" in admin.text
    admin.get(f"/workbench/drafts/{draft.key}")
    admin.press("移到回收站")
    assert [one.name for one in listed(product)] == ["车位借用"]
    clock.set(clock.now() + timedelta(days=30))
    admin.get("/workbench/bin")
    admin.press("取回")
    assert "公共场地借用" in admin.text
    admin.press("移到回收站")
    clock.set(clock.now() + timedelta(days=31))
    admin.get("/workbench/bin")
    assert "回收站是空的" in admin.text


def test_a_published_process_is_copied_with_an_id_of_its_own(product: Product, admin: Browser):
    admin.get("/admin/processes")
    admin.post("/workbench/copy", process="hazard_ledger", name="隐患台账副本")
    [draft] = listed(product)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn")
    assert drawing(desk).find(f"{BPMN}process").get("id") == draft.process_id
    assert [problem["message"] for problem in desk.problems()] == []


def test_a_new_form_and_table_have_ids_of_their_own_and_nothing_wrong(product: Product, admin: Browser):
    draft = begun(product, admin)
    for kind, name in (("form", "回访表"), ("table", "收费标准")):
        admin.get(f"/workbench/drafts/{draft.key}")
        admin.post(f"/workbench/drafts/{draft.key}/files", kind=kind, name=name)
        assert name in admin.text
    assert "没有发现问题" in admin.text, admin.text[:900]
    words = admin.client.get(f"/workbench/drafts/{draft.key}/words").json
    assert "回访表" in [one["label"] for one in words["forms"]]
    assert "收费标准" in [one["label"] for one in words["decisions"]]
    assert {"name": "details", "type": "string", "detail": "具体情况", "origin": "申请表"} in words[
        "variables"
    ]
    assert {"value": "secretariat", "label": "议事会秘书处"} in words["roles"]


def test_uploaded_files_become_a_draft_of_their_process(product: Product, admin: Browser):
    admin.get("/admin/processes")
    token = admin.html.xpath("//input[@name='csrf_token']/@value")[0]
    with product.engine.look(Actor.system(), "jsjy") as work:
        content = deployments.file_of(work, "process", "deliberation_meeting").content
    changed = content.replace("议题初审".encode(), "议题预审".encode())
    answer = admin.client.post(
        "/admin/processes", data={"csrf_token": token, "files": (io.BytesIO(changed), "我的 议事会.bpmn")}
    )
    assert answer.status_code == 302
    admin.get(answer.location)
    assert "名称由“议题初审”改为“议题预审”" in admin.text
    assert newest(product, "deliberation_meeting") == 1


# -- what is wrong -----------------------------------------------------------------------------------


def test_a_drawing_that_waits_for_ever_is_named_while_drawn_and_refused_when_handed_in(
    product: Product, admin: Browser
):
    draft = begun(product, admin)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn")
    root = drawing(desk)
    granted = root.find(f".//{BPMN}endEvent[@id='granted']")
    granted.tag, granted.attrib["name"] = f"{BPMN}parallelGateway", "等两边都好"
    process = root.find(f"{BPMN}process")
    etree.SubElement(process, f"{BPMN}endEvent", id="over", name="结束")
    etree.SubElement(process, f"{BPMN}sequenceFlow", id="f1", sourceRef="granted", targetRef="over")
    declined = root.find(f".//{BPMN}endEvent[@id='declined']")
    declined.tag = f"{BPMN}task"
    etree.SubElement(process, f"{BPMN}sequenceFlow", id="f2", sourceRef="declined", targetRef="granted")
    desk.save(text(root))
    [problem] = desk.problems()
    assert (problem["element"], problem["name"]) == ("granted", "等两边都好")
    assert "要等齐所有分支" in problem["message"]
    handed_in(admin, draft)
    assert admin.status == 422
    assert "等两边都好" in admin.text
    assert newest(product, draft.process_id) == 0


def test_an_expression_that_cannot_be_read_is_told_with_its_place(product: Product, admin: Browser):
    draft = begun(product, admin)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn")
    desk.save(desk.load()["content"].replace('=decision = "grant"', "=decision = ("))
    [problem] = desk.problems()
    assert problem["element"] == "decided_to_granted"
    assert "读不懂" in problem["message"]


def test_a_drawing_does_not_turn_into_another_process(product: Product, admin: Browser):
    draft = begun(product, admin)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.bpmn")
    desk.save(desk.load()["content"].replace(f'"{draft.process_id}"', '"deliberation_meeting"'))
    assert "编号被改动了" in desk.problems()[0]["message"]
    handed_in(admin, draft)
    assert admin.status == 422


def test_a_preview_is_the_form_as_members_see_it(product: Product, admin: Browser):
    draft = begun(product, admin)
    desk = Desk(admin, draft, f"{draft.process_id}/{draft.process_id}.review.form")
    page = admin.get(f"{desk.base}/preview?file={desk.file}")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "审核意见" in page.text
    desk.save('{"id": 3, "components": 4}')
    assert "缺少组件列表" in admin.get(f"{desk.base}/preview?file={desk.file}").text
    desk.save("{")
    assert "不是有效的 form-js JSON" in admin.get(f"{desk.base}/preview?file={desk.file}").text


# -- publishing --------------------------------------------------------------------------------------


def quorum_rule(product: Product, matter: int) -> bool:
    """Whether five of seven are enough by the rule the matter was started under."""
    with product.engine.look(Actor.system(), "jsjy") as work:
        definition = instances.get(work, matter).definition_key
        key = work.engine.catalogue.bound(work.connection, definition, "decision", "quorum_check")
        assert key is not None
        known = {"body": "council", "core_present": True, "present": 5, "entitled": 7}
        value = work.engine.catalogue.decision(work.connection, key).evaluate("quorum_check", known).value
    assert isinstance(value, dict)
    return value["quorum_met"] is True


def started(product: Product) -> int:
    with product.engine.work(Actor("resident", "居民甲"), "jsjy") as work:
        return instances.start(work, "deliberation_meeting", {})


def with_three_quarters(product: Product, admin: Browser) -> Draft:
    draft = changing(product, admin)
    desk = Desk(admin, draft, "deliberation_meeting/quorum_check.dmn")
    desk.save(desk.load()["content"].replace("present * 3 - entitled * 2", "present * 4 - entitled * 3"))
    return draft


def test_a_running_meeting_keeps_its_quorum_while_a_new_one_follows_the_new_rule(
    product: Product, admin: Browser, approver: Browser
):
    running = started(product)
    request = handed_in(admin, with_three_quarters(product, admin))
    assert "present * 3 - entitled * 2”改为“present * 4 - entitled * 3" in admin.text
    approver.get(request)
    approver.post(f"{request}/approve")
    new = started(product)
    assert (quorum_rule(product, running), quorum_rule(product, new)) == (True, False)


def test_an_old_version_is_put_in_force_again_by_two_people(
    product: Product, admin: Browser, approver: Browser
):
    request = handed_in(admin, with_three_quarters(product, admin))
    approver.get(request)
    approver.post(f"{request}/approve")
    admin.get("/admin/processes")
    admin.follow("八位一体议事会")
    assert REASON["reason"] in admin.text
    admin.follow("第 1 版")
    old = admin.path.split("?")[0]
    admin.post(f"{old}/return", reason="新规则行不通", basis="议事会决议")
    request = admin.path.rstrip("?")
    approver.get(request)
    approver.post(f"{request}/approve")
    assert "八位一体议事会第 3 版" in approver.text
    assert quorum_rule(product, started(product)) is True


def test_nobody_publishes_alone(product: Product, admin: Browser):
    request = handed_in(admin, with_three_quarters(product, admin))
    admin.post(f"{request}/approve")
    assert admin.status == 422
    assert "请由另一位审批人处理" in admin.text
    assert newest(product, "deliberation_meeting") == 1


def test_what_was_read_is_what_is_published(product: Product, admin: Browser, approver: Browser):
    draft = with_three_quarters(product, admin)
    request = handed_in(admin, draft)
    desk = Desk(admin, draft, "deliberation_meeting/quorum_check.dmn")
    desk.save(desk.load()["content"].replace("present * 4 - entitled * 3", "present * 9 - entitled * 8"))
    approver.get(request)
    approver.post(f"{request}/approve")
    with product.engine.look(Actor.system(), "jsjy") as work:
        published = deployments.file_of(work, "decision", "quorum_check")
        assert published is not None
        assert b"present * 4 - entitled * 3" in published.content
        assert [f.name for f in drafts.files(work, draft) if f.is_changed] == [desk.file]
        assert drafts.overtaken(work, draft) == []


def test_a_request_is_sent_back_with_a_reason_or_taken_back(
    product: Product, admin: Browser, approver: Browser
):
    draft = with_three_quarters(product, admin)
    request = handed_in(admin, draft)
    approver.get(request)
    approver.post(f"{request}/reject")
    assert "请填写退回的理由" in approver.text
    approver.post(f"{request}/reject", remark="先在小组里议一议")
    assert "已退回" in approver.text
    second = handed_in(admin, draft)
    admin.post(f"{second}/withdraw")
    assert "已撤回" in admin.text
    approver.post(f"{second}/approve")
    assert "已经有了结果" in approver.text
    assert newest(product, "deliberation_meeting") == 1


def test_what_others_have_published_meanwhile_is_not_taken_back_unseen(
    product: Product, admin: Browser, approver: Browser
):
    draft = with_three_quarters(product, admin)
    with product.engine.work(Actor.system(), "jsjy") as work:
        published = deployments.file_of(work, "decision", "quorum_check")
        assert published is not None
        newer = published.content.replace(b"present * 2 - entitled", b"present * 2 - entitled - 1")
        deployments.deploy(work, [deployments.Resource(published.name, newer)])
    handed_in(admin, draft)
    assert "又发布过新版本" in admin.text
    admin.press("已对照，以草稿为准")
    request = handed_in(admin, draft)
    approver.get(request)
    approver.post(f"{request}/approve")
    assert newest(product, "deliberation_meeting") == 3


def test_a_request_without_reason_or_basis_is_refused(product: Product, admin: Browser):
    draft = with_three_quarters(product, admin)
    admin.get(f"/workbench/drafts/{draft.key}")
    admin.post(f"/workbench/drafts/{draft.key}/request", reason="好", basis=" ")
    assert admin.status == 422
    assert "请填写依据" in admin.text


def test_a_draft_that_changes_nothing_is_not_handed_in(product: Product, admin: Browser):
    handed_in(admin, changing(product, admin))
    assert "没有可以发布的改动" in admin.text


# -- out of use --------------------------------------------------------------------------------------


def test_a_process_out_of_use_begins_nothing_and_finishes_what_runs(
    product: Product, admin: Browser, browse: Browse
):
    running = started(product)
    admin.get("/admin/processes")
    admin.post("/workbench/retire", process="deliberation_meeting")
    resident = browse("resident")
    resident.get("/matters/new")
    assert "八位一体议事会" not in resident.text
    resident.get(f"/matters/{running}")
    assert resident.status == 200
    with pytest.raises(Exception, match="已经停用"):
        started(product)
    admin.post("/workbench/retire", process="deliberation_meeting", back="1")
    assert started(product)


def test_the_versions_of_a_process_tell_who_when_and_why(product: Product, admin: Browser, approver: Browser):
    request = handed_in(admin, with_three_quarters(product, admin))
    approver.get(request)
    approver.post(f"{request}/approve")
    with product.engine.look(Actor.system(), "jsjy") as work:
        newest_one, first = publishing.versions(work, "deliberation_meeting")
    assert first.publication is None
    assert newest_one.publication is not None
    assert (newest_one.publication.requested_by, newest_one.deployed_by) == ("admin", "party")
    assert newest_one.publication.reason == REASON["reason"]
