"""An issue from the report of a resident to its end, page by page and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import instances
from engine.runtime import Actor
from tests.integration.web.browser import Browser
from web.wiring import Product
from workflows.notices import store as notices
from workflows.organisation import store as organisation
from workflows.organisation.model import Post

Browse = Callable[[str], Browser]

NAME = "网格→社区→街道事项升级"
WORKER, SECRETARY = "social", "partner"
NOW = "2026-11-23T09:00"

REPORT = {
    "title": "12号楼门前井盖松动",
    "description": "井盖边缘翘起来约三厘米，晚上没有灯，容易绊倒人。",
    "category": "facility",
    "severity": "low",
    "place": "12号楼2单元门前",
    "reporter_phone": "0537-0100001",
    "consent": "true",
}
HANDLED = {
    "first_contact_at": NOW,
    "on_site": "true",
    "on_site_at": NOW,
    "action_taken": "换了新井盖。",
    "result": "resolved",
}


@pytest.fixture(autouse=True)
def grid(product: Product) -> None:
    """The grid has a worker and a secretary."""
    with product.store.transaction() as connection:
        organisation.appoint(connection, Post(WORKER, "grid_worker", "g1"))
        organisation.appoint(connection, Post(SECRETARY, "grid_secretary", "g1"))


def take(browser: Browser) -> None:
    """Take the one task that waits for the group."""
    browser.get("/tasks?view=claimable")
    browser.press("认领")


def reported(resident: Browser) -> None:
    resident.get("/matters/new")
    resident.press(f"开始填写{NAME}")
    resident.submit(REPORT)
    assert resident.status == 200, resident.text


def test_a_resident_starts_from_the_page_and_is_told_the_end(browse: Browse, product: Product):
    resident, worker, secretary, caller = map(browse, ("resident", WORKER, SECRETARY, "secretary"))
    reported(resident)
    take(worker)
    worker.submit(HANDLED, files={"before_after": 2})
    assert worker.status == 200, worker.text
    take(secretary)
    secretary.submit({"verifier": SECRETARY, "verified": "通过", "reason": "看过了。"}, files={"photos": 1})
    take(caller)
    asked = {
        "channel": "电话",
        "reached": "true",
        "satisfaction": "满意",
        "responded": "是",
        "solved": "已解决",
    }
    caller.submit(asked)
    assert caller.status == 200, caller.text
    with product.engine.look(Actor.system(), "jsjy") as work:
        (matter,) = instances.find(work)
        letters = [one.title for one in notices.letters(work.connection, "resident")]
    assert matter.end_event_name == "网格内办结"
    assert letters == ["事项已办结", "事项由网格办理"]
    resident.get(f"/matters/{matter.key}")
    assert "网格内办结" in resident.text


def test_the_grid_worker_cannot_take_the_verification_of_their_own_work(browse: Browse):
    reported(browse("resident"))
    worker = browse(WORKER)
    take(worker)
    worker.submit(HANDLED, files={"before_after": 2})
    take(worker)
    assert "须由另一个人办理" in worker.text


def test_what_the_grid_is_asked_names_the_reporter_and_the_telephone(browse: Browse):
    reported(browse("resident"))
    worker = browse(WORKER)
    take(worker)
    assert "上报人：居民甲" in worker.text
    assert "0537-0100001" in worker.text
    neighbour = browse("neighbour")
    neighbour.get(worker.path)
    assert neighbour.status == 404


def test_a_resident_takes_the_issue_back(browse: Browse, product: Product):
    resident = browse("resident")
    reported(resident)
    with product.engine.look(Actor.system(), "jsjy") as work:
        (matter,) = instances.find(work)
    resident.get(f"/matters/{matter.key}")
    resident.post(f"/matters/{matter.key}/withdraw", reason="邻居已经修好了。")
    assert "撤回的要求已收到" in resident.text
    assert "上报人撤回" in resident.text
