"""What models may call for a meeting, by job type."""

from __future__ import annotations

from engine.registry import Handler, Registry
from workflows.meetings import convening, deciding

TASKS: dict[str, tuple[Handler, str, str]] = {
    "council.form_roster": (
        convening.form_roster,
        "seats: list, body_id: string, interested_parties, initiator: string",
        "roster: list, entitled: number, undeclared: list, feedback_people: list",
    ),
    "council.draw_residents": (
        convening.draw_residents,
        "resident_draw: number, grid_ids, roster: list, interested_parties, initiator: string",
        "resident_representatives: list, draw_seed: string",
    ),
    "council.send_notice": (
        convening.send_notice,
        (
            "meeting_at: string, place, agenda, roster: list, failed_times: number, title, interested_parties,"
            " resident_representatives: list"
        ),
        "meeting_no: string, recusal_due_at: string, notice_id",
    ),
    "council.attendance": (
        convening.attendance,
        "roster: list, attendance: list, recusals: list, recusals_now: list",
        (
            "roster: list, entitled: number, present: number, core_present: boolean, attendees: list, recusals: list,"
            " recused_seats: list, undeclared: list, voters: list, base_count: number, attendance_note: string"
        ),
    ),
    "council.reconvene": (
        convening.reconvene,
        "new_time: string, reconvene_action: string",
        "meeting_at: string, quorum_body: string",
    ),
    "council.replace_member": (
        convening.replace_member,
        "seat: string, person: string",
        "roster: list, undeclared: list, attendees: list, voters: list",
    ),
    "council.open_ballot": (
        deciding.open_ballot,
        (
            "voters: list, ballot_mode: string, raise_to_secret, motion_text: string, meeting_mode,"
            " ballot_round: number"
        ),
        "ballot_box: string, ballot_mode: string, ballot_round: number, vote_deadline_at: string",
    ),
    "council.check_paper": (
        deciding.check_paper,
        "ballot_box: string, paper_a, paper_b",
        "paper_match: boolean",
    ),
    "council.tally": (
        deciding.tally,
        "ballot_box: string, paper_issued, paper_a, pass_num: number, pass_den: number, strict_more: boolean",
        (
            "agree: number, disagree: number, abstain: number, invalid_votes: number, issued: number,"
            " returned: number, base_count: number, tally_lines: list, tally_basis: string"
        ),
    ),
    "council.publish_resolution": (
        deciding.publish_resolution,
        "outcome: string, motion_text: string, public_version, tally_lines: list, title: string",
        "notice_id, publicity_until: string, resolution_no: string",
    ),
    "council.resume_publicity": (
        deciding.resume_publicity,
        "publicity_until: string, objection_received_at: string, notice_id",
        "publicity_until: string",
    ),
    "council.publish_result": (
        deciding.publish_result,
        "result, publish_days: number, title: string",
        "result_notice_id",
    ),
    "council.archive": (deciding.archive, "", "archive_no: string, archive_digest: string"),
}
"""Job type → handler, the variables it cannot do without, those it may return."""


def register(registry: Registry) -> None:
    """Make the handlers known."""
    for job_type, (handler, inputs, outputs) in TASKS.items():
        registry.service_task(job_type, inputs=inputs, outputs=outputs)(handler)
