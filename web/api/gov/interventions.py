"""What administrators do with running matters: let them rest, end them with a reason, look before they leap."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from marshmallow.validate import Length

from engine import instances, migration, modification, suspension
from web.api.fields import Answer, Body, Key, Text
from web.api.operations import Area, Call
from web.api.rules import Rule, Scope
from web.api.v2.changes import MappingInstruction, Modification, instructions, mapping_of

area = Area("事项的暂停、终止与试算")

CHANGING: dict[str, Any] = {"rule": Rule.ADMINISTRATOR, "scope": Scope.ADMIN}


class Reason(Body):
    """It stands in the matter's history, where everybody concerned can read it."""

    reason = Text(required=True, shortest=1, longest=500)


class Outlook(Answer):
    """Ids of the elements where tokens are before and after; names of the tasks that open and are withdrawn."""

    before = fields.List(Text())
    after = fields.List(Text())
    opened = fields.List(Text())
    withdrawn = fields.List(Text())
    state = Text()
    incidents = fields.List(Text())


class Trial(Body):
    """Without a mapping each element becomes the one of the same id."""

    targetProcessDefinitionKey = Key(required=True)
    mappingInstructions = fields.List(
        fields.Nested(MappingInstruction), load_default=None, allow_none=True, validate=Length(max=1000)
    )


class Affected(Answer):
    processInstanceKey = Key(attribute="key")
    matterNo = Text(attribute="matter_no")
    title = Text()
    problems = fields.List(Text())


class AffectedMatters(Answer):
    items = fields.List(fields.Nested(Affected))


@area.post(
    "/process-instances/<key:key>/suspension",
    "suspendProcessInstance",
    "暂停事项：定时和时限停住，任务不能办",
    body=Reason,
    **CHANGING,
)
def suspend(call: Call, key: int) -> None:
    suspension.suspend(call.work, key, call.body["reason"])


@area.post(
    "/process-instances/<key:key>/resumption",
    "resumeProcessInstance",
    "恢复事项：剩余的时间接着算",
    **CHANGING,
)
def resume(call: Call, key: int) -> None:
    suspension.resume(call.work, key)


@area.post(
    "/process-instances/<key:key>/cancellation",
    "endProcessInstance",
    "终止事项，写明原因",
    body=Reason,
    **CHANGING,
)
def end(call: Call, key: int) -> None:
    instances.cancel(call.work, key, call.body["reason"])


@area.post(
    "/process-instances/<key:key>/modification-preview",
    "previewModification",
    "预览调整会带来什么，不改动事项",
    body=Modification,
    answer=Outlook,
    **CHANGING,
)
def preview(call: Call, key: int) -> dict[str, Any]:
    """The instructions are those of ``modifyProcessInstance``."""
    return _plain(modification.preview(call.work, key, **instructions(call.body)))


@area.post(
    "/process-definitions/<key:key>/migration-preview",
    "previewMigration",
    "试算迁移：逐件说明办理中的事项能不能迁、为什么",
    body=Trial,
    answer=AffectedMatters,
    **CHANGING,
)
def try_migration(call: Call, key: int) -> dict[str, Any]:
    pairs = call.body["mappingInstructions"]
    found = migration.dry_run(
        call.work, key, call.body["targetProcessDefinitionKey"], None if pairs is None else mapping_of(pairs)
    )
    return {"items": [_plain(one) for one in found]}


def _plain(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}
