"""A whole meeting by the pages alone, without JavaScript, as the people who take part in it."""

from __future__ import annotations

import pytest

from engine.clock import VirtualClock
from engine.worker import run_due
from tests.integration.web.community import SEATS
from tests.integration.web.meeting import Browse, Meeting
from web.wiring import Product


@pytest.fixture
def meeting(browse: Browse, product: Product, clock: VirtualClock) -> Meeting:
    return Meeting(browse, clock, lambda: run_due(product.engine))


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


def test_what_was_handed_in_is_read_by_whoever_has_to_go_on(meeting: Meeting):
    meeting.is_proposed()
    secretary = meeting.opens("secretary", "议题初审")
    secretary.follow("提出议题")
    assert "电梯今年停运四次" in secretary.text
    assert "居民甲提交于" in secretary.text


def test_what_a_matter_led_to_is_linked_for_those_it_concerns(meeting: Meeting):
    meeting.is_proposed()
    meeting.is_put_on_the_agenda()
    meeting.is_convened()
    meeting.is_debated()
    for seat in SEATS:
        meeting.votes(seat, "同意")
    meeting.does("teller-1", "监票确认")
    meeting.is_recorded()
    meeting.waits(days=8)
    meeting.is_carried_out()
    for person, sees in {"party": True, "resident": False}.items():
        page = meeting.as_(person)
        page.get("/tasks?view=done")
        page.follow("决议交办" if sees else "提出议题")
        page.follow("查看事项")
        assert ("由这件事项引出的" in page.text) is sees
    party = meeting.as_("party")
    party.follow("3号楼电梯老化更换")
    assert "问题台账" in party.text
    assert "已销号" in party.text


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
