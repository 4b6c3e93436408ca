"""The open issues of the community, for everybody."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from engine.runtime import Actor
from web.api.fields import Answer, Instant, Text
from web.api.operations import Area, Visit
from web.api.rules import Rule
from workflows.issues import visitors

area = Area("居民诉求")


class OpenIssue(Answer):
    """What everybody may know of an issue: nothing that somebody wrote, so nobody's name, number or illness."""

    matterNo = Text(attribute="matter_no")
    category = Text()
    grid = Text()
    gridName = Text(attribute="grid_name")
    stage = Text()
    reportedAt = Instant(attribute="reported_at")


class OpenIssues(Answer):
    items = fields.List(fields.Nested(OpenIssue))


@area.get(
    "/issues",
    "listOpenIssues",
    "正在办理的居民诉求，新的在前，不需要令牌",
    rule=Rule.EVERYBODY,
    answer=OpenIssues,
)
def open_issues(visit: Visit) -> dict[str, Any]:
    """Sensitive ones (minors, persons to be looked after) and those merged into another are left out."""
    engine, community = visit.product.engine, visit.product.settings.community
    with engine.look(Actor.system(), community) as work:
        found = visitors.open_issues(work)
    return {"items": [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in found]}
