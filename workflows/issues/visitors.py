"""Reporting without signing in: one actor for everybody, so that nothing tells who it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import instances, user_tasks
from engine.runtime import Actor, Work
from engine.user_tasks import UserTask
from workflows.issues import rules, store
from workflows.organisation import store as organisation

PROCESS = "issue_escalation"
REPORT_FORM = f"{PROCESS}.issue_report"
SHOWN = 200
"""Open issues told at once."""
PUBLIC = Actor("public", "未登录的上报人")
"""Nobody signs in as this; matters it started are answered by query code only."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a query code tells: no names, and of a sensitive issue neither title nor answer.

    ``levels`` are those the issue has come through, in order; ``answer`` is what was done, once it is closed.
    """

    matter_no: str
    title: str | None
    stage: str
    levels: tuple[str, ...]
    answer: str | None
    ended: bool


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """What everybody may know of an issue in hand: nothing that somebody wrote, and nobody's name."""

    matter_no: str
    category: str
    grid: str
    grid_name: str
    stage: str
    reported_at: datetime


def begin(work: Work) -> UserTask:
    """Start a report as :data:`PUBLIC`; the form to hand in."""
    key = instances.start(work, PROCESS, {})
    (task,) = user_tasks.of_instance(work, key)
    return task


def hand_in(work: Work, task: UserTask, submission: Any) -> str:
    """Hand in a report; gives its query code. ``FormInvalid`` when the form is not satisfied."""
    user_tasks.complete(work, task.key, submission)
    return str(instances.variables(work, task.instance_key)["query_code"])


def form_context(work: Work) -> Mapping[str, Any]:
    """The variables the report form reads before there is a matter."""
    unknown = ("title", "description", "category", "severity", "grid_id", "place", "reporter_name")
    given = {"initiator": work.actor.id, "initiator_name": work.actor.name}
    return (
        dict.fromkeys(unknown)
        | given
        | {
            "reporter_phone": None,
            "people_affected": 1,
            "forwarded": False,
            "by_grid_worker": False,
        }
    )


def progress(work: Work, code: str) -> Progress | None:
    """Where the issue of a query code stands, for a work of the system; ``None`` for an unknown code."""
    asked = store.by_code(work.connection, work.community, code)
    if asked is None:
        return None
    followed = asked
    if asked.master:
        followed = store.by_number(work.connection, work.community, asked.master) or asked
    matter = instances.get(work, followed.instance_key)
    active = instances.diagram_state(work, followed.instance_key)["active"]
    held = instances.variables(work, followed.instance_key)
    ended = matter.ended_at is not None
    return Progress(
        matter_no=asked.matter_no,
        title=None if asked.sensitive else asked.title,
        stage=matter.end_event_name or rules.stage(active),
        levels=rules.levels(held.get("step_ups", []), held.get("level")),
        answer=held.get("handling_note") if ended and not asked.sensitive else None,
        ended=ended,
    )


def open_issues(work: Work) -> list[OpenIssue]:
    """The community's issues in hand, newest first, for a work of the system."""
    found = store.open_issues(work.connection, work.community, SHOWN)
    names = {place.id: place.name for place in organisation.places(work.connection, work.community)}
    active = instances.active_elements(work, [one.instance_key for one in found])
    return [
        OpenIssue(
            matter_no=one.matter_no,
            category=one.category,
            grid=one.grid,
            grid_name=names.get(one.grid, one.grid),
            stage=rules.stage(active.get(one.instance_key, ())),
            reported_at=one.reported_at,
        )
        for one in found
    ]
