"""The people of the small community walking one matter through the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from tests.integration.web.browser import Browser
from tests.integration.web.community import SEATS
from workflows.moments import SHANGHAI


class MovableClock(Protocol):
    def now(self) -> datetime: ...

    def set(self, instant: datetime) -> None: ...


Browse = Callable[[str], Browser]

PROPOSAL = {
    "title": "3号楼电梯老化更换",
    "topic_class": "public_affair",
    "body_id": "jsjy-council",
    "scope": ["楼栋"],
    "grid_ids": ["g1"],
    "people_affected": "120",
    "facts": "3号楼电梯今年停运四次，老人上下楼困难，维修公司建议更换。",
    "contact_ok": "1",
}


class Meeting:
    """The people of the small community walking one matter through."""

    def __init__(self, browse: Browse, clock: MovableClock, fire: Callable[[], object]) -> None:
        """``fire`` lets happen what has come due."""
        self.browse, self.clock, self.fire = browse, clock, fire
        self.people: dict[str, Browser] = {}
        in_eight_days = clock.now().astimezone(SHANGHAI) + timedelta(days=8)
        self.meeting_at = in_eight_days.replace(hour=15, minute=0, second=0, microsecond=0)
        self.deadline = (in_eight_days + timedelta(days=30)).date().isoformat()

    @property
    def _meeting_at(self) -> str:
        return self.meeting_at.strftime("%Y-%m-%dT%H:%M")

    def as_(self, person: str) -> Browser:
        if person not in self.people:
            self.people[person] = self.browse(person)
        return self.people[person]

    def opens(self, person: str, step: str) -> Browser:
        """Find the step in 待办, or claim it."""
        browser = self.as_(person)
        browser.get("/tasks")
        if not browser.has(step):
            browser.get("/tasks?view=claimable")
            browser.follow(step)
            browser.press("认领这项任务")
        else:
            browser.follow(step)
        return browser

    def does(
        self,
        person: str,
        step: str,
        fields: dict[str, Any] | None = None,
        files: dict[str, int] | None = None,
        add: Sequence[str] = (),
    ) -> Browser:
        """Open the step, add rows, fill in, hand in."""
        browser = self.opens(person, step)
        for rows in add:
            browser.submit({}, do=f"add:{rows}")
        browser.submit(fields or {}, files=files)
        assert browser.status == 200, browser.text
        assert "已办结" in browser.text or "投入票箱" in browser.text, browser.text
        return browser

    def waits_until(self, instant: datetime) -> None:
        self.clock.set(instant)
        self.fire()

    def waits(self, **time: float) -> None:
        self.waits_until(self.clock.now() + timedelta(**time))

    def is_proposed(self) -> None:
        resident = self.as_("resident")
        resident.get("/matters/new")
        resident.press("开始填写八位一体议事会")
        resident.submit(PROPOSAL)
        assert "已办结" in resident.text, resident.text

    def is_put_on_the_agenda(self) -> None:
        self.does("secretary", "议题初审", {"complexity": "complex"})
        chair = {
            "decision": "纳入议程",
            "matter_type": "general",
            "opinion": "同意上会",
            "approved_by": "party",
        }
        self.does("party", "党组织审议", chair)

    def is_convened(self) -> None:
        parties = {"interested_parties.*.name": "3号楼住户", "interested_parties.*.interest": "受益"}
        people = {"moderator": "committee", "tellers": ["teller-1", "teller-2"]}
        self.does("secretary", "确定协商主体", {**parties, **people}, add=["interested_parties"])
        notice = {"meeting_at": self._meeting_at, "place": "社区议事厅", "meeting_mode": "现场"}
        self.does("secretary", "发会议通知", notice, files={"materials": 1})
        for seat in SEATS:
            self.does(seat, "利害关系申报", {"relation": "none", "promise": "1"})
            self.does(seat, "填写回执", {"attend": "参加"})
        self.waits_until(self.meeting_at)

    def is_debated(self, *, secretly: bool = False) -> None:
        present = {
            "attendance.*.attend": "本人到会",
            "attendance.*.relation": "none",
            "attendance.*.signed": "1",
        }
        self.does("recorder", "签到", {**present, "started_at": self._meeting_at})
        speech = {"speaker": "居主任", "stance": "赞成", "seconds": "60", "no": "1"}
        record = {f"speeches.*.{name}": value for name, value in speech.items()}
        talk = {"rules_read": "1", "consensus": "更换电梯", "disagreements": "无"}
        self.does("committee", "议事", {**record, **talk}, add=["speeches"])
        motion = {
            "motion_text": "同意年底前更换3号楼电梯",
            "executor_org": "property-co",
            "deadline": self.deadline,
        }
        self.does("committee", "形成表决方案", {**motion, **({"raise_to_secret": "1"} if secretly else {})})

    def votes(self, seat: str, choice: str) -> str:
        """Vote for a seat; the receipt code that is shown once."""
        page = self.does(seat, "投票", {"choice": choice, "confirm": "1"})
        return str(page.html.xpath("//output[@class='receipt']")[0].text_content())

    def is_recorded(self) -> None:
        minutes = {"public_version": "更换3号楼电梯", "drafted_by": "recorder"}
        self.does("recorder", "起草纪要", minutes)
        for seat in SEATS:
            self.does(seat, "确认纪要", {"agree_minutes": "确认"})

    def is_struck_off(self) -> None:
        """The entry of the ledger goes its way: completed, ordered, put right, accepted, approved."""
        self.does("admin", "受理立账", {"place_type": "residence", "place": "3号楼电梯"})
        order = {"disposal": "rectify", "standard": "验收合格", "accept_by": "verifier"}
        self.does("admin", "交办", order)
        self.does("property", "签收", {"receipt": "签收"})
        self.does("property", "整改", {"percent": "100", "note": "已经更换", "next_step": "close"})
        now = self.clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
        self.does(
            "property", "申请销号", {"result": "电梯已更换", "completed_at": now}, files={"evidence": 2}
        )
        accepted = {"verifiers": ["verifier", "admin"], "on_site": "1", "accept_result": "合格"}
        self.does("verifier", "复查验收", {**accepted, "opinion": "看过了"}, files={"photos": 1})
        self.does("approver", "销号审批", {"approve": "同意销号", "opinion": "同意"})

    def is_carried_out(self) -> None:
        order = {"responsible_person": "property", "measures": "拆旧换新", "check_by": "owners-co"}
        self.does("party", "决议交办", order)
        self.is_struck_off()
        self.does("secretary", "结果公开", {"result": "电梯已更换"}, files={"photos": 2})
        self.does("resident", "结果评价", {"satisfaction": "满意"})
