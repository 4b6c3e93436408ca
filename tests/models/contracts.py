"""What a process may count on: the variables of the engine, of messages and of option lists."""

from __future__ import annotations

from collections.abc import Mapping

Names = frozenset[str]

ENGINE: Names = frozenset({"matter_no", "initiator", "initiator_name", "community_id", "source_no"})
"""What the engine sets when a matter begins."""

OPTION_LISTS: Names = frozenset(
    {"people", "residents", "orgs", "grids", "buildings", "bodies", "council_seats", "agencies"}
)
"""The lists the organisation offers to forms."""


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
