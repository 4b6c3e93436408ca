"""Matters by their numbers: how far they are, what happened, how was voted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from engine import history, instances, user_tasks
from engine.user_tasks import UserTask
from web.api.fields import Answer, Flag, Instant, Key, Text, Whole
from web.api.operations import Area, Call
from workflows.ballots import store as ballots

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


class BallotBox(Answer):
    """A vote. What the papers say is told once the box is closed, never before."""

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


class BallotBoxes(Answer):
    items = fields.List(fields.Nested(BallotBox))


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


@area.get("/matters/<matter_no>/ballot-boxes", "listBallotBoxes", "查看事项的表决与计票", answer=BallotBoxes)
def boxes(call: Call, matter_no: str) -> dict[str, Any]:
    found = instances.by_number(call.work, matter_no)
    connection = call.work.connection
    return {
        "items": [
            {**_plain(box), **_counted(ballots.count(connection, box) if box.closed_at else None)}
            for box in ballots.of_matter(connection, call.work.community, found.matter_no)
        ]
    }


def _counted(count: Any) -> Mapping[str, int | None]:
    names = ("returned", "agree", "disagree", "abstain")
    return {name: None if count is None else getattr(count, name) for name in names}
