"""Objecting to what hangs on the board: under one's own name, while it hangs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import deployed, messages
from engine.errors import NotAllowed, NotFound
from engine.runtime import Work
from workflows.notices.model import NoticeKind, PublicNotice


@dataclass(frozen=True, slots=True)
class Way:
    """How notices of one kind are objected to: the message to their matter, and the form it is written on."""

    message: str
    form: str


WAYS: Mapping[NoticeKind, Way] = {
    NoticeKind.RESOLUTION: Way("msg_objection", "deliberation_meeting.objection"),
    NoticeKind.REVIEWERS: Way("msg_roster_objection", "semiannual_review.roster_objection"),
    NoticeKind.DUTIES: Way("msg_duty_objection", "semiannual_review.duty_objection"),
}
"""Notices of other kinds are read, not objected to."""


def is_open(notice: PublicNotice, now: datetime) -> bool:
    """Whether a notice may be objected to now."""
    return notice.kind in WAYS and now < notice.until


def require_open(notice: PublicNotice, now: datetime) -> None:
    if not is_open(notice, now):
        raise NotAllowed("公示期已满，不能再提出异议。如有问题请联系居务监督委员会。")


def form(work: Work, notice: PublicNotice) -> Mapping[str, Any]:
    """The schema of the form an objection to the notice is written on."""
    return deployed.form(work, form_key(work, notice))


def form_key(work: Work, notice: PublicNotice) -> int:
    """The key of that form's newest version."""
    way = WAYS.get(notice.kind)
    key = None if way is None else deployed.latest_form_key(work, way.form)
    if key is None:
        raise NotFound("表单")
    return key


def own_answers(work: Work) -> Mapping[str, Any]:
    """What the form is filled in with: the objector is the actor, nobody else."""
    me = {"value": work.actor.id, "label": work.actor.name}
    return {"people": [me], "residents": [], "objector": work.actor.id}


def object_to(work: Work, notice: PublicNotice, data: Mapping[str, Any], mark: str) -> None:
    """Hand an objection to the matter; the same person's with the same ``mark`` reaches it once."""
    require_open(notice, work.now)
    said = {**data, "objector": work.actor.id}
    message_id = f"{work.actor.id}:{mark}"
    message = WAYS[notice.kind].message
    if not messages.publish(work, message, notice.matter_no, said, ttl=None, message_id=message_id):
        raise NotAllowed("正在审查另一件异议，或者公示已经结束，请稍后再看公示栏。")
