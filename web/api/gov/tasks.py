"""Drafts of user tasks, and ballots with a receipt."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from marshmallow import fields

from engine import user_tasks
from engine.errors import NotAllowed
from web import receipts
from web.api.fields import Answer, Body, Text, Variables
from web.api.operations import Area, Call

area = Area("任务的草稿与投票")


class Draft(Answer):
    data = fields.Dict()


class DraftBody(Body):
    data = Variables(required=True)


class Ballot(Body):
    """What the ballot's form asks for."""

    variables = Variables(required=True)


class CastBallot(Answer):
    """The receipt code proves later that the paper lies in the box; it is told this once and kept with nobody's name."""

    receipt = Text()


@area.get(
    "/user-tasks/<key:key>/draft", "getDraft", "取自己的草稿；没有时应答 204", answer=Draft, also_empty=True
)
def get_draft(call: Call, key: int) -> dict[str, Any] | None:
    user_tasks.get(call.work, key)
    data = user_tasks.draft(call.work, key)
    return None if data is None else {"data": data}


@area.put("/user-tasks/<key:key>/draft", "saveDraft", "保存草稿；表决票不能存", body=DraftBody)
def save_draft(call: Call, key: int) -> None:
    """Nothing of a draft is checked, and nothing of it reaches the matter's variables."""
    user_tasks.save_draft(call.work, key, call.body["data"])


@area.post(
    "/user-tasks/<key:key>/ballot",
    "castBallot",
    "投票，取得回执",
    body=Ballot,
    answer=CastBallot,
    secret=True,
)
def cast(call: Call, key: int) -> dict[str, Any]:
    """The paper goes into the box and nowhere else."""
    if not user_tasks.get(call.work, key).is_ballot:
        raise NotAllowed(_("这项任务不是投票，请用 /v2/user-tasks/%(key)s/completion 办结。", key=key))
    user_tasks.complete(call.work, key, call.body["variables"])
    return {"receipt": receipts.take()}
