"""What a process may count on: the variables of the engine, of messages and of option lists."""

from __future__ import annotations

from collections.abc import Mapping

Names = frozenset[str]

ENGINE: Names = frozenset({"matter_no", "initiator", "initiator_name", "community_id", "source_no"})
"""What the engine sets when a matter begins."""

OPTION_LISTS: Names = frozenset(
    {"people", "residents", "orgs", "grids", "buildings", "bodies", "council_seats", "agencies"}
    | {"review_grids", "drawn_people", "panel_members", "review_suggestions", "memberships"}
)
"""The lists the organisation and the review offer to forms."""

ROSTERS: Mapping[str, Names] = {
    "review_invitations": frozenset({"own_grid", "own_category"}),
    "review_panel": frozenset({"own_grid", "own_category"}),
}
"""What a roster shows to each person on it."""


MESSAGES: Mapping[str, Names] = {
    "msg_objection": frozenset({"objector", "objection_type", "content", "evidence"}),
    "msg_ledger_closed": frozenset({"ledger_no", "ledger_outcome", "result"}),
    "msg_member_changed": frozenset({"seat", "person"}),
    "msg_roster_objection": frozenset({"content", "evidence"}),
    "msg_duty_objection": frozenset({"objector", "content", "evidence"}),
    "msg_evaluator_withdraw": frozenset({"person"}),
    "msg_issue_report": frozenset({"title", "description", "category", "severity", "grid_id", "place"}),
    "msg_to_escalation": frozenset({"title", "facts", "grid_ids", "people_affected", "reason"}),
    "msg_deliberation_result": frozenset({"deliberation_result"}),
    "msg_mediation_result": frozenset({"mediation_result"}),
    "msg_ruling": frozenset({"departments", "ruling"}),
    "msg_executor_changed": frozenset({"change_reason"}),
    "msg_create_ledger": frozenset(
        {"source_no", "title", "executor_org", "responsible_person", "deadline", "measures"}
    ),
}
"""What those who send a message to a process surely put into it; nothing for the others."""
