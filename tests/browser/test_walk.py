"""A meeting walked by clicking, as a visitor of the demo would: from the proposal to the archive."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from web.samples import sample

FIRST = object()
"""Answer: the first that is offered."""

SIGNED = object()
"""Answer: signed by hand on the pad."""

PROPOSER, LEDGER_CLERK = "u0201", "u0129"
MOST_STEPS = 60
LEFT_TO_TIME = {"利害关系申报", "填写回执", "确认纪要"}
"""Steps of eight people of which one is clicked here; the deadline does for the others."""


def photos(number: int) -> list[dict[str, Any]]:
    return [
        {"name": f"照片{n}.png", "mimeType": "image/png", "buffer": sample(f"{n}.png").stream.read()}
        for n in range(number)
    ]


def answers(meeting_at: datetime) -> Mapping[str, Mapping[str, Any]]:
    """What is filled in at each step; ``rows.*.name`` is that field in every row, ``+rows`` adds a row first."""
    return {
        "提出议题": {
            "title": "5号楼楼道堆物怎么清",
            "topic_class": "public_affair",
            "body_id": "jsjy-council",
            "scope": "楼栋",
            "grid_ids": FIRST,
            "people_affected": "120",
            "facts": "5号楼楼道长期堆放杂物，消防通道不通，居民多次反映没有解决。",
            "contact_ok": "1",
        },
        "议题初审": {"complexity": "complex"},
        "党组织审议": {
            "decision": "纳入议程",
            "matter_type": "general",
            "opinion": "同意上会",
            "approved_by": FIRST,
        },
        "确定协商主体": {
            "+interested_parties": None,
            "interested_parties.*.name": "5号楼住户",
            "interested_parties.*.interest": "受益",
            "moderator": "u0104",
            "tellers": ["u0059", "u0060"],
        },
        "发会议通知": {
            "meeting_at": f"{meeting_at:%Y-%m-%dT%H:%M}",
            "place": "社区议事厅",
            "meeting_mode": "现场",
            "materials": photos(1),
        },
        "利害关系申报": {"relation": "none", "promise": "1"},
        "填写回执": {"attend": "参加"},
        "签到": {
            "attendance.*.attend": "本人到会",
            "attendance.*.signed": "1",
            "attendance.*.relation": "none",
        },
        "议事": {
            "+speeches": None,
            "rules_read": "1",
            "speeches.*.no": "1",
            "speeches.*.speaker": "任春兰",
            "speeches.*.stance": "赞成",
            "speeches.*.seconds": "60",
            "consensus": "先清后管",
            "disagreements": "无",
        },
        "形成表决方案": {
            "motion_text": "同意物业每周清理一次5号楼楼道",
            "executor_org": "jsjy-property",
            "deadline": f"{meeting_at + timedelta(days=60):%Y-%m-%d}",
        },
        "投票": {"choice": "同意", "confirm": "1"},
        "监票确认": {"signatures": SIGNED},
        "起草纪要": {"public_version": "每周清理一次楼道", "drafted_by": FIRST},
        "确认纪要": {"agree_minutes": "确认"},
        "决议交办": {
            "responsible_person": FIRST,
            "measures": "每周一上午清理",
            "check_by": "jsjy-owners-committee",
        },
        "受理立账": {"place_type": "residence", "place": "5号楼楼道"},
        "交办": {"disposal": "rectify", "standard": "楼道畅通", "accept_by": "u0061"},
        "签收": {"receipt": "签收"},
        "整改": {"percent": "100", "note": "已清理", "next_step": "close"},
        "申请销号": {
            "result": "已清理完毕",
            "completed_at": f"{meeting_at:%Y-%m-%dT%H:%M}",
            "evidence": photos(2),
        },
        "复查验收": {
            "verifiers": ["u0061", "u0129"],
            "on_site": "1",
            "accept_result": "合格",
            "opinion": "看过了",
            "photos": photos(1),
        },
        "销号审批": {"approve": "同意销号", "opinion": "同意"},
        "结果公开": {"result": "楼道已清理", "photos": photos(2)},
        "结果评价": {"satisfaction": "满意"},
    }


class Visitor:
    """Somebody who clicks."""

    def __init__(self, page: Page, script: Mapping[str, Mapping[str, Any]]) -> None:
        page.set_default_timeout(10_000)
        self.page, self.script = page, script
        self.done: list[str] = []

    def signs_in_as(self, person: str) -> None:
        self.page.goto("about:blank")  # what the page still loads would bring the cookie back
        self.page.context.clear_cookies()
        self.page.goto("/sign-in")
        self.page.locator(f"button[name=person][value={person}]").evaluate(
            "b => b.closest('details').open = true"
        )
        self.page.locator(f"button[name=person][value={person}]").click()

    def proposes(self, process: str = "八位一体") -> str:
        """Start a matter of that process; the address of its page."""
        self.page.get_by_role("link", name="发起", exact=True).click()
        self.page.get_by_role("button", name=re.compile(f"开始填写.*{process}")).click()
        self.fills_in()
        self.page.get_by_role("link", name="查看事项").click()
        return self.page.url

    def takes_the_next_step(self) -> None:
        """Become whoever has to act and act, or let time pass."""
        main = self.page.locator("main")
        for step in main.locator("section[aria-labelledby=now] .timeline > li").all():
            name = (step.locator("b").text_content() or "").strip()
            if name in LEFT_TO_TIME and name in self.done:
                continue
            self._open(step)
            self.fills_in()
            self.page.get_by_role("link", name="查看事项").click()
            return
        self.page.get_by_role("button", name=re.compile("演示：把时间快进")).click()

    def walks_until(self, words: str) -> None:
        """Take step after step until the page of the matter says these words."""
        for _ in range(MOST_STEPS):
            if words in (self.page.locator("section[aria-labelledby=now]").text_content() or ""):
                return
            self.takes_the_next_step()
        pytest.fail(f"“{words}” was not reached; done: {self.done}")

    def strikes_off(self) -> None:
        """The entry in the ledger is a matter of its own, and goes its own way."""
        self.page.goto("/tasks?view=claimable")
        self.page.get_by_role("button", name=re.compile("认领.*受理立账")).last.click()
        self.fills_in()
        self.page.get_by_role("link", name="查看事项").click()
        self.walks_until("已销号")

    def _open(self, step: Locator) -> None:
        if step.get_by_role("link").count():
            step.get_by_role("link").click()
        else:
            step.get_by_role("button", name=re.compile("演示：换成办理人")).click()
        claim = self.page.get_by_role("button", name="认领这项任务")
        if claim.count():
            claim.click()

    def fills_in(self) -> None:
        """Fill in the form of the page and hand it in."""
        name = (self.page.locator("h1").text_content() or "").strip()
        for field, value in self.script[name].items():
            self._fill(field, value)
        self.page.locator("#form button[value=submit]").click()
        expect(self.page.locator("h1")).to_have_text(re.compile("已办结|投入票箱|已提交"))
        self.done.append(name)

    def _fill(self, field: str, value: Any) -> None:
        form = self.page.locator("#form")
        if field.startswith("+"):
            rows = form.locator(f"input[name='{field[1:]}#']")
            before = rows.count()
            form.locator(f"button[value='add:{field[1:]}']").click()
            expect(rows).to_have_count(before + 1)
            return
        inputs = form.locator(
            f"[name$='.{field.rpartition('.')[2]}']" if "*" in field else f"[name='{field}']"
        )
        for one in inputs.all():
            self._answer(one, value)

    def _answer(self, one: Locator, value: Any) -> None:
        kind = str(one.evaluate("e => e.localName === 'input' ? e.type : e.localName"))
        if kind == "hidden":
            return
        if kind in ("radio", "checkbox"):
            wanted = value if isinstance(value, list) else [value]
            if value is FIRST or one.get_attribute("value") in wanted:
                one.check()
        elif kind == "select":
            one.select_option(index=1) if value is FIRST else one.select_option(value)
        elif value is SIGNED:
            self._sign()
        elif kind == "file":
            one.set_input_files(value)
            expect(self.page.locator(".kept li")).to_have_count(len(value))
        else:
            one.fill(value)

    def _sign(self) -> None:
        pad = self.page.locator(".pad canvas")
        use = self.page.get_by_role("button", name="用这个签名")
        expect(use).to_be_disabled()
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 40, box["y"] + 30)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + 140, box["y"] + 80, steps=5)
        self.page.mouse.up()
        use.click()
        expect(self.page.locator(".kept li")).to_contain_text("签名.png")


@pytest.fixture
def visitor(page: Page) -> Visitor:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    meeting_at = (now + timedelta(days=10)).replace(hour=15, minute=0)
    return Visitor(page, answers(meeting_at))


def test_a_visitor_walks_a_meeting_from_the_proposal_to_the_archive(visitor: Visitor):
    visitor.signs_in_as(PROPOSER)
    matter = visitor.proposes()
    visitor.walks_until("等待：等待销号")
    visitor.signs_in_as(LEDGER_CLERK)
    visitor.strikes_off()
    visitor.signs_in_as(PROPOSER)
    visitor.page.goto(matter)
    visitor.walks_until("决议已落实归档")
    main = visitor.page.locator("main")
    expect(main).to_contain_text("同意 8 票")
    assert visitor.done.count("投票") == 8
    assert set(visitor.done) == set(visitor.script)
