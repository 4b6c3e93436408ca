"""Service tasks that bring a meeting together: roster, draw, notice, attendance, another try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine import user_tasks
from engine.registry import JobContext
from engine.timing import read_instant
from workflows.calendar import rules as calendar_rules
from workflows.calendar import store as calendar
from workflows.lots import public_seed
from workflows.meetings import rules
from workflows.meetings.model import Resident, RosterSeat
from workflows.moments import SHANGHAI, feel_text
from workflows.notices import desk
from workflows.notices.model import NoticeKind
from workflows.organisation import store as organisation

Results = dict[str, Any]


def form_roster(job: JobContext) -> Results:
    """The seats that take part, who may vote at most, and who is asked for feedback in the end."""
    connection, variables = job.work.connection, job.variables
    body = organisation.body_of(connection, job.work.community, variables["body_id"])
    core = frozenset(seat.seat for seat in organisation.seats(connection, body.id) if seat.core)
    rows = variables["seats"]
    roster = rules.roster(
        rows, core, _names(job, (row.get(k) for row in rows for k in ("titular", "alternate")))
    )
    parties = (party.get("person") for party in variables["interested_parties"])
    asked = list(dict.fromkeys(one for one in [variables["initiator"], *parties] if one))
    names = _names(job, asked)
    return {
        "roster": roster,
        "entitled": len(roster),
        "undeclared": roster,
        "feedback_people": [{"person": one, "name": names.get(one, one)} for one in asked],
    }


def draw_residents(job: JobContext) -> Results:
    """Draw residents' representatives from the matter's grids; whoever has a part in it already is not in the pool."""
    variables = job.variables
    involved = {seat["person"] for seat in variables["roster"]} | {variables["initiator"]}
    involved |= {party["person"] for party in variables["interested_parties"] if party.get("person")}
    residents = organisation.residents(job.work.connection, variables["grid_ids"])
    pool = [Resident(one.id, one.name, one.home or "") for one in residents if one.id not in involved]
    seed = public_seed(job.matter_no, [one.person for one in pool])
    drawn = rules.draw(pool, int(variables["resident_draw"]), seed)
    return {
        "resident_representatives": [
            {"person": one.person, "name": one.name, "grid": one.stratum} for one in drawn
        ],
        "draw_seed": seed,
    }


def send_notice(job: JobContext) -> Results:
    """Publish the meeting and tell those invited; interests are to be declared one working day before it."""
    variables, work = job.variables, job.work
    meeting_at = read_instant(variables["meeting_at"])
    number = rules.meeting_number(job.matter_no, int(variables["failed_times"]))
    when = f"{meeting_at.astimezone(SHANGHAI):%Y年%m月%d日 %H:%M}"
    agenda = "；".join(f"{row['no']}. {row['topic']}（{row['minutes']} 分钟）" for row in variables["agenda"])
    text = f"会议编号 {number}，时间 {when}，地点 {variables['place']}。议程：{agenda}。"
    subject = f"会议通知：{variables['title']}"
    notice_id = desk.publish(work, NoticeKind.MEETING, subject, text, job.matter_no, meeting_at)
    desk.tell(work, _invited(job), subject, text, job.matter_no)
    declared_by = calendar_rules.working_days_before(calendar.load(work.connection), meeting_at, 1)
    return {"meeting_no": number, "recusal_due_at": feel_text(declared_by), "notice_id": notice_id}


def attendance(job: JobContext) -> Results:
    """Count the seats that are there, and those of them that may vote."""
    variables = job.variables
    declared = [one for one in variables.get("recusals_now") or [] if one and one.get("relation")]
    meeting = rules.attendance(
        variables["roster"], variables["attendance"], [*variables["recusals"], *declared]
    )
    return {
        "roster": meeting.roster,
        "entitled": meeting.entitled,
        "present": meeting.present,
        "core_present": meeting.core_present,
        "attendees": meeting.attendees,
        "recusals": meeting.recusals,
        "recused_seats": meeting.recused,
        "undeclared": meeting.undeclared,
        "voters": meeting.voters,
        "base_count": len(meeting.voters),
        "attendance_note": rules.attendance_note(meeting),
    }


def reconvene(job: JobContext) -> Results:
    """The new time, and by which rule the next meeting has a quorum."""
    lowered = job.variables["reconvene_action"] == "reconvene_majority"
    return {
        "meeting_at": job.variables["new_time"],
        "quorum_body": "council_majority" if lowered else "council",
    }


def replace_member(job: JobContext) -> Results:
    """A seat has a new representative: open tasks of the old one go over, papers already cast stay."""
    variables = job.variables
    seat, person = str(variables["seat"]), str(variables["person"])
    roster: list[RosterSeat] = variables.get("roster") or []
    before = next((one["person"] for one in roster if one["seat"] == seat), None)
    if before is None:
        return {}
    for task in user_tasks.of_instance(job.work, job.instance_key):
        if task.assignee == before:
            user_tasks.reassign(job.work, task.key, person)
    name = _names(job, [person]).get(person, person)
    lists = ("roster", "undeclared", "attendees", "voters")
    return {key: rules.replaced(variables[key], seat, person, name) for key in lists if variables.get(key)}


def _invited(job: JobContext) -> list[str]:
    variables = job.variables
    parties = [party.get("person") for party in variables["interested_parties"]]
    drawn = [one["person"] for one in variables.get("resident_representatives") or []]
    guests = [*(variables.get("experts") or []), *(variables.get("observers") or [])]
    seats = [seat["person"] for seat in variables["roster"]]
    return [one for one in [*seats, *parties, *drawn, *guests] if one]


def _names(job: JobContext, ids: Iterable[str | None]) -> dict[str, str]:
    people = organisation.people(job.work.connection, {one for one in ids if one})
    return {id_: person.name for id_, person in people.items()}
