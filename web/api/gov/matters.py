"""Matters by their numbers: how far they are, what happened."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from engine import history, instances, user_tasks
from engine.user_tasks import UserTask
from web.api.fields import Answer, Flag, Instant, Key, Text, Whole
from web.api.operations import Area, Call

area = Area("事项")


class OpenTask(Answer):
    userTaskKey = Key(attribute="key")
    name = Text()
    assignee = Text(allow_none=True)
    candidateGroups = fields.List(Text(), attribute="candidate_groups")
    dueDate = Instant(attribute="due_at", allow_none=True)


class Matter(Answer):
    matterNo = Text(attribute="matter_no")
    title = Text()
    state = Text()
    processInstanceKey = Key(attribute="key")
    processDefinitionId = Text(attribute="process_id")
    processName = Text(attribute="process_name")
    startedBy = Text(attribute="started_by")
    startedByName = Text(attribute="started_by_name")
    startedAt = Instant(attribute="started_at")
    endedAt = Instant(attribute="ended_at", allow_none=True)
    endEvent = Text(attribute="end_event_name", allow_none=True)
    openTasks = fields.List(fields.Nested(OpenTask), attribute="open_tasks")


class Event(Answer):
    """One event of the sealed history; ``digest`` covers it and the one before."""

    seq = Whole()
    at = Instant()
    kind = Text()
    elementId = Text(attribute="element_id")
    elementName = Text(attribute="element_name")
    actorId = Text(attribute="actor_id")
    actorName = Text(attribute="actor_name")
    data = fields.Dict()


class Timeline(Answer):
    items = fields.List(fields.Nested(Event))
    intact = Flag()


def _plain(thing: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, without copying what they hold."""
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


@area.get("/matters/<matter_no>", "getMatter", "按编号查看事项和待办的步骤", answer=Matter)
def show(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    tasks: list[UserTask] = user_tasks.of_instance(call.work, found.key)
    return {**_plain(found), "open_tasks": [_plain(task) for task in tasks]}


@area.get("/matters/<matter_no>/timeline", "getTimeline", "查看事项的经过", answer=Timeline)
def timeline(call: Call, matter_no: str) -> dict[str, Any]:
    """With whether the chain of digests is whole."""
    found = instances.by_number(call.work, matter_no)
    events = history.timeline(call.work, found.key)
    return {
        "items": [_plain(event) for event in events],
        "intact": history.verify(call.work, found.key).intact,
    }
