"""From an entry in the ledger to its end: put right, accepted by others, approved, struck off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.community import APPROVER, LEDGER_CLERK, VERIFIER
from features.desk import Desk
from features.papers import ORDER, Answers
from workflows.moments import SHANGHAI

LEDGER = "hazard_ledger"
EXECUTOR = "窦景行"
"""Whom the usual order makes responsible."""


def strike_off(desk: Desk) -> None:
    """What the matter in hand has put into the ledger goes its usual way to the end."""
    with desk.elsewhere(LEDGER):
        desk.act(LEDGER_CLERK, "intake_entry")
        desk.act(LEDGER_CLERK, "assign", ordered)
        desk.act(EXECUTOR, "receipt")
        desk.act(EXECUTOR, "rectify")
        desk.act(EXECUTOR, "close_request", {"result": "已经整改。", **completed(desk)})
        desk.act(VERIFIER, "acceptance")
        desk.act(APPROVER, "close_approval")


def ordered(shown: Mapping[str, Any]) -> Answers:
    """The usual order, with what its source has said already."""
    return {name: shown.get(name) or value for name, value in ORDER.items()}


def completed(desk: Desk) -> Answers:
    """Done just now."""
    return {"completed_at": desk.clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")}
