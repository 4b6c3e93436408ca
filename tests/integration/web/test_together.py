"""The pages on which people work together: on a phone, with buttons, without JavaScript."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from engine.clock import VirtualClock
from tests.integration.web.browser import PHOTO, Browser
from tests.integration.web.meeting import PROPOSAL, Browse
from web.wiring import Product
from workflows.organisation import store as organisation
from workflows.organisation.model import Post


@pytest.fixture
def resident(browse: Browse) -> Browser:
    """A resident who has just proposed a topic, on the page of the matter."""
    resident = browse("resident")
    resident.get("/matters/new")
    resident.press("开始填写八位一体议事会")
    resident.submit(PROPOSAL)
    resident.follow("查看事项")
    return resident


@pytest.fixture
def secretary(browse: Browse, resident: Browser) -> Browser:
    """The secretary with the screening of the topic on the desk."""
    secretary = browse("secretary")
    secretary.get("/tasks?view=claimable")
    secretary.follow("议题初审")
    secretary.press("认领这项任务")
    return secretary


def opens(browser: Browser, step: str) -> Browser:
    browser.get("/tasks")
    browser.follow(step)
    return browser


def fills(browser: Browser, verb: str, **fields: object) -> Browser:
    browser.follow(verb)
    browser.submit(fields)
    return browser


def test_a_task_is_given_away_from_its_page(browse: Browse, secretary: Browser):
    fills(secretary, "转办", person="recorder", reason="出差")
    assert "已转办" in secretary.text
    recorder = opens(browse("recorder"), "议题初审")
    assert "办结" not in recorder.path
    recorder.get("/messages")
    assert "转办给您：议题初审" in recorder.text
    assert "原因：出差" in recorder.text


def test_a_reason_is_asked_for(secretary: Browser):
    fills(secretary, "转办", person="recorder", reason="")
    assert secretary.status == 422
    assert "请填写原因" in secretary.text


def test_pressing_twice_gives_away_once(secretary: Browser, browse: Browse):
    secretary.follow("转办")
    page = secretary.html
    for _ in range(2):
        secretary.html = page
        secretary.submit({"person": "recorder", "reason": "出差"})
        assert secretary.status == 200
    recorder = browse("recorder")
    recorder.get("/messages")
    assert recorder.text.count("转办给您") == 1


def test_a_delegated_task_is_prepared_and_handed_back(browse: Browse, secretary: Browser):
    task = secretary.path.rstrip("?")
    fills(secretary, "委派", person="recorder", reason="请先核实")
    recorder = opens(browse("recorder"), "议题初审")
    assert "秘书委派您准备" in recorder.text
    assert not recorder.html.xpath("//button[@value='submit']")
    recorder.submit({"complexity": "complex"}, do="save")
    secretary.get(task)
    assert "正由记录替您准备" in secretary.text
    fills(recorder, "准备好了，交还", note="已核实")
    assert "已交还" in recorder.text
    secretary.get(task)
    assert secretary.html.xpath("//*[@name='complexity' and @value='complex' and @checked]") or (
        secretary.html.xpath("//select[@name='complexity']/option[@selected]/@value") == ["complex"]
    )
    secretary.submit({"complexity": "complex"})
    assert "已办结" in secretary.text


def test_the_owner_takes_a_delegated_task_back(secretary: Browser):
    task = secretary.path.rstrip("?")
    fills(secretary, "委派", person="recorder", reason="请先核实")
    secretary.get(task)
    secretary.press("收回，自己办理")
    assert "已收回" in secretary.text
    secretary.submit({"complexity": "complex"})
    assert "已办结" in secretary.text


def test_opinions_stand_on_the_page_of_the_task(browse: Browse, secretary: Browser):
    task = secretary.path.rstrip("?")
    fills(secretary, "加签", persons=["recorder", "supervisor"], reason="涉及费用")
    assert "还有 2 位没有签署" in secretary.text
    recorder = opens(browse("recorder"), "加签：议题初审")
    recorder.submit({"position": "有保留", "opinion": "先比价"})
    assert "已办结" in recorder.text
    secretary.get(task)
    assert "有保留" in secretary.text
    assert "先比价" in secretary.text
    secretary.submit({"complexity": "complex"})
    assert secretary.status == 409
    assert "还有 1 位加签人没有签署" in secretary.text
    secretary.get(task)
    secretary.press("减签")
    secretary.submit({"complexity": "complex"})
    assert "已办结" in secretary.text


def test_a_step_goes_back_to_whoever_did_it(browse: Browse, resident: Browser, secretary: Browser):
    secretary.follow("退回")
    assert "提出议题（居民甲办的）" in secretary.text
    secretary.submit({"target": "topic_proposal", "reason": "请补充照片"})
    assert "已退回" in secretary.text
    opens(resident, "提出议题")
    assert resident.html.xpath("//*[@name='title']/@value") == [PROPOSAL["title"]]
    resident.get("/messages")
    assert "请补充照片" in resident.text
    resident.get("/tasks")
    resident.follow("提出议题")
    resident.submit(PROPOSAL)
    assert "已办结" in resident.text


def test_who_notices_a_mistake_takes_the_step_back(browse: Browse, secretary: Browser):
    secretary.submit({"complexity": "complex"})
    done = secretary.path
    secretary.press("撤回这一步")
    assert "已撤回" in secretary.text
    secretary.submit({"complexity": "complex"})
    party = browse("party")
    party.get("/tasks?view=claimable")
    party.follow("党组织审议")
    party.press("认领这项任务")
    secretary.get(done)
    assert not secretary.html.xpath("//button[contains(., '撤回这一步')]")


def test_the_proposer_urges_once_a_day(
    browse: Browse, resident: Browser, secretary: Browser, clock: VirtualClock
):
    matter = resident.path.rstrip("?")
    resident.get(matter)
    resident.press("催办")
    assert "已催办" in resident.text
    resident.press("催办")
    assert resident.status == 429
    assert "今天已经催办过" in resident.text
    secretary.get("/messages")
    assert "催办：议题初审" in secretary.text
    clock.advance(timedelta(days=1))
    resident.get(matter)
    resident.press("催办")
    assert resident.status == 200


def test_a_copy_is_read_and_the_sender_sees_that(browse: Browse, resident: Browser):
    matter = resident.path.rstrip("?")
    neighbour = browse("neighbour")
    neighbour.get(matter)
    assert neighbour.status == 404
    fills(resident, "抄送给别人看", persons=["supervisor"], note="请知悉")
    assert "未阅" in resident.text
    supervisor = browse("supervisor")
    supervisor.get("/messages")
    assert "抄送给您" in supervisor.text
    supervisor.get(matter)
    assert supervisor.status == 200
    assert not supervisor.html.xpath("//textarea[@name='text']")
    assert "催办" not in supervisor.text
    resident.get(matter)
    assert "已阅" in resident.text


def test_what_is_said_and_shared_is_seen_by_those_concerned(
    browse: Browse, resident: Browser, secretary: Browser
):
    matter = resident.path.rstrip("?")
    page = resident.html
    for _ in range(2):
        resident.html = page
        once = resident.html.xpath("//input[@name='once']/@value")[0]
        resident.post(f"{matter}/comments", text="电梯又停了", once=once)
    resident.post(f"{matter}/files", file=(io.BytesIO(PHOTO), "停运.png"))
    secretary.get(matter)
    assert secretary.text.count("电梯又停了") == 1
    [link] = secretary.html.xpath("//a[text()='停运.png']/@href")
    with secretary.client.get(link) as file:
        assert file.data == PHOTO
    resident.post(f"{matter}/files", file=(io.BytesIO(b"MZ"), "病毒.exe"))
    assert resident.status == 422
    assert "病毒.exe" in resident.text
    neighbour = browse("neighbour")
    neighbour.post(f"{matter}/comments", text="我也说")
    assert neighbour.status == 404


def test_verbs_of_a_task_that_is_not_theirs_are_not_there(
    browse: Browse, secretary: Browser, product: Product
):
    task = secretary.path.rstrip("?")
    with product.store.transaction() as connection:
        organisation.appoint(connection, Post("neighbour", "secretariat", "jsjy"))
    for person, status in (("neighbour", 404), ("resident", 404)):
        other = browse(person)
        for verb in ("transfer", "delegate", "resolve", "signers", "return"):
            other.get(f"{task}/{verb}")
            assert other.status == status, (person, verb)
        other.get("/tasks")
        other.post(f"{task}/transfer", person=person, reason="我来办", _do="submit")
        assert other.status == 404
