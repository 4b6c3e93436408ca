"""A half-yearly review walked by clicking, from the plan to the published report.

It comes last, for it lets the demonstration's clock run far ahead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_walk import FIRST, Visitor, photos

ORGANISER = "u0126"
GRID = "jsjy-g12"
REPORT = "这半年，我们每天在网格里走，居民反映的事当天看、当天回。" * 12
COUNTED = {"satisfied": "9", "basically": "4", "unsatisfied": "0", "unknown": "1"}
PAPER: dict[str, Any] = {
    "issued": "14",
    "returned": "14",
    "invalid": "0",
    **{f"counts.*.{name}": number for name, number in COUNTED.items()},
    "photo": photos(1),
}
SCRIPT: dict[str, dict[str, Any]] = {
    "制定方案": {
        "period": FIRST,
        "grids": [GRID],
        "place": "社区党群服务中心二楼",
        "draw_seed": "407199261358",
    },
    "名单核验": {"verified": "1", "signatures": photos(2)},
    "受邀确认": {"accept": "参加"},
    "述职": {
        "duties": "走访住户，收集和上报问题。",
        "promises": "小事当天办，大事当天报。",
        "report": REPORT,
        "problems": "夜间巡查少。",
        "plan": "周末也走访。",
    },
    "评议": {"scores.*.rating": "满意", "overall": "满意", "suggestion": "夜里多巡查一次"},
    "甲岗录入": PAPER,
    "乙岗录入": PAPER,
    "计票确认": {"signatures": photos(2)},
    "陈述申辩": {"accept_result": "认可"},
    "评议报告": {"summary": "第12网格评为优秀，居民满意。", "suggestions": "夜里多巡查。", "usage": ["表扬"]},
    "延期或并案": {"decision": "同意延期", "merge_reason": "代表时间难凑齐。"},
}


class Host(Visitor):
    """Somebody who holds a review by clicking."""

    def starts(self) -> str:
        self.page.get_by_role("link", name="发起", exact=True).click()
        self.page.get_by_role("button", name=re.compile("开始填写.*半年居民评议")).click()
        self.page.get_by_role("button", name="认领这项任务").click()
        self.fills_in()
        self.page.get_by_role("link", name="查看事项").click()
        return self.page.url

    def fills_in(self) -> None:
        if (self.page.locator("h1").text_content() or "").strip().startswith("签到"):
            self._signs_everybody_in()
            return
        super().fills_in()

    def _signs_everybody_in(self) -> None:
        """All but the first on paper, each with a number of their own."""
        form = self.page.locator("#form")
        for tick in form.locator("[name$='.present'][type=checkbox]").all():
            tick.check()
        expect(form.locator("[name$='.way']:visible")).to_have_count(2 * 15)
        for n, choice in enumerate(form.locator("[name$='.way'][value=纸质]").all()):
            if n:
                choice.check()
        form.locator("[name$='.way'][value=手机]").first.check()
        expect(form.locator("[name$='.ticket']:visible")).to_have_count(14)
        for n, ticket in enumerate(form.locator("[name$='.ticket']:visible").all()):
            ticket.fill(f"A{n:02}")
        form.locator("button[value=submit]").click()
        expect(self.page.locator("h1")).to_have_text(re.compile("已办结"))
        self.done.append("签到")


@pytest.fixture
def host(page: Page) -> Host:
    meeting_at = (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=150)).replace(hour=15, minute=0)
    plan = SCRIPT["制定方案"] | {"meeting_at": f"{meeting_at:%Y-%m-%dT%H:%M}"}
    return Host(page, SCRIPT | {"制定方案": plan})


def test_a_review_goes_from_the_draw_to_the_published_report(
    host: Host, new_context: Callable[..., Any], accessible: Callable[[Page], None]
):
    host.signs_in_as(ORGANISER)
    host.starts()
    host.walks_until("评议完成")
    assert host.done.count("受邀确认") == 15
    assert host.done.count("评议") == 1
    host.page.goto("/reviews")
    host.page.locator("main h2 a").first.click()
    main = host.page.locator("main")
    expect(main).to_contain_text("第12网格评为优秀")
    expect(main).to_contain_text("14 × 10 = 140 > 15 × 9 = 135，达到“优秀”的九成")
    accessible(host.page)
    host.page.get_by_role("link", name="看抽签过程，自己算一遍").click()
    expect(main).to_contain_text("407199261358")
    accessible(host.page)
