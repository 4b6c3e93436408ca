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

    @registry.completion(KIND)
    def put_into_box(
        work: Work, _task: UserTask, data: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        box, seat = variables["ballot_box"], variables["voter"]["seat"]
        choice, reason = Choice(data["choice"]), data.get("reason") or ""
        receipt = store.cast(work.connection, work.community, box, seat, work.actor.id, choice, reason)
        hand_over(receipt)
        return {"voted": True}
