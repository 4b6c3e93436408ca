"""Lists of one person's tasks: to do, to claim, done.

A page is found by its keys alone, in indexes that hold them in the order of the list, and only then are its rows
read; so it takes as long among a hundred thousand open tasks as among ten. Indexes of SQLite put what has no due
date first and people want it last, so that tasks with a date and those without are two lists, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from engine import user_tasks
from engine.store import tables
from engine.store.statements import Query, ask, numbered, one_of

if TYPE_CHECKING:
    from engine.runtime import Work
    from engine.user_tasks import UserTask

Order = tuple[ColumnElement[Any], ...]

_task, _candidate, _member = tables.user_task, tables.candidate, tables.roster_member
_here: BindParameter[str] = bindparam("community")
_me: BindParameter[str] = bindparam("actor")
_CREATED: ColumnElement[str] = literal_column("'CREATED'")
_NOTHING: ColumnElement[int] = literal_column("0", Integer)
_COMPLETED: ColumnElement[str] = literal_column("'COMPLETED'")


@dataclass(frozen=True, slots=True)
class View:
    """A list by its parts, which share no task and each have an index in their order.

    A part is built for a number of principals; its rows are tasks with the instant ``at`` that they are ordered
    by, and ``merged`` orders those of all parts.
    """

    parts: tuple[Callable[[int], Select[Any]], ...]
    merged: Callable[[FromClause], Order]


def page(
    work: Work, view: str, *, limit: int = 50, offset: int = 0, search: str | None = None
) -> list[UserTask]:
    """The actor's tasks: ``assigned`` (to do, most urgent first), ``claimable``, or ``done`` (latest first)."""
    principals = work.actor.known_as
    asked = {"limit": limit, "offset": offset, "most": offset + limit, "search": search}
    query = _page(view, len(principals), searched=bool(search))
    return user_tasks.read(work, query, _who(work, principals) | asked)


def count(work: Work) -> dict[str, int]:
    """How many open tasks the actor has to do and could claim."""
    principals = work.actor.known_as
    who, views = _who(work, principals), ("assigned", "claimable")
    found = ask(work.connection, *((_number(view, len(principals)), who) for view in views))
    return {view: rows[0].number for view, rows in zip(views, found, strict=True)}


def waiting(work: Work) -> int:
    """How many tasks the actor has to do."""
    [row] = _number("assigned", 0).all(work.connection, _who(work, []))
    return int(row.number)


def _who(work: Work, principals: list[str]) -> dict[str, Any]:
    return {"community": work.community, "actor": work.actor.id, **numbered("principal", principals)}


@cache
def _page(view: str, principals: int, *, searched: bool) -> Query:
    """One page; a search has to look at all tasks of the list, otherwise each part gives no more than the page holds."""
    parts = [part(principals) for part in _VIEWS[view].parts]
    if not searched:
        parts = [part.limit(bindparam("most", type_=Integer)).offset(_NOTHING) for part in parts]
    found = union_all(*(select(part.subquery()) for part in parts)).subquery("found")
    same = (_task.c.community == found.c.community) & (_task.c.key == found.c.key)
    statement = user_tasks.TASKS.join(found, same)
    if searched:
        fields = (_task.c.name, tables.instance.c.title, tables.instance.c.matter_no)
        statement = statement.where(or_(*(one.contains(bindparam("search")) for one in fields)))
    ordered = statement.order_by(*_VIEWS[view].merged(found))
    return Query(ordered.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer)))


@cache
def _number(view: str, principals: int) -> Query:
    parts = (part(principals).order_by(None) for part in _VIEWS[view].parts)
    found = union_all(*parts).subquery("found")
    return Query(select(func.count().label("number")).select_from(found))


# -- the parts ---------------------------------------------------------------------------------------


def _dated(_principals: int) -> Select[Any]:
    return _to_do(_task.c.due_at.is_not(None)).order_by(_task.c.due_at, _task.c.key)


def _undated(_principals: int) -> Select[Any]:
    return _to_do(_task.c.due_at.is_(None)).order_by(_task.c.key)


def _to_do(condition: ColumnElement[bool]) -> Select[Any]:
    mine = (_task.c.assignee == _me, _task.c.state == _CREATED, condition)
    return _rows(_task.c.due_at).where(_task.c.community == _here, *mine)


def _to_answer(_principals: int) -> Select[Any]:
    asked = _asked(_task.c.due_at).where(_member.c.answered_at.is_(None), _task.c.state == _CREATED)
    return asked.order_by(*_urgent_first(_task.c.due_at, _task.c.key))


def _claimable(principals: int) -> Select[Any]:
    """Found by the candidates' index: most open tasks of a community are somebody else's to claim."""
    acting = one_of(_candidate.c.principal, "principal", principals)
    theirs = (
        select(_candidate.c.community, _candidate.c.task_key)
        .where(_candidate.c.community == _here, acting, _candidate.c.open)
        .distinct()
        .subquery("theirs")
    )
    same = (_task.c.community == theirs.c.community) & (_task.c.key == theirs.c.task_key)
    free = (_task.c.state == _CREATED, _task.c.assignee.is_(None))
    found = _rows(_task.c.due_at).join_from(theirs, _task, same).where(*free)
    return found.order_by(*_urgent_first(_task.c.due_at, _task.c.key))


def _completed(_principals: int) -> Select[Any]:
    mine = (_task.c.completed_by == _me, _task.c.state == _COMPLETED)
    found = _rows(_task.c.ended_at).where(_task.c.community == _here, *mine)
    return found.order_by(_task.c.ended_at.desc(), _task.c.key.desc())


def _answered(_principals: int) -> Select[Any]:
    given = _asked(_member.c.answered_at).where(_member.c.answered_at.is_not(None))
    return given.order_by(_member.c.answered_at.desc(), _member.c.task_key.desc())


def _asked(at: ColumnElement[Any]) -> Select[Any]:
    """Roster tasks the actor is or was asked."""
    same = (_task.c.community == _member.c.community) & (_task.c.key == _member.c.task_key)
    own = (_member.c.community == _here, _member.c.person == _me)
    return _rows(at).join_from(_member, _task, same).where(*own)


def _rows(at: ColumnElement[Any]) -> Select[Any]:
    return select(_task.c.community, _task.c.key, at.label("at"))


def _urgent_first(at: ColumnElement[Any], key: ColumnElement[Any]) -> Order:
    return at.is_(None), at, key


def _by_urgency(found: FromClause) -> Order:
    return _urgent_first(found.c.at, found.c.key)


def _latest_first(found: FromClause) -> Order:
    return found.c.at.desc(), found.c.key.desc()


_VIEWS = {
    "assigned": View((_dated, _undated, _to_answer), _by_urgency),
    "claimable": View((_claimable,), _by_urgency),
    "done": View((_completed, _answered), _latest_first),
}
