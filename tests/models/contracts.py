"""What a process may count on: the variables of the engine, of service tasks, of messages and of option lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Names = frozenset[str]

ENGINE: Names = frozenset({"matter_no", "initiator", "initiator_name", "community_id", "source_no"})
"""What the engine sets when a matter begins."""

OPTION_LISTS: Names = frozenset(
    {"people", "residents", "orgs", "grids", "buildings", "bodies", "council_seats", "agencies"}
)
"""The lists the organisation offers to forms."""


@dataclass(frozen=True, slots=True)
class ServiceTask:
    """The variables a job type reads and those it writes."""

    reads: Names
    writes: Names


def _task(reads: str = "", writes: str = "") -> ServiceTask:
    return ServiceTask(frozenset(reads.split()), frozenset(writes.split()))


SERVICE_TASKS: Mapping[str, ServiceTask] = {
    "council.form_roster": _task(
        "seats body_id interested_parties initiator", "roster entitled undeclared feedback_people"
    ),
    "council.draw_residents": _task(
        "resident_draw grid_ids roster interested_parties initiator", "resident_representatives draw_seed"
    ),
    "council.send_notice": _task(
        "meeting_at place agenda roster failed_times title interested_parties resident_representatives",
        "meeting_no recusal_due_at notice_id",
    ),
    "council.attendance": _task(
        "roster attendance recusals recusals_now",
        "roster entitled present core_present attendees recusals recused_seats undeclared voters base_count"
        " attendance_note",
    ),
    "council.reconvene": _task("new_time reconvene_action", "meeting_at quorum_body"),
    "council.open_ballot": _task(
        "voters ballot_mode raise_to_secret motion_text meeting_mode ballot_round",
        "ballot_box ballot_mode ballot_round vote_deadline_at",
    ),
    "council.check_paper": _task("ballot_box paper_a paper_b", "paper_match"),
    "council.tally": _task(
        "ballot_box paper_issued paper_a pass_num pass_den strict_more",
        "agree disagree abstain invalid_votes issued returned base_count tally_lines tally_basis",
    ),
    "council.publish_resolution": _task(
        "outcome motion_text public_version tally_lines title", "notice_id publicity_until resolution_no"
    ),
    "council.resume_publicity": _task("publicity_until objection_received_at notice_id", "publicity_until"),
    "council.publish_result": _task("result publish_days title", "result_notice_id"),
    "council.archive": _task("", "archive_no archive_digest"),
    "council.replace_member": _task("seat person"),
    "issues.prepare": _task(
        "initiator grid_id grid_ids description facts", "by_grid_worker grid_id description"
    ),
    "issues.register": _task(
        "initiator grid_id category title place description anonymous involves_minor",
        "duplicates query_code reported_at level_since",
    ),
    "issues.merge": _task("master_issue title"),
    "issues.announce": _task("level due_at contact_due_at level_since reported_at must_action grid_id title"),
    "issues.step_up": _task(
        "level up_reason opinion step_ups overdue_times", "level level_since step_ups overdue_times extended"
    ),
    "issues.refuse": _task("up_reason title"),
    "issues.hand_in": _task(
        "handlings action_taken opinion measures party answer_note", "handlers handling_note"
    ),
    "issues.archive": _task(
        "route followup answered_by level first_contact_at handlings first_contact_due_at anonymous solved"
        " counted_as redo_count return_count overdue_times handling_note title",
        "outcome",
    ),
    "issues.weigh_withdrawal": _task("", "must_go_on"),
    "issues.forget_reporter": _task("initiator", "anonymous reporter_name reporter_phone"),
    "issues.withdraw": _task("initiator"),
    "notices.remind": _task(),
    "notices.reject": _task("result_reason"),
    "notices.withdrawn": _task(),
    "publish-message": _task(),
}

MESSAGES: Mapping[str, Names] = {
    "msg_objection": frozenset({"objector", "objection_type", "content", "evidence"}),
    "msg_ledger_closed": frozenset({"ledger_no", "result"}),
    "msg_member_changed": frozenset({"seat", "person"}),
    "msg_issue_report": frozenset({"title", "description", "category", "severity", "grid_id", "place"}),
    "msg_to_escalation": frozenset({"title", "facts", "grid_ids", "people_affected", "reason"}),
    "msg_deliberation_result": frozenset({"deliberation_result"}),
    "msg_mediation_result": frozenset({"mediation_result"}),
    "msg_ruling": frozenset({"departments", "ruling"}),
    "msg_create_ledger": frozenset(
        {"source_no", "title", "executor_org", "responsible_person", "deadline", "measures"}
    ),
}
"""What those who send a message to a process surely put into it; nothing for the others."""
