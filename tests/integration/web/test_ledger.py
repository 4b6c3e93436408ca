"""The ledger's pages: what each finds, opens, takes away as a file; and an issue's whole climb to its end."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from engine import worker
from engine.clock import VirtualClock
from tests.integration.web.browser import Browser
from tests.integration.web.meeting import Meeting
from web.wiring import Product
from workflows.organisation import store as organisation
from workflows.organisation.model import Post

Browse = Callable[[str], Browser]
ISSUE, LEDGER = "网格→社区→街道事项升级", "问题台账"
WORKER, OTHER_WORKER, DUTY = "social", "partner", "service"
NOW = "2026-11-23T09:00"

FOUND = {
    "ledger_type": "安全隐患",
    "grid_id": "g1",
    "place_type": "residence",
    "place": "=3号楼车库",
    "content": "@私拉电线给电动自行车充电，旁边堆着纸箱。",
    "consequence": "3",
    "likelihood": "2",
    "found_at": NOW,
}
ORDER = {
    "disposal": "rectify",
    "executor_org": "property-co",
    "responsible_person": "property",
    "measures": "拆线清堆",
    "standard": "没有私拉电线",
    "deadline": "2026-11-30",
    "accept_by": "verifier",
}


@pytest.fixture(autouse=True)
def posts(product: Product) -> None:
    """The grid has its worker, the community somebody on duty."""
    with product.store.transaction() as connection:
        organisation.appoint(connection, Post(WORKER, "grid_worker", "g1"))
        organisation.appoint(connection, Post(DUTY, "community", "jsjy"))


@pytest.fixture
def community(browse: Browse, clock: VirtualClock, product: Product) -> Meeting:
    return Meeting(browse, clock, lambda: worker.run_due(product.engine))


def found(community: Meeting, **changes: Any) -> None:
    """Somebody finds a hazard and enters it."""
    finder = community.as_(WORKER)
    finder.get("/matters/new")
    finder.press(f"开始填写{LEDGER}")
    finder.submit({**FOUND, **changes}, files={"photos": 1})
    assert "已办结" in finder.text, finder.text


def taken_on(community: Meeting) -> None:
    community.does("admin", "交办", ORDER)
    community.does("property", "签收", {"receipt": "签收"})


def rows(browser: Browser) -> list[list[str]]:
    """The CSV of what a person sees."""
    with browser.client.get("/ledger/export.csv") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_an_entry_is_found_opened_and_followed_by_those_who_may(community: Meeting) -> None:
    found(community)
    taken_on(community)
    for person in ("admin", WORKER, "supervisor", "property", "party"):
        browser = community.as_(person)
        browser.get("/ledger")
        browser.follow("=3号楼车库：@私拉电线给电动自行车充电，旁边堆着纸箱")
        assert browser.status == 200
        assert "整改中" in browser.text
        assert "没有私拉电线" in browser.text
        assert "社会长办结“登记”" in browser.text
        assert ("看办理的事项和材料" in browser.text) is (person not in ("supervisor", "party"))


def test_for_everybody_else_it_is_as_if_it_were_not_there(community: Meeting) -> None:
    found(community)
    for person in ("resident", OTHER_WORKER):
        browser = community.as_(person)
        browser.get("/ledger")
        assert "您现在没有看得到的账" in browser.text
        browser.get("/ledger/TZ-2026-0001")
        absent = browser.status, browser.text
        browser.get("/ledger/TZ-2026-9999")
        assert absent == (404, browser.text)
        assert len(rows(browser)) == 1
    stranger = community.as_("")
    stranger.get("/ledger/TZ-2026-0001")
    assert "登录" in stranger.text


def test_the_numbers_are_for_everybody_and_name_nothing_else(community: Meeting) -> None:
    found(community)
    stranger = community.as_("")
    stranger.get("/notices")
    stranger.follow("台账数字")
    assert "在账1" in stranger.text.replace(" ", "")
    assert "第一网格" in stranger.text
    assert "车库" not in stranger.text


def test_what_is_looked_for_is_found_and_nonsense_asks_for_nothing(community: Meeting) -> None:
    found(community)
    found(community, place="5号楼天台", content="护栏松动，小孩会翻过去。", consequence="5", likelihood="3")
    clerk = community.as_("admin")
    for query, sees in {
        "level=major": [False, True],
        "q=护栏": [False, True],
        "state=closed": [False, False],
        "grid=g1&kind=安全隐患": [True, True],
        "since=2026-11-24": [False, False],
        "until=2026-11-23&q=车库": [True, False],
        "level=x&state=y&since=z&kind=w&page=-3&overdue=2": [True, True],
        "page=9": [False, False],
    }.items():
        clerk.get(f"/ledger?{query}")
        assert clerk.status == 200
        assert ["3号楼车库" in clerk.text, "5号楼天台" in clerk.text] == sees, query


def test_a_file_holds_what_is_seen_and_nothing_in_it_is_a_formula(community: Meeting) -> None:
    found(community)
    taken_on(community)
    heading, line = rows(community.as_("admin"))
    entry = dict(zip(heading, line, strict=True))
    assert (entry["编号"], entry["位置"]) == ("TZ-2026-0001", "'=3号楼车库")
    assert entry["情况"].startswith("'@私拉电线")
    assert (entry["责任单位"], entry["责任人"], entry["验收人"]) == ("和顺物业", "物经理", "验收")
    assert (entry["整改时限"], entry["等级"]) == ("2026-11-30 23:59", "一般")
    with (
        community.as_("admin").client.get("/ledger/export.xlsx?q=车库&kind=安全隐患") as answer,
        zipfile.ZipFile(io.BytesIO(answer.data)) as parts,
    ):
        assert "'=3号楼车库" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_the_clerk_reports_that_those_responsible_are_gone(community: Meeting) -> None:
    found(community)
    taken_on(community)
    worker_, clerk = community.as_(WORKER), community.as_("admin")
    worker_.get("/ledger/TZ-2026-0001")
    assert "责任单位变了" not in worker_.text
    worker_.post("/ledger/TZ-2026-0001/executor", reason="物业撤场")
    assert worker_.status == 404
    clerk.get("/ledger/TZ-2026-0001")
    clerk.post("/ledger/TZ-2026-0001/executor", reason=" ")
    assert "请写明责任单位怎样变了" in clerk.text
    clerk.get("/ledger/TZ-2026-0001")
    clerk.post("/ledger/TZ-2026-0001/executor", reason="物业撤场")
    assert "由召集人改派" in clerk.text
    clerk.post("/ledger/TZ-2026-0001/executor", reason="物业撤场")
    assert "不在整改中" in clerk.text
    chair = community.opens("party", "改派责任单位")
    assert "物业撤场" in chair.text


def test_a_report_climbs_to_the_council_comes_into_the_ledger_and_back_to_the_resident(
    community: Meeting,
) -> None:
    resident = community.as_("resident")
    resident.get("/matters/new")
    resident.press(f"开始填写{ISSUE}")
    report = {
        "title": "3号楼电梯老化",
        "description": "3号楼电梯今年停运四次，老人上下楼困难。",
        "category": "elevator",
        "severity": "low",
        "grid_id": "g1",
        "place": "3号楼",
        "people_affected": "120",
        "reporter_phone": "0537-0100001",
        "consent": "true",
    }
    resident.submit({**report, "people_affected": "4", "category": "facility"})
    assert "已办结" in resident.text, resident.text
    stepped_up = {"first_contact_at": NOW, "on_site": "true", "on_site_at": NOW, "action_taken": "看过了"}
    community.does(WORKER, "网格处置", {**stepped_up, "result": "up", "up_reason": "要大家一起定"})
    handed_on = {"first_contact_at": NOW, "result": "deliberate", "opinion": "提交议事会"}
    community.does(DUTY, "社区处置", handed_on)
    topic = {"topic_class": "public_affair", "body_id": "jsjy-council", "scope": ["楼栋"], "grid_ids": ["g1"]}
    community.does(DUTY, "提出议题", {**topic, "people_affected": "120", "contact_ok": "1"})
    community.is_put_on_the_agenda()
    community.is_convened()
    community.is_debated()
    for seat in ("party", "committee", DUTY, "owners_committee", "property", WORKER, "partner", "delegates"):
        community.votes(seat, "同意")
    community.does("teller-1", "监票确认")
    community.is_recorded()
    community.waits(days=8)
    order = {"responsible_person": "property", "measures": "拆旧换新", "check_by": "owners-co"}
    community.does("party", "决议交办", order)
    community.is_struck_off()
    community.does("secretary", "结果公开", {"result": "电梯已更换"}, files={"photos": 2})
    community.waits(days=8)
    asked = {
        "channel": "电话",
        "reached": "true",
        "satisfaction": "满意",
        "responded": "是",
        "solved": "已解决",
    }
    community.does("secretary", "回访", asked)
    resident.get("/messages")
    assert "转议事会后办结" in resident.text
    assert "议事会：决议已落实归档" in resident.text
    community.as_("admin").get("/ledger/TZ-2026-0001")
    assert "已销号" in community.as_("admin").text
    stranger = community.as_("")
    stranger.get("/ledger/figures")
    assert "100% 1/1" in stranger.text
