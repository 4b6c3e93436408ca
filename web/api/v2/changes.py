"""Running instances changed by hand: tokens moved, versions changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict

from marshmallow import ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf

from engine import migration, modification
from engine.modification import Begin, End, Move
from web.api.fields import MAX_KEY, Body, Key, Text, Variables, Whole
from web.api.operations import Area, Call
from web.api.rules import Rule, Scope

area = Area("流程实例的调整")

CHANGING: dict[str, Any] = {"rule": Rule.ADMINISTRATOR, "scope": Scope.ADMIN}
MOST = 100
"""Instructions in one request."""


class AncestorKey(Key):
    """The key of a scope; clients write ``-1`` for none."""

    NONE = "-1"

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        return super().deserialize(None if value == self.NONE else value, attr, data, **kwargs)


class VariableInstruction(Body):
    variables = Variables(required=True)
    scopeId = Text(load_default="", longest=255)


class ActivateInstruction(Body):
    elementId = Text(required=True, longest=255)
    variableInstructions = fields.List(fields.Nested(VariableInstruction), load_default=list)
    ancestorElementInstanceKey = AncestorKey(load_default=None, allow_none=True)


class Source(Body):
    """What to move away from: all instances of an element, or one by its key."""

    sourceType = Text(required=True, validate=OneOf(["byId", "byKey"]))
    sourceElementId = Text(longest=255)
    sourceElementInstanceKey = Key()

    @validates_schema
    def _names_its_source(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        needed = "sourceElementId" if data["sourceType"] == "byId" else "sourceElementInstanceKey"
        if needed not in data:
            raise ValidationError("缺少这一项。", needed)


class AncestorScope(Body):
    """Where the target shall lie: in a scope by its key, or in one the source lies in."""

    ancestorScopeType = Text(required=True, validate=OneOf(["direct", "inferred", "sourceParent"]))
    ancestorElementInstanceKey = Key()


class MoveInstruction(Body):
    sourceElementInstruction = fields.Nested(Source, required=True)
    targetElementId = Text(required=True, longest=255)
    ancestorScopeInstruction = fields.Nested(AncestorScope, allow_none=True, load_default=None)
    variableInstructions = fields.List(fields.Nested(VariableInstruction), load_default=list)


class TerminateInstruction(Body):
    elementId = Text(longest=255)
    elementInstanceKey = Key()

    @validates_schema
    def _names_an_element(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if len(data) != 1:
            raise ValidationError("请写 elementId 或 elementInstanceKey 其中一个。", "elementId")


class Modification(Body):
    activateInstructions = fields.List(
        fields.Nested(ActivateInstruction), load_default=list, validate=Length(max=MOST)
    )
    moveInstructions = fields.List(
        fields.Nested(MoveInstruction), load_default=list, validate=Length(max=MOST)
    )
    terminateInstructions = fields.List(
        fields.Nested(TerminateInstruction), load_default=list, validate=Length(max=MOST)
    )
    operationReference = Whole(least=1, most=MAX_KEY)


class MappingInstruction(Body):
    sourceElementId = Text(required=True, longest=255)
    targetElementId = Text(required=True, longest=255)


class Migration(Body):
    targetProcessDefinitionKey = Key(required=True)
    mappingInstructions = fields.List(
        fields.Nested(MappingInstruction), required=True, validate=Length(max=1000)
    )
    operationReference = Whole(least=1, most=MAX_KEY)


@area.post(
    "/process-instances/<key:key>/modification",
    "modifyProcessInstance",
    "调整流程实例：开始、转到或结束元素",
    body=Modification,
    **CHANGING,
)
def modify(call: Call, key: int) -> None:
    modification.modify(call.work, key, **instructions(call.body))


class Instructions(TypedDict):
    """What :func:`engine.modification.modify` takes."""

    begin: list[Begin]
    move: list[Move]
    end: list[End]


def instructions(asked: Mapping[str, Any]) -> Instructions:
    """The body of a modification as the engine understands it."""
    return {
        "begin": [
            _begin(one, one["elementId"], one["ancestorElementInstanceKey"])
            for one in asked["activateInstructions"]
        ],
        "move": [_move(one) for one in asked["moveInstructions"]],
        "end": [
            End(one.get("elementInstanceKey"), one.get("elementId", ""))
            for one in asked["terminateInstructions"]
        ],
    }


def _begin(asked: Mapping[str, Any], element_id: str, ancestor: int | None) -> Begin:
    settings = [(one["scopeId"], one["variables"]) for one in asked["variableInstructions"]]
    return Begin(element_id, ancestor, settings)


def _move(asked: Mapping[str, Any]) -> Move:
    source, scope = asked["sourceElementInstruction"], asked["ancestorScopeInstruction"] or {}
    end = End(source.get("sourceElementInstanceKey"), source.get("sourceElementId", ""))
    return Move(end, _begin(asked, asked["targetElementId"], scope.get("ancestorElementInstanceKey")))


@area.post(
    "/process-instances/<key:key>/migration",
    "migrateProcessInstance",
    "把流程实例迁到另一个版本",
    body=Migration,
    **CHANGING,
)
def migrate(call: Call, key: int) -> None:
    mapping = mapping_of(call.body["mappingInstructions"])
    migration.migrate(call.work, key, call.body["targetProcessDefinitionKey"], mapping)


def mapping_of(pairs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Element ids of the old version with those of the new."""
    return {one["sourceElementId"]: one["targetElementId"] for one in pairs}
