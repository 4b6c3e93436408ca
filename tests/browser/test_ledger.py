"""A hazard from the day it is found to the day it is struck off, clicked by a grid worker and all who come after."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import DESK, fits, signed_in
from tests.browser.test_walk import Visitor, photos

FINDER, CLERK, RESIDENT = "u0024", "u0129", "u0201"
PLACE = "12号楼天台北侧"


@pytest.fixture
def visitor(page: Page) -> Visitor:
    now = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%dT%H:%M}"
    return Visitor(
        page,
        {
            "登记": {
                "ledger_type": "安全隐患",
                "grid_id": "jsjy-g12",
                "place_type": "residence",
                "place": PLACE,
                "content": "护栏焊点脱开，手一推就晃，孩子常上来玩。",
                "consequence": "3",
                "likelihood": "2",
                "photos": photos(1),
            },
            "交办": {
                "executor_org": "jsjy-property",
                "responsible_person": "u0110",
                "measures": "重新焊接并加固",
                "standard": "用力推不晃动",
                "accept_by": "u0061",
            },
            "签收": {"receipt": "签收"},
            "整改": {"percent": "100", "note": "已经焊好", "next_step": "close"},
            "申请销号": {"result": "护栏已加固", "completed_at": now, "evidence": photos(2)},
            "复查验收": {
                "verifiers": ["u0061", "u0129"],
                "on_site": "1",
                "accept_result": "合格",
                "opinion": "推过了，不晃",
                "photos": photos(1),
            },
            "销号审批": {"approve": "同意销号", "opinion": "同意"},
        },
    )


def test_a_hazard_is_found_put_right_accepted_and_struck_off(visitor: Visitor):
    page = visitor.page
    visitor.signs_in_as(FINDER)
    visitor.proposes("问题台账")
    visitor.walks_until("已销号")
    visitor.signs_in_as(CLERK)
    page.goto("/ledger?state=closed")
    page.get_by_role("link", name=PLACE).click()
    expect(page.locator("main")).to_contain_text("护栏已加固")
    expect(page.locator("main")).to_contain_text("陈建平办结“复查验收”")
    page.goto(f"/ledger?q={PLACE}")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出 Excel").click()
    with zipfile.ZipFile(waiting.value.path()) as parts:
        assert PLACE in parts.read("xl/worksheets/sheet1.xml").decode()
    assert visitor.done == list(visitor.script)


@pytest.mark.parametrize("viewport", [None, DESK], ids=["phone", "desk"])
def test_the_pages_of_the_ledger_are_accessible(
    new_context: Callable[..., object], accessible: Callable[[Page], None], viewport: object
):
    page = signed_in(new_context(), CLERK, viewport)  # type: ignore[arg-type]
    for path in ("/ledger", "/ledger?overdue=1", "/ledger?q=没有这样的账", "/ledger/figures", "/me"):
        page.goto(path)
        accessible(page)
        fits(page)
    page.goto("/ledger")
    page.locator("summary", has_text="筛选").click()
    page.locator("summary", has_text="按网格看").click()
    accessible(page)
    fits(page)
    page.locator(".card h3 a").first.click()
    accessible(page)
    fits(page)


def test_a_resident_sees_numbers_only(visitor: Visitor):
    page = visitor.page
    visitor.signs_in_as(RESIDENT)
    page.goto("/me")
    page.get_by_role("link", name="看台账").click()
    expect(page.locator("main")).to_contain_text("您现在没有看得到的账")
    page.get_by_role("link", name="台账数字").click()
    expect(page.locator("main")).to_contain_text("销号率")
