"""The arithmetic of a meeting. Pure: everything comes in as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from workflows.lots import lot
from workflows.meetings.model import Attendance, Attendee, Recusal, Resident, RosterSeat

ABSENT = "缺席"
BY_ALTERNATE = "候补代会"
ON_SITE = "现场"
NOT_RECUSED = "不回避"
DISQUALIFYING = frozenset({"self_party", "near_relative", "contractor", "employer"})
"""Interests that bar from voting; an interest shared with most residents is declared but bars nobody."""

VOTE_MINUTES_ON_SITE = 30
VOTE_DAYS_ONLINE = 3
PUBLICITY_DAYS = 7
"""Design values; a model overrides them by task headers."""


def roster(
    seats: Iterable[Mapping[str, Any]], core: frozenset[str], names: Mapping[str, str]
) -> list[RosterSeat]:
    """The seats that take part, from the rows of the selection form; vacant ones are left out.

    Raises ``ValueError`` for a seat that is neither vacant nor has a representative.
    """
    return [_roster_seat(row, core, names) for row in seats if not row.get("vacant")]


def attendance(
    roster: Sequence[RosterSeat], signed: Iterable[Mapping[str, Any]], recusals: Iterable[Recusal]
) -> Attendance:
    """Who is there and may vote, from the sign-in sheet and all declarations known so far.

    Of the declarations of a seat the last one counts. The sign-in sheet only makes up for missing ones: it is
    filled in by the recorder, who must not be able to lift a recusal.
    """
    rows = {row["seat"]: row for row in signed}
    at_sign_in = [
        Recusal(seat=seat, relation=row["relation"]) for seat, row in rows.items() if row.get("relation")
    ]
    known = {one["seat"]: one for one in [*at_sign_in, *recusals]}
    seated = [_substituted(seat, known.get(seat["seat"])) for seat in roster]
    attendees = [_attendee(seat, rows[seat["seat"]]["attend"]) for seat in seated if _is_there(seat, rows)]
    recused = [seat["seat"] for seat in roster if _is_barred(known.get(seat["seat"]))]
    undeclared = [seat for seat in roster if seat["seat"] not in known]
    barred = {*recused, *(seat["seat"] for seat in undeclared)}
    return Attendance(
        roster=seated,
        attendees=attendees,
        recusals=list(known.values()),
        recused=recused,
        undeclared=undeclared,
        voters=[one for one in attendees if one["seat"] not in barred],
    )


def attendance_note(meeting: Attendance) -> str:
    """The arithmetic of the attendance in one Chinese paragraph."""
    core = "社区党组织席位到会" if meeting.core_present else "社区党组织席位缺席"
    here = {one["seat"] for one in meeting.attendees}
    recused = sum(seat in here for seat in meeting.recused)
    undeclared = sum(seat["seat"] in here for seat in meeting.undeclared)
    return (
        f"应到 {meeting.entitled} 席，实到 {meeting.present} 席，{core}；"
        f"实到 {meeting.present} × 3 = {meeting.present * 3}，应到 {meeting.entitled} × 2 = {meeting.entitled * 2}。"
        f"到会席位中回避 {recused} 席、未申报利害关系 {undeclared} 席，可表决 {len(meeting.voters)} 席。"
    )


def meeting_number(matter_no: str, failed_times: int) -> str:
    """The matter's number; a meeting called again adds which one it is (``YSH-2026-0014-2``)."""
    return f"{matter_no}-{failed_times + 1}" if failed_times else matter_no


def replaced(rows: Iterable[Mapping[str, Any]], seat: str, person: str, name: str) -> list[dict[str, Any]]:
    """The rows of a roster (or of attendees, voters) with another person on a seat."""
    new = {"person": person, "person_name": name}
    return [{**row, **new} if row["seat"] == seat else dict(row) for row in rows]


def draw(pool: Sequence[Resident], number: int, seed: str) -> list[Resident]:
    """So many residents, drawn by lot from every stratum in proportion to its size.

    Within a stratum they go by their lots (:mod:`workflows.lots`), so that everybody can repeat the draw. A pool
    that is too small is taken whole.
    """
    strata: dict[str, list[Resident]] = {}
    for one in sorted(pool, key=lambda one: lot(seed, one.person)):
        strata.setdefault(one.stratum, []).append(one)
    shares = _shares({name: len(members) for name, members in strata.items()}, min(number, len(pool)))
    return [one for name in sorted(strata) for one in strata[name][: shares[name]]]


def _roster_seat(row: Mapping[str, Any], core: frozenset[str], names: Mapping[str, str]) -> RosterSeat:
    person, alternate = row.get("titular") or row.get("alternate"), row.get("alternate")
    if not person:
        raise ValueError(f"席位“{row['seat_name']}”没有代表，请选定代表或标为空缺。")
    return RosterSeat(
        seat=row["seat"],
        seat_name=row["seat_name"],
        core=row["seat"] in core,
        person=person,
        person_name=names.get(person, person),
        alternate=alternate,
        alternate_name=names.get(alternate, "") if alternate else "",
    )


def _is_there(seat: RosterSeat, rows: Mapping[str, Mapping[str, Any]]) -> bool:
    attend = rows.get(seat["seat"], {}).get("attend", ABSENT)
    return attend != ABSENT and (attend != BY_ALTERNATE or seat["alternate"] is not None)


def _attendee(seat: RosterSeat, attend: str) -> Attendee:
    acting = _by_alternate(seat) if attend == BY_ALTERNATE else seat
    return Attendee(
        seat=seat["seat"],
        seat_name=seat["seat_name"],
        person=acting["person"],
        person_name=acting["person_name"],
    )


def _by_alternate(seat: RosterSeat) -> RosterSeat:
    return {**seat, "person": seat["alternate"] or seat["person"], "person_name": seat["alternate_name"]}


def _substituted(seat: RosterSeat, recusal: Recusal | None) -> RosterSeat:
    """A decision may let the alternate act instead of the person with the interest: the seat is not recused."""
    substitute = recusal.get("substitute") if recusal else None
    return _by_alternate(seat) if substitute and substitute == seat["alternate"] else seat


def _is_barred(recusal: Recusal | None) -> bool:
    if recusal is None or recusal.get("substitute"):
        return False
    decided = recusal.get("recusal_result")
    return decided != NOT_RECUSED if decided else recusal.get("relation") in DISQUALIFYING


def _shares(sizes: Mapping[str, int], number: int) -> dict[str, int]:
    """Whole shares in proportion to the sizes; what is left over goes to the largest remainders, then by name."""
    total = sum(sizes.values())
    exact = {name: Fraction(number * size, total) for name, size in sizes.items()}
    shares = {name: int(share) for name, share in exact.items()}
    by_remainder = sorted(sizes, key=lambda name: (shares[name] - exact[name], name))
    for name in by_remainder[: number - sum(shares.values())]:
        shares[name] += 1
    return shares
