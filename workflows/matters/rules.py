"""Prefixes and the shape of numbers: ``YSH-2026-0001``. Pure."""

from __future__ import annotations

PREFIXES = {
    "issue_escalation": "SX",
    "deliberation_meeting": "YSH",
    "hazard_ledger": "TZ",
    "mediation_case": "TJ",
    "semiannual_review": "PY",
    "joint_meeting": "JM",
    "inspection_rectification": "DC",
    "service_order": "DD",
    "grid_patrol_visit": "XC",
    "social_org_lifecycle": "SZ",
    "grid_publicity": "GS",
    "owners_vote": "YZ",
    "residents_assembly": "JH",
    "written_consultation": "ZQ",
}
"""By process id; the first eight are the abbreviations in use, the others follow them."""

DEFAULT_PREFIX = "LC"
"""For processes the table does not know (流程)."""

RESOLUTION = "JY"
ARCHIVE = "DA"


def prefix(process_id: str) -> str:
    """What the numbers of a process begin with."""
    return PREFIXES.get(process_id, DEFAULT_PREFIX)


def number(prefix: str, year: int, sequence: int) -> str:
    """Prefix, year and a sequence of at least four digits."""
    return f"{prefix}-{year}-{sequence:04d}"
