"""The forms: complete, in plain Chinese, and strict where the council's rules are strict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.models.source import FORM_FILES, components, form, functions
from web.forms import Errors, Form, Validated, check

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
FILE = {"id": "f1", "name": "照片.jpg", "size": 1024, "type": "image/jpeg"}
SEATS = [
    {"seat": f"s{n}", "seat_name": f"第{n}席", "titular": f"p{n}", "alternate": f"a{n}", "person": f"p{n}"}
    | {"person_name": f"代表{n}", "alternate_name": f"候补{n}"}
    for n in range(8)
]
PEOPLE = [{"value": name, "label": name} for name in ("host", "teller1", "teller2", "third", "proposer")]
PEOPLE += [{"value": f"{kind}{n}", "label": f"{kind}{n}"} for kind in "pa" for n in range(8)]
CONTEXT: dict[str, Any] = {
    "people": PEOPLE,
    "residents": [{"value": "r1", "label": "居民"}],
    "orgs": [{"value": "property", "label": "物业"}, {"value": "supervision", "label": "监委会"}],
    "grids": [{"value": "g1", "label": "第一网格"}],
    "bodies": [{"value": "jsjy-council", "label": "议事会"}],
    "council_seats": SEATS,
    "roster": SEATS,
    "undeclared": SEATS[7:],
    "seat": SEATS[3],
    "voters": SEATS[:6],
    "attendees": SEATS[:7],
    "initiator": "proposer",
    "initiator_name": "提案人",
    "matter_no": "YSH-2026-0001",
    "title": "三号院车位不足",
    "topic_class": "public_affair",
    "meeting_at": "2026-11-23T09:00:00+08:00",
    "failed_times": 1,
    "wait_days": 7,
    "ballot_mode": "open_named",
}

forms = pytest.mark.parametrize("path", FORM_FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")


@cache
def compiled(name: str) -> Form:
    return Form.compile(form(f"deliberation_meeting.{name}"), functions=functions())


def judged(name: str, data: Mapping[str, Any], **context: Any) -> Validated | Errors:
    form = compiled(name)
    return form.validate(form.given(data, CONTEXT | context, now=NOW), now=NOW)


def submit(name: str, data: Mapping[str, Any], **context: Any) -> dict[str, Any]:
    result = judged(name, data, **context)
    assert isinstance(result, Validated), result
    return result.data


def refusals(name: str, data: Mapping[str, Any], **context: Any) -> dict[str, list[str]]:
    """The sentences a person would read, by field."""
    result = judged(name, data, **context)
    return dict(result.errors) if isinstance(result, Errors) else {}


@forms
def test_a_form_is_one_the_product_draws_and_judges_without_reserve(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["id"] == f"{path.parent.name}.{path.stem}"
    assert schema["schemaVersion"] == 19
    assert check(schema, functions=functions()) == []


@forms
def test_a_form_tells_in_one_sentence_what_to_do(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    assert schema["title"]
    assert schema["description"].count("。") == 1
    assert len(schema["description"]) <= 45


@forms
def test_every_field_has_a_label_and_every_check_says_what_to_do(path: Path) -> None:
    for component in components(json.loads(path.read_text(encoding="utf-8"))):
        if "key" in component or "path" in component:
            assert component.get("label") or component.get("dateLabel") or component.get("timeLabel"), (
                component
            )
        properties = component.get("properties", {})
        for name in properties:
            if name.startswith("check") and not name.startswith("checkMessage"):
                message = properties[f"checkMessage{name.removeprefix('check')}"]
                assert message.endswith("。"), message
                assert any(word in message for word in ("请", "只能", "不能")), message


NOTICE: dict[str, Any] = {
    "meeting_at": "2026-11-27T19:00",
    "place": "二楼议事厅",
    "meeting_mode": "现场",
    "agenda": [{"no": 1, "topic": "车位", "presenter": "提案人", "minutes": 120}],
    "materials": [FILE],
}


def test_a_meeting_is_called_three_working_days_ahead() -> None:
    assert refusals("meeting_notice", NOTICE) == {}
    too_soon = refusals("meeting_notice", NOTICE | {"meeting_at": "2026-11-26T17:00"})
    assert "勾选“紧急会议”" in too_soon["meeting_at"][0]


def test_an_urgent_meeting_needs_its_reason_instead() -> None:
    urgent = NOTICE | {"meeting_at": "2026-11-23T19:00", "is_urgent": True}
    assert set(refusals("meeting_notice", urgent)) == {"urgent_reason"}
    assert refusals("meeting_notice", urgent | {"urgent_reason": "水管爆裂"}) == {}


def test_no_urgency_calls_a_meeting_into_the_past() -> None:
    past = NOTICE | {"meeting_at": "2026-11-23T08:00", "is_urgent": True, "urgent_reason": "水管爆裂"}
    assert "请改成以后的时间" in refusals("meeting_notice", past)["meeting_at"][0]


def test_an_agenda_fits_into_two_hours() -> None:
    two = [{"no": n, "topic": "议题", "presenter": "某人", "minutes": 61} for n in (1, 2)]
    assert "一百二十分钟" in refusals("meeting_notice", NOTICE | {"agenda": two})["agenda"][0]


SELECTION: dict[str, Any] = {
    "seats": [{"titular": f"p{n}", "alternate": f"a{n}", "vacant": False} for n in range(8)],
    "interested_parties": [{"name": "有车的住户", "person": "r1", "interest": "受益"}],
    "moderator": "host",
    "tellers": ["teller1", "teller2"],
}


def test_the_seat_table_keeps_the_names_of_the_seats_whatever_is_sent() -> None:
    renamed = [row | {"seat_name": "别的名字"} for row in SELECTION["seats"]]
    rows = submit("stakeholder_selection", SELECTION | {"seats": renamed})["seats"]
    assert [(row["seat"], row["seat_name"]) for row in rows] == [(f"s{n}", f"第{n}席") for n in range(8)]


def test_two_vacant_seats_may_meet_and_three_may_not() -> None:
    def with_vacant(count: int) -> dict[str, Any]:
        empty = [{"vacant": True, "vacancy_reason": "尚未成立"}] * count
        return SELECTION | {"seats": empty + SELECTION["seats"][count:]}

    assert refusals("stakeholder_selection", with_vacant(2)) == {}
    assert "三个以上" in refusals("stakeholder_selection", with_vacant(3))["seats"][0]


def test_a_vacant_seat_needs_a_reason_and_a_filled_one_a_person() -> None:
    rows = [{"vacant": True}, {"vacant": False}, *SELECTION["seats"][2:]]
    found = refusals("stakeholder_selection", SELECTION | {"seats": rows})
    assert {"seats.0.vacancy_reason", "seats.1.titular"} <= set(found)


def test_one_person_takes_one_seat() -> None:
    rows = [*SELECTION["seats"][:7], {"titular": "p0", "vacant": False}]
    assert "一个席位" in refusals("stakeholder_selection", SELECTION | {"seats": rows})["seats"][0]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"moderator": "proposer"}, "moderator", "提案人不能主持"),
        (
            {"moderator": "p1", "interested_parties": [{"name": "甲", "person": "p1", "interest": "受损"}]},
            "moderator",
            "利益相关方不能当主持人",
        ),
        ({"tellers": ["teller1"]}, "tellers", "2"),
        ({"tellers": ["teller1", "teller2", "third"]}, "tellers", "2"),
        ({"tellers": ["teller1", "host"]}, "tellers", "主持人不能兼"),
        (
            {
                "tellers": ["teller1", "p1"],
                "interested_parties": [{"name": "甲", "person": "p1", "interest": "受损"}],
            },
            "tellers",
            "利益相关方不能监票",
        ),
        ({"interested_parties": []}, "interested_parties", "1"),
    ],
)
def test_whoever_runs_or_counts_a_vote_has_no_part_in_it(
    changes: Mapping[str, Any], field: str, words: str
) -> None:
    assert words in refusals("stakeholder_selection", {**SELECTION, **changes})[field][0]


def test_an_interest_is_explained_and_its_truth_promised() -> None:
    assert refusals("recusal_declaration", {"relation": "none", "promise": True}) == {}
    found = refusals("recusal_declaration", {"relation": "contractor", "promise": False})
    assert set(found) == {"detail", "promise"}


def test_nobody_decides_on_their_own_recusal() -> None:
    decision = {"recusal_result": "回避", "reason": "承包方", "decided_by": "p3"}
    assert "当事人自己" in refusals("recusal_decision", decision)["decided_by"][0]
    assert refusals("recusal_decision", decision | {"decided_by": "host", "substitute": "a3"}) == {}


def test_only_the_alternate_of_the_seat_stands_in() -> None:
    assert set(refusals("rsvp", {"attend": "候补代会"})) == {"alternate"}
    assert set(refusals("rsvp", {"attend": "候补代会", "alternate": "a4"})) == {"alternate"}
    assert refusals("rsvp", {"attend": "候补代会", "alternate": "a3"}) == {}


def test_sign_in_asks_for_an_interest_only_where_none_was_declared() -> None:
    rows = [{"name": f"代表{n}", "attend": "本人到会", "relation": "none", "signed": True} for n in range(8)]
    saved = submit("sign_in", {"attendance": rows, "started_at": "2026-11-23T09:00"})["attendance"]
    assert [row.get("relation") for row in saved] == [None] * 7 + ["none"]


def test_nobody_signs_in_for_two_seats() -> None:
    rows = [{"name": "同一个人", "attend": "本人到会"} for _ in range(8)]
    found = refusals("sign_in", {"attendance": rows, "started_at": "2026-11-23T09:00"})
    assert "一人一席" in found["attendance"][0]


@pytest.mark.parametrize(("new_time", "accepted"), [("2026-11-30T09:00", True), ("2026-11-29T23:00", False)])
def test_the_next_meeting_keeps_the_interval_of_the_table(new_time: str, accepted: bool) -> None:
    found = refusals("reconvene", {"failed_reason": "人数不足", "new_time": new_time})
    assert ("new_time" not in found) is accepted


def test_from_the_second_failure_the_absent_are_urged_in_writing() -> None:
    again = {"failed_reason": "人数不足", "new_time": "2026-12-01T09:00"}
    assert set(refusals("reconvene", again, failed_times=2)) == {"notify_absent"}
    assert refusals("reconvene", again | {"notify_absent": True}, failed_times=2) == {}


def speech(speaker: str, seconds: int = 120) -> dict[str, Any]:
    return {"no": 1, "speaker": speaker, "stance": "赞成", "seconds": seconds}


RECORD: dict[str, Any] = {"rules_read": True, "consensus": "同意", "disagreements": "无"}


def test_everybody_speaks_twice_for_two_minutes_at_most() -> None:
    assert (
        refusals("deliberation_record", RECORD | {"speeches": [speech("甲"), speech("甲"), speech("乙")]})
        == {}
    )
    thrice = refusals("deliberation_record", RECORD | {"speeches": [speech("甲")] * 3})
    assert "最多发言两次" in thrice["speeches"][0]
    long = refusals("deliberation_record", RECORD | {"speeches": [speech("甲", 121)]})
    assert set(long) == {"speeches.0.seconds"}


MOTION: dict[str, Any] = {
    "motion_text": "同意与共建单位共享六十个停车位",
    "executor_org": "property",
    "deadline": "2026-11-24",
}


def test_a_motion_is_to_be_done_after_the_meeting() -> None:
    assert refusals("motion", MOTION) == {}
    assert "晚于开会那天" in refusals("motion", MOTION | {"deadline": "2026-11-23"})["deadline"][0]


def test_a_host_can_raise_a_vote_to_secret_and_not_lower_it() -> None:
    assert submit("motion", MOTION | {"raise_to_secret": True})["raise_to_secret"] is True
    lowered = submit(
        "motion", MOTION | {"ballot_mode": "open_named", "raise_to_secret": True}, ballot_mode="secret"
    )
    assert "ballot_mode" not in lowered
    assert "raise_to_secret" not in lowered


def test_a_secret_ballot_takes_no_reason() -> None:
    paper = {"choice": "反对", "reason": "太吵", "confirm": True}
    assert "reason" not in submit("ballot", paper, ballot_mode="secret")
    assert submit("ballot", paper)["reason"] == "太吵"
    assert set(refusals("ballot", paper | {"confirm": False})) == {"confirm"}


SHEET: dict[str, Any] = {"issued": 6, "returned": 5, "agree": 3, "disagree": 1, "abstain": 1, "invalid": 0}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issued": 7}, "issued"),
        ({"returned": 7}, "returned"),
        ({"agree": 4}, "invalid"),
        ({"agree": -1}, "agree"),
    ],
)
def test_the_figures_of_the_paper_votes_have_to_balance(changes: Mapping[str, Any], field: str) -> None:
    assert refusals("paper_entry", SHEET | {"photo": [FILE]}) == {}
    assert field in refusals("paper_entry", {**SHEET, "photo": [FILE], **changes})


MINUTES: dict[str, Any] = {
    "summary": "摘要",
    "resolutions": [{"no": 1, "matter": "共享车位", "result": "通过"}],
    "minority": "无",
    "drafted_by": "third",
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("联系 13812345678", "电话"),
        ("联系 0537-2345678", "电话"),
        ("身份证 370811199001011234", "身份证"),
        ("身份证 37081119900101123X", "身份证"),
    ],
)
def test_the_public_version_names_no_number_of_a_person(text: str, words: str) -> None:
    assert refusals("minutes", MINUTES | {"public_version": "同意 4 票，自 2026 年 12 月起"}) == {}
    assert words in refusals("minutes", MINUTES | {"public_version": text})["public_version"][0]


REVIEW: dict[str, Any] = {"reply": "已核实", "votes": [{"member": "third", "opinion": "成立"}]}


def test_an_objection_without_ground_changes_nothing() -> None:
    refused = refusals("objection_review", REVIEW | {"finding": "不成立", "remedy": "重新表决"})
    assert set(refused) == {"remedy"}
    assert refusals("objection_review", REVIEW | {"finding": "不成立", "remedy": "维持"}) == {}


def test_who_took_part_in_the_vote_does_not_review_it() -> None:
    votes = [{"member": "p1", "opinion": "成立"}]
    found = refusals("objection_review", REVIEW | {"finding": "成立", "remedy": "重新表决", "votes": votes})
    assert "回避" in found["votes"][0]


def test_who_does_the_work_does_not_accept_it() -> None:
    order = {
        "executor_org": "property",
        "responsible_person": "p4",
        "measures": "划线",
        "deadline": "2026-12-01",
    }
    assert "不能是责任单位" in refusals("assignment", order | {"check_by": "property"})["check_by"][0]
    assert refusals("assignment", order | {"check_by": "supervision"}) == {}


def test_a_result_is_shown_before_and_after_for_seven_days() -> None:
    result = {"result": "做好了", "photos": [FILE], "publish_days": 6}
    assert set(refusals("result_publication", result)) == {"photos", "publish_days"}


def test_a_topic_sent_elsewhere_needs_a_reason_of_twenty_characters() -> None:
    screening = {"complexity": "simple", "screen_date": "2026-11-23"}
    assert refusals("topic_screening", screening) == {}
    assert set(refusals("topic_screening", screening, topic_class="gov_duty")) == {"result_reason"}
    assert set(refusals("topic_screening", screening | {"is_repeat": True, "result_reason": "太短"})) == {
        "result_reason"
    }
