"""People and the groups they act for, read from the organisation; they are changed there, not here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from engine.runtime import Work
from web.api.fields import Always, Answer, Text
from web.api.operations import Area, Call
from web.api.rules import Rule
from web.api.search import Search
from workflows.moments import local_date
from workflows.organisation import store as organisation

area = Area("人员与岗位")


class User(Answer):
    username = Text()
    name = Text(allow_none=True)
    email = Always()


class Group(Answer):
    """A post at a place, ``teller@jsjy``: what tasks name as a candidate group."""

    groupId = Text()
    name = Text()
    description = Always()


class Member(Answer):
    username = Text()


def _users(work: Work) -> Select[Any]:
    person = organisation.person
    return select(person.c.id.label("username"), person.c.name)


def _posts(work: Work) -> Any:
    """The posts that are held today."""
    post = organisation.post
    today = local_date(work.now)
    group = (post.c.role + "@" + post.c.place).label("groupId")
    return select(group, post.c.role.label("name"), post.c.person.label("username")).where(
        or_(post.c.valid_from.is_(None), post.c.valid_from <= today),
        or_(post.c.valid_until.is_(None), post.c.valid_until >= today),
    )


def _groups(work: Work) -> Select[Any]:
    held = _posts(work).subquery("held")
    return select(held.c.groupId, held.c.name).distinct()


USERS = Search(_users, User, "username", "人员")
GROUPS = Search(_groups, Group, "groupId", "岗位")
MEMBERS = Search(_posts, Member, "username", "人员")

READING: dict[str, Any] = {"rule": Rule.OVERSEER}
"""Who is who is personal data: members see names where their tasks need them, not the whole list."""

area.searches("/users/search", "searchUsers", "查找人员", USERS, **READING)
area.searches("/groups/search", "searchGroups", "查找有人担任的岗位", GROUPS, **READING)


@area.get("/users/<username>", "getUser", "查看人员", answer=User, **READING)
def user(call: Call, username: str) -> dict[str, Any]:
    return USERS.row(call.work, username)


@area.get("/groups/<group_id>", "getGroup", "查看岗位", answer=Group, **READING)
def group(call: Call, group_id: str) -> dict[str, Any]:
    return GROUPS.row(call.work, group_id)


@area.searching(
    "/groups/<group_id>/users/search", "searchUsersForGroup", "查找担任一个岗位的人", MEMBERS, **READING
)
def members(call: Call, group_id: str) -> dict[str, Any]:
    GROUPS.row(call.work, group_id)
    return MEMBERS.run(call.work, call.body, lambda rows: rows.c.groupId == group_id)
