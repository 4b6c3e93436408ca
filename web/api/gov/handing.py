"""Tasks in other hands: given away, delegated, opinions asked for, sent back, taken back, urged."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from engine import history, returning, signing, user_tasks
from engine.user_tasks import UserTask
from web.api.fields import Answer, Body, Instant, Key, Text
from web.api.operations import Area, Call
from workflows.collaboration import matters, tasks

area = Area("任务的转办、委派、加签、退回与催办")

MOST = 50
"""Persons named in one request."""


def person(**more: Any) -> Text:
    return Text(longest=64, shortest=1, **more)


def reason(**more: Any) -> Text:
    return Text(longest=500, **more)


class Given(Body):
    """To whom, and why; the reason stands in the matter's history."""

    assignee = person(required=True)
    reason = Text(required=True, longest=500, shortest=1)


class Note(Body):
    note = reason(load_default="")


class Reason(Body):
    reason = reason(load_default="")


class SignersBody(Body):
    persons = fields.List(person(), required=True, validate=Length(min=1, max=MOST))
    reason = Text(required=True, longest=500, shortest=1)


class Signer(Answer):
    """An opinion asked for a task; ``opinion`` is what was submitted, once it was."""

    userTaskKey = Key(attribute="key")
    person = Text(attribute="assignee")
    state = Text()
    askedAt = Instant(attribute="created_at")
    signedAt = Instant(attribute="completed_at", allow_none=True)
    opinion = fields.Dict(allow_none=True)


class Signers(Answer):
    items = fields.List(fields.Nested(Signer))


class ReturnTarget(Answer):
    """A step the matter can be sent back to, and who did it last."""

    elementId = Text(attribute="element_id")
    name = Text()
    person = Text()
    personName = Text(attribute="person_name")


class ReturnTargets(Answer):
    items = fields.List(fields.Nested(ReturnTarget))


class Return(Body):
    target = Text(required=True, longest=255, shortest=1)
    reason = Text(required=True, longest=500, shortest=1)


class Reopened(Answer):
    """The task that is to be done again; ``null`` when the step could not be opened (an incident tells why)."""

    userTaskKey = Key(attribute="key", allow_none=True)


@area.post("/user-tasks/<key:key>/transfer", "transferUserTask", "转办：把自己名下的任务交给别人", body=Given)
def transfer(call: Call, key: int) -> None:
    """Only who has a task hands it on; administrators reassign by ``/v2``. Ballots and one's own share stay."""
    tasks.transfer(call.work, key, call.body["assignee"], call.body["reason"])


@area.post(
    "/user-tasks/<key:key>/delegation", "delegateUserTask", "委派：请别人准备，再交还自己决定", body=Given
)
def delegate(call: Call, key: int) -> None:
    """The caller stays the owner; until the task is handed back nobody can complete it."""
    tasks.delegate(call.work, key, call.body["assignee"], call.body["reason"])


@area.delete("/user-tasks/<key:key>/delegation", "recallUserTask", "收回委派出去的任务")
def recall(call: Call, key: int) -> None:
    tasks.recall(call.work, key)


@area.post(
    "/user-tasks/<key:key>/resolution", "resolveUserTask", "交还委派来的任务，草稿一并交给委派人", body=Note
)
def resolve(call: Call, key: int) -> None:
    tasks.resolve(call.work, key, call.body["note"])


@area.get("/user-tasks/<key:key>/signers", "listSigners", "列出为任务请的加签", answer=Signers)
def signers(call: Call, key: int) -> dict[str, Any]:
    task = user_tasks.get(call.work, key)
    return _signers(call, task)


@area.post(
    "/user-tasks/<key:key>/signers",
    "addSigners",
    "加签：办理前请人签署意见",
    body=SignersBody,
    answer=Signers,
)
def add_signers(call: Call, key: int) -> dict[str, Any]:
    """Each person gets a task of their own; this one cannot be completed before all are done or dropped."""
    tasks.ask_opinions(call.work, key, call.body["persons"], call.body["reason"])
    return _signers(call, user_tasks.get(call.work, key))


def _signers(call: Call, task: UserTask) -> dict[str, Any]:
    found = signing.of_task(call.work, task.key)
    return {
        "items": [
            {
                **{
                    name: getattr(one, name)
                    for name in ("key", "assignee", "state", "created_at", "completed_at")
                },
                "opinion": None
                if one.completed_seq is None
                else history.values_of(call.work, one.instance_key, one.completed_seq),
            }
            for one in found
        ]
    }


@area.post(
    "/user-tasks/<key:key>/signature-removal", "removeSigner", "减签：不再需要这份加签意见", body=Reason
)
def remove_signer(call: Call, key: int) -> None:
    """``key`` is the signer's task; done by who has the task the opinion was asked for."""
    tasks.drop_opinion(call.work, key, call.body["reason"])


@area.get(
    "/user-tasks/<key:key>/return-targets", "listReturnTargets", "列出可以退回的步骤", answer=ReturnTargets
)
def return_targets(call: Call, key: int) -> dict[str, Any]:
    """Steps behind a vote, or beside others that run at the same time, are not among them."""
    found = returning.targets(call.work, user_tasks.get(call.work, key))
    return {"items": [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found]}


@area.post(
    "/user-tasks/<key:key>/return", "returnUserTask", "退回：送回前面的一步重办", body=Return, answer=Reopened
)
def send_back(call: Call, key: int) -> dict[str, Any]:
    return {"key": tasks.send_back(call.work, key, call.body["target"], call.body["reason"])}


@area.post(
    "/user-tasks/<key:key>/taking-back",
    "takeBackUserTask",
    "撤回：后面还没有人办时，收回自己刚办结的一步",
    answer=Reopened,
)
def take_back(call: Call, key: int) -> dict[str, Any]:
    return {"key": tasks.take_back(call.work, key)}


@area.post("/user-tasks/<key:key>/urge", "urgeUserTask", "催办：提醒办理人，每步每天一次", body=Note)
def urge(call: Call, key: int) -> None:
    """Open to all who take part in the matter; 429 tells from when on the step may be urged again."""
    matters.urge(call.work, key, call.body["note"])
