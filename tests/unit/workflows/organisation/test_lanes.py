"""The lane table and what reads it."""

from __future__ import annotations

from datetime import date

import pytest

from workflows.organisation import rules
from workflows.organisation.model import Seat
from workflows.organisation.rules import LANES, LaneKind

TODAY = date(2026, 11, 22)
SEATS = [
    Seat("jsjy-council", "party", "社区党组织", core=True, titular="u1", alternate="u2"),
    Seat("jsjy-council", "property", "物业管理公司", titular="u3"),
]


def test_every_alternative_is_a_lane_and_leads_to_a_post_in_the_end() -> None:
    for lane in LANES.values():
        alternatives = []
        while lane.otherwise:
            assert lane.otherwise not in alternatives
            alternatives.append(lane.otherwise)
            lane = LANES[lane.otherwise]  # noqa: PLW2901
        assert not alternatives or lane.kind is LaneKind.POST


def test_every_lane_has_a_chinese_title() -> None:
    assert all(lane.title for lane in LANES.values())


@pytest.mark.parametrize(
    ("lane", "chosen"),
    [("chair", ["party"]), ("party", ["party"]), ("member", ["party", "property"]), ("owners_committee", [])],
)
def test_a_seat_lane_means_the_core_seat_all_seats_or_the_one_it_names(lane: str, chosen: list[str]) -> None:
    assert [seat.seat for seat in rules.chosen_seats(LANES[lane], SEATS)] == chosen


def test_the_alternate_acts_only_where_there_is_no_titular_member() -> None:
    assert rules.holder(SEATS[0], TODAY) == "u1"
    assert rules.holder(Seat("b", "s", "席", alternate="u2"), TODAY) == "u2"
    assert rules.holder(Seat("b", "s", "席"), TODAY) is None


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        (date(2026, 11, 22), None, True),
        (date(2026, 11, 23), None, False),
        (None, date(2026, 11, 22), True),
        (None, date(2026, 11, 21), False),
    ],
)
def test_a_mandate_counts_its_first_and_its_last_day(
    start: date | None, end: date | None, held: bool
) -> None:
    seat = Seat("b", "s", "席", titular="u1", mandate_from=start, mandate_until=end)
    assert (rules.holder(seat, TODAY) == "u1") is held


def test_the_first_recorded_party_counts() -> None:
    lane = LANES["executor"]
    assert rules.party(lane, {"responsible_person": None, "executor_org": "jsjy-property"}) == "jsjy-property"
    assert rules.party(lane, {"responsible_person": "u3", "executor_org": "jsjy-property"}) == "u3"
    assert rules.party(lane, {}) is None


@pytest.mark.parametrize(
    ("group", "parts"),
    [
        (rules.post_group("teller", "jsjy"), ("post", "teller", "jsjy")),
        (rules.seat_group("jsjy-council", "party"), ("seat", "party", "jsjy-council")),
        (rules.organisation_group("jsjy-property"), ("org", "", "jsjy-property")),
    ],
)
def test_a_groups_name_can_be_read_back(group: str, parts: tuple[str, str, str]) -> None:
    assert rules.read_group(group) == parts
