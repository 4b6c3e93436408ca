"""A whole meeting by the pages alone, without JavaScript, as the people who take part in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.clock import VirtualClock
from engine.worker import run_due
from tests.integration.web.browser import Browser
from tests.integration.web.community import SEATS
from web.wiring import Product

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


MEETING_AT = "2026-12-01T15:00"


class Meeting:
    """The people of the small community walking one matter through."""

    def __init__(self, browse: Browse, product: Product, clock: VirtualClock) -> None:
        self.browse, self.product, self.clock = browse, product, clock
        self.people: dict[str, Browser] = {}

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
        run_due(self.product.engine)

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
        notice = {"meeting_at": MEETING_AT, "place": "社区议事厅", "meeting_mode": "现场"}
        self.does("secretary", "发会议通知", notice, files={"materials": 1})
        for seat in SEATS:
            self.does(seat, "利害关系申报", {"relation": "none", "promise": "1"})
            self.does(seat, "填写回执", {"attend": "参加"})
        self.waits_until(datetime.fromisoformat(MEETING_AT + "+08:00"))

    def is_debated(self, *, secretly: bool = False) -> None:
        present = {
            "attendance.*.attend": "本人到会",
            "attendance.*.relation": "none",
            "attendance.*.signed": "1",
        }
        self.does("recorder", "签到", {**present, "started_at": MEETING_AT})
        speech = {"speaker": "居主任", "stance": "赞成", "seconds": "60", "no": "1"}
        record = {f"speeches.*.{name}": value for name, value in speech.items()}
        talk = {"rules_read": "1", "consensus": "更换电梯", "disagreements": "无"}
        self.does("committee", "议事", {**record, **talk}, add=["speeches"])
        motion = {
            "motion_text": "同意年底前更换3号楼电梯",
            "executor_org": "property-co",
            "deadline": "2026-12-31",
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

    def is_carried_out(self) -> None:
        order = {"responsible_person": "property", "measures": "拆旧换新", "check_by": "owners-co"}
        self.does("party", "决议交办", order)
        closing = {"result": "电梯已更换", "completed_at": self.clock.now().strftime("%Y-%m-%dT%H:%M")}
        self.does("admin", "销号", closing, files={"evidence": 2})
        self.does("secretary", "结果公开", {"result": "电梯已更换"}, files={"photos": 2})
        self.does("resident", "结果评价", {"satisfaction": "满意"})


@pytest.fixture
def meeting(browse: Browse, product: Product, clock: VirtualClock) -> Meeting:
    return Meeting(browse, product, clock)


def test_a_topic_goes_from_proposal_to_archive(meeting: Meeting):
    meeting.is_proposed()
    meeting.is_put_on_the_agenda()
    meeting.is_convened()
    meeting.is_debated()
    receipts = {meeting.votes(seat, "同意" if seat != "property" else "反对") for seat in SEATS}
    assert len(receipts) == len(SEATS)
    meeting.does("teller-1", "监票确认")
    meeting.is_recorded()
    meeting.waits(days=8)
    meeting.is_carried_out()
    secretary = meeting.as_("secretary")
    secretary.get("/tasks?view=done")
    secretary.follow("结果公开")
    secretary.follow("查看事项")
    assert "决议已落实归档" in secretary.text
    assert "同意 7 票" in secretary.text


def test_a_neighbour_objects_to_a_posted_resolution(meeting: Meeting, browse: Browse):
    meeting.is_proposed()
    meeting.is_put_on_the_agenda()
    meeting.is_convened()
    meeting.is_debated()
    for seat in SEATS:
        meeting.votes(seat, "同意")
    meeting.does("teller-1", "监票确认")
    meeting.is_recorded()
    stranger, neighbour = browse(""), meeting.as_("neighbour")
    stranger.get("/notices")
    stranger.follow("3号楼电梯老化更换（通过）")
    assert "登录后可以实名提出异议" in stranger.text
    neighbour.get(stranger.path)
    neighbour.submit({"objection_type": "事实错误", "content": "太短"})
    assert neighbour.status == 422
    grounds = "会议材料写停运四次，物业的维修记录上只有两次，请核实后再定。"
    neighbour.submit({"objection_type": "事实错误", "content": grounds, "objector": "party"})
    assert neighbour.status == 422, "nobody objects in another's name"
    neighbour.submit({"objection_type": "事实错误", "content": grounds, "objector": "neighbour"})
    assert "异议已提交，公示暂停" in neighbour.text
    supervisor = meeting.opens("supervisor", "异议核查")
    assert grounds in supervisor.text


def test_a_secret_ballot_leaves_no_draft_and_no_paper(meeting: Meeting, product: Product):
    meeting.is_proposed()
    meeting.is_put_on_the_agenda()
    meeting.is_convened()
    meeting.is_debated(secretly=True)
    voter = meeting.opens("party", "投票")
    assert "存草稿" not in voter.text
    assert "任何人都看不到您投了什么" in voter.text
    assert "记名表决：您的选择" not in voter.text
    ballot = voter.path.rstrip("?")
    voter.submit({"choice": "反对"}, do="save")
    voter.get(ballot)
    assert voter.html.xpath("//input[@name='choice'][@checked]") == []
    voter.submit({"choice": "反对", "confirm": "1"})
    receipt = voter.html.xpath("//output[@class='receipt']")[0].text_content()
    voter.get(ballot)
    assert receipt not in voter.text, "shown once"
    voter.follow("查看事项")
    assert "党书记办结“投票”" in voter.text
    assert "反对" not in voter.text
