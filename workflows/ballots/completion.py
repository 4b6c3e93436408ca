"""Where a completed ballot goes: into the box, never into the process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.registry import Registry
from engine.runtime import Work
from engine.user_tasks import UserTask
from workflows.ballots import store
from workflows.ballots.model import Choice

KIND = "ballot"


def register(registry: Registry, hand_over: Callable[[str], None]) -> None:
    """Make the box the sink of user tasks of the kind ``ballot``.

    ``hand_over`` gets each receipt code, to show it to the voter once; it must not be stored beside them.
    """

    @registry.completion(KIND, outputs="voted: boolean")
    def put_into_box(
        work: Work, task: UserTask, data: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        receipt = store.cast(
            work.connection,
            work.community,
            box_id=variables["ballot_box"],
            seat=variables["voter"]["seat"],
            person=task.assignee or work.actor.id,
            choice=Choice(data["choice"]),
            reason=data.get("reason") or "",
        )
        hand_over(receipt)
        return {"voted": True}
