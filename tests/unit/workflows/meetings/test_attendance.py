"""Attendance and who may vote, by the cases a real council meets."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.ballots.rules import reaches
from workflows.meetings import rules
from workflows.meetings.model import Attendance, Recusal, RosterSeat

SEATS = [
    ("party", "社区党组织"),
    ("residents_committee", "村（居）委会"),
    ("service_center", "社区服务中心"),
    ("owners_committee", "业主委员会"),
    ("property", "物业管理公司"),
    ("social_org", "社会组织"),
    ("partner_unit", "共建单位"),
    ("deputies", "“两代表一委员”"),
]
ROWS = [
    {"seat": seat, "seat_name": name, "titular": f"t-{seat}", "alternate": f"a-{seat}", "vacant": False}
    for seat, name in SEATS
]
ROSTER = rules.roster(ROWS, frozenset({"party"}), {f"t-{seat}": f"{name}代表" for seat, name in SEATS})


def declared(*seats: str, relation: str = "none") -> list[Recusal]:
    return [Recusal(seat=seat, relation=relation) for seat in seats]


EVERYBODY = declared(*(seat for seat, _ in SEATS))


def sheet(absent: set[str] = frozenset(), **attend: str) -> list[dict[str, Any]]:  # type: ignore[assignment]
    return [
        {"seat": seat, "attend": "缺席" if seat in absent else attend.get(seat, "本人到会"), "relation": None}
        for seat, _ in SEATS
    ]


def meet(absent: set[str], recusals: list[Recusal], **attend: str) -> Attendance:
    return rules.attendance(ROSTER, sheet(absent, **attend), recusals)


def test_vacant_seats_are_not_on_the_roster() -> None:
    rows = [{**ROWS[0]}, {**ROWS[3], "vacant": True, "titular": None, "vacancy_reason": "尚未成立"}]
    assert [seat["seat"] for seat in rules.roster(rows, frozenset(), {})] == ["party"]


def test_a_seat_that_is_neither_filled_nor_vacant_is_refused_in_chinese() -> None:
    with pytest.raises(ValueError, match="席位“业主委员会”没有代表，请选定代表或标为空缺"):
        rules.roster([{**ROWS[3], "titular": None, "alternate": None}], frozenset(), {})


def test_a_seat_without_its_titular_member_is_held_by_the_alternate() -> None:
    (seat,) = rules.roster([{**ROWS[3], "titular": None}], frozenset(), {})
    assert seat["person"] == "a-owners_committee"


@pytest.mark.parametrize(("absent", "quorum"), [(3, False), (2, True), (0, True)])
def test_five_of_eight_miss_two_thirds_and_six_reach_them(absent: int, quorum: bool) -> None:
    meeting = meet({seat for seat, _ in SEATS[-absent:]} if absent else set(), EVERYBODY)
    assert (meeting.present, meeting.entitled) == (8 - absent, 8)
    assert reaches(meeting.present, meeting.entitled, 2, 3) is quorum


def test_the_core_seat_is_missed_even_when_seven_others_are_there() -> None:
    meeting = meet({"party"}, EVERYBODY)
    assert meeting.present == 7
    assert not meeting.core_present


def test_the_parking_meeting_has_seven_present_and_five_who_vote() -> None:
    recusals = [
        *EVERYBODY,
        Recusal(seat="property", relation="contractor", recusal_result="可列席说明但不表决"),
        Recusal(seat="partner_unit", relation="self_party", recusal_result="可列席说明但不表决"),
    ]
    meeting = meet({"deputies"}, recusals, social_org="候补代会")
    assert meeting.present == 7
    assert [one["seat"] for one in meeting.voters] == [
        "party",
        "residents_committee",
        "service_center",
        "owners_committee",
        "social_org",
    ]
    assert meeting.voters[-1]["person"] == "a-social_org"
    assert rules.attendance_note(meeting) == (
        "应到 8 席，实到 7 席，社区党组织席位到会；实到 7 × 3 = 21，应到 8 × 2 = 16。"
        "到会席位中回避 2 席、未申报利害关系 0 席，可表决 5 席。"
    )


def test_who_has_not_declared_is_present_but_gets_no_paper() -> None:
    meeting = meet(set(), declared(*(seat for seat, _ in SEATS[:6])))
    assert meeting.present == 8
    assert len(meeting.voters) == 6
    assert [seat["seat"] for seat in meeting.undeclared] == ["partner_unit", "deputies"]


def test_a_declaration_at_sign_in_makes_up_for_the_missing_one() -> None:
    rows = sheet()
    rows[6]["relation"], rows[7]["relation"] = "none", "contractor"
    meeting = rules.attendance(ROSTER, rows, declared(*(seat for seat, _ in SEATS[:6])))
    assert not meeting.undeclared
    assert meeting.recused == ["deputies"]
    assert len(meeting.voters) == 7


def test_the_sign_in_sheet_cannot_lift_a_recusal() -> None:
    rows = sheet()
    rows[4]["relation"] = "none"
    barred = Recusal(seat="property", relation="contractor", recusal_result="回避")
    meeting = rules.attendance(ROSTER, rows, [*EVERYBODY, barred])
    assert meeting.recused == ["property"]


def test_an_interest_shared_with_most_residents_bars_nobody() -> None:
    meeting = meet(set(), [*EVERYBODY, *declared("deputies", relation="common_interest")])
    assert len(meeting.voters) == 8


@pytest.mark.parametrize(
    ("result", "votes"), [("回避", False), ("可列席说明但不表决", False), ("不回避", True), (None, False)]
)
def test_the_decision_on_an_interest_counts_and_without_one_the_seat_is_barred(
    result: str | None, votes: bool
) -> None:
    recusal = Recusal(seat="property", relation="contractor", recusal_result=result)
    meeting = meet(set(), [*EVERYBODY, recusal])
    assert ("property" in {one["seat"] for one in meeting.voters}) is votes


def test_a_substitute_named_in_the_decision_votes_for_the_seat() -> None:
    recusal = Recusal(
        seat="property", relation="near_relative", recusal_result="回避", substitute="a-property"
    )
    meeting = meet(set(), [*EVERYBODY, recusal])
    assert {one["seat"]: one["person"] for one in meeting.voters}["property"] == "a-property"
    assert meeting.recused == []


def test_when_all_are_recused_nobody_votes() -> None:
    meeting = meet(set(), declared(*(seat for seat, _ in SEATS), relation="self_party"))
    assert meeting.present == 8
    assert meeting.voters == []


def test_a_seat_without_an_alternate_is_absent_when_one_is_said_to_stand_in() -> None:
    roster = [RosterSeat(**{**seat, "alternate": None}) for seat in ROSTER]  # type: ignore[typeddict-item]
    meeting = rules.attendance(roster, sheet(deputies="候补代会"), EVERYBODY)
    assert meeting.present == 7


def test_a_meeting_called_again_carries_its_count() -> None:
    numbers = [rules.meeting_number("YSH-2026-0014", failed) for failed in (0, 1, 2)]
    assert numbers == ["YSH-2026-0014", "YSH-2026-0014-2", "YSH-2026-0014-3"]


def test_a_new_representative_replaces_the_old_one_on_that_seat_only() -> None:
    changed = rules.replaced(ROSTER, "property", "u9", "新代表")
    assert changed[4]["person"] == "u9"
    assert [row["person"] for row in changed[:4]] == [row["person"] for row in ROSTER[:4]]


names = [seat for seat, _ in SEATS]
relations = ["none", "common_interest", "self_party", "near_relative", "contractor", "employer"]


@given(
    st.lists(st.sampled_from(["本人到会", "候补代会", "线上参会", "缺席"]), min_size=8, max_size=8),
    st.dictionaries(st.sampled_from(names), st.sampled_from(relations)),
)
def test_voters_are_present_declared_and_not_recused_and_nobody_counts_twice(
    attend: list[str], relation: dict[str, str]
) -> None:
    rows = [{"seat": seat, "attend": how} for seat, how in zip(names, attend, strict=True)]
    meeting = rules.attendance(ROSTER, rows, [Recusal(seat=s, relation=r) for s, r in relation.items()])
    here = {row["seat"] for row in rows if row["attend"] != "缺席"}
    voting = [one["seat"] for one in meeting.voters]
    assert meeting.present == len(here)
    assert set(voting) == {s for s in here if relation.get(s) in ("none", "common_interest")}
    assert len(voting) == len(set(voting))
