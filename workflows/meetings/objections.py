"""Objecting to a published resolution: under one's own name, while the notice hangs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine import deployed, messages
from engine.errors import NotAllowed, NotFound
from engine.runtime import Work
from workflows.notices.model import NoticeKind, PublicNotice

MESSAGE = "msg_objection"
FORM = "deliberation_meeting.objection"


def is_open(notice: PublicNotice, now: datetime) -> bool:
    """Whether a notice may be objected to now."""
    return notice.kind is NoticeKind.RESOLUTION and now < notice.until


def require_open(notice: PublicNotice, now: datetime) -> None:
    if not is_open(notice, now):
        raise NotAllowed("公示期已满，不能再提出异议。如有问题请联系居务监督委员会。")


def form(work: Work) -> Mapping[str, Any]:
    """The schema of the form an objection is written on."""
    return deployed.form(work, form_key(work))


def form_key(work: Work) -> int:
    """The key of that form's newest version."""
    key = deployed.latest_form_key(work, FORM)
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
    message_id = f"{work.actor.id}:{mark}"
    if not messages.publish(work, MESSAGE, notice.matter_no, dict(data), ttl=None, message_id=message_id):
        raise NotAllowed("这项决议正在审查另一件异议，或者公示已经结束，请稍后再看公示栏。")
