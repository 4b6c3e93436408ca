"""Votes: what was counted and how, and whether one's own paper lies in the box."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from engine import instances
from engine.errors import NotFound
from web.api.fields import Answer, Body, Instant, Text, Whole
from web.api.operations import Area, Call, Visit
from web.api.rules import Rule
from workflows.ballots import store
from workflows.ballots.model import BallotBox, Count

area = Area("表决")


class Box(Answer):
    """A vote. What the papers say is told once the box is closed, never before.

    ``arithmetic`` is the whole calculation in sentences, paper votes included: of the last vote that was counted;
    of earlier rounds only the figures of the electronic papers are kept.
    """

    id = Text()
    mode = Text()
    motionText = Text(attribute="motion_text")
    entitled = Whole(attribute="base_count")
    openedAt = Instant(attribute="opened_at")
    closesAt = Instant(attribute="closes_at")
    closedAt = Instant(attribute="closed_at", allow_none=True)
    returned = Whole(allow_none=True)
    agree = Whole(allow_none=True)
    disagree = Whole(allow_none=True)
    abstain = Whole(allow_none=True)
    arithmetic = fields.List(Text(), allow_none=True)
    basis = Text(allow_none=True)


class Boxes(Answer):
    items = fields.List(fields.Nested(Box))


class ReceiptBody(Body):
    """The code as it was shown, with or without hyphens."""

    receipt = Text(required=True, longest=40, shortest=1)


class Receipt(Answer):
    """The vote the paper lies in; ``choice`` only of an open vote, so that no secret one can be shown to a buyer."""

    matterNo = Text(attribute="matter_no")
    motionText = Text(attribute="motion_text")
    mode = Text()
    closedAt = Instant(attribute="closed_at", allow_none=True)
    choice = Text(allow_none=True)


@area.get("/matters/<matter_no>/ballot-boxes", "listBallotBoxes", "查看事项的表决、计票与算式", answer=Boxes)
def boxes(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    counted = instances.variables(call.work, found.key)
    every = store.of_matter(call.work.connection, call.work.community, found.matter_no)
    return {"items": [_told(call, box, counted) for box in every]}


def _told(call: Call, box: BallotBox, counted: dict[str, Any]) -> dict[str, Any]:
    count: Count | None = store.count(call.work.connection, box) if box.closed_at else None
    is_last = count is not None and counted.get("ballot_box") == box.id
    lines = counted.get("tally_lines") if is_last else None
    return {
        **{name: getattr(box, name) for name in box.__dataclass_fields__},
        **{name: getattr(count, name, None) for name in ("returned", "agree", "disagree", "abstain")},
        "arithmetic": lines or None,
        "basis": counted.get("tally_basis") if lines else None,
    }


@area.post(
    "/ballot-receipts/check",
    "checkReceipt",
    "核对回执：这一票是否在票箱里，不需要令牌",
    rule=Rule.EVERYBODY,
    body=ReceiptBody,
    answer=Receipt,
)
def check(visit: Visit) -> dict[str, Any]:
    """Without signing in, so that nothing connects the code with a person."""
    community = visit.product.settings.community
    with visit.product.store.snapshot() as connection:
        found = store.look_up(connection, community, visit.body["receipt"])
    if found is None:
        raise NotFound("回执")
    names = ("matter_no", "motion_text", "mode", "closed_at")
    return {**{name: getattr(found.box, name) for name in names}, "choice": found.choice}
