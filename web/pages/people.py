"""Persons and groups by the names people know them by."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import Connection

from engine.runtime import Actor, Work
from engine.user_tasks import UserTask
from workflows.organisation import store
from workflows.organisation.rules import LANES, read_group

SHOWN = 3


class Names:
    """Names for the persons and groups of some tasks, looked up together."""

    def __init__(self, connection: Connection, tasks: Iterable[UserTask]) -> None:
        tasks = list(tasks)
        ids = {person for task in tasks for person in (task.assignee, task.owner) if person}
        ids |= {person for task in tasks for person in task.candidate_users}
        self._people = {key: person.name for key, person in store.people(connection, ids).items()}
        groups = [read_group(group) for task in tasks for group in task.candidate_groups]
        bodies = {where for kind, _word, where in groups if kind == "seat"}
        self._seats = {
            f"seat:{seat.seat}@{body}": seat.name for body in bodies for seat in store.seats(connection, body)
        }

    def who(self, task: UserTask) -> str:
        """Who has the task now: the one who took it, else those who may take it."""
        if task.assignee and task.owner:
            doer, owner = self.person(task.assignee), self.person(task.owner)
            return _("%(doer)s（%(owner)s委派）", doer=doer, owner=owner)
        if task.assignee:
            return self.person(task.assignee)
        able = [self.person(one) for one in task.candidate_users] + [
            self.group(g) for g in task.candidate_groups
        ]
        return joined(list(dict.fromkeys(able))) or _("等待分派")

    def person(self, key: str) -> str:
        return self._people.get(key, key)

    def group(self, group: str) -> str:
        """A seat or a post by its title."""
        if group in self._seats:
            return self._seats[group]
        _kind, word, _where = read_group(group)
        return LANES[word].title if word in LANES else group


def colleagues(work: Work) -> list[dict[str, str]]:
    """Whom a form offers to give something to: everybody with a seat or a post, but the reader."""
    people = store.officials(work.connection, work.community)
    return [{"value": one.id, "label": one.label} for one in people if one.id != work.actor.id]


def joined(names: list[str]) -> str:
    """A few names, then how many there are."""
    if len(names) <= SHOWN:
        return "、".join(names)
    return _("%(first)s等 %(n)d 人", first="、".join(names[:SHOWN]), n=len(names))


def roles(connection: Connection, principals: Iterable[str]) -> list[str]:
    """The seats and posts among what a person may act as, in words."""
    groups = [read_group(name) for name in sorted(principals)]
    held = {(word, where) for kind, word, where in groups if kind == "seat"}
    seats = [
        _("%(seat)s席位", seat=seat.name)
        for body in sorted({where for _word, where in held})
        for seat in store.seats(connection, body)
        if (seat.seat, body) in held
    ]
    posts = [LANES[word].title for kind, word, _where in groups if kind == "post" and word in LANES]
    return list(dict.fromkeys([*seats, *posts]))


def by_id(connection: Connection, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of persons by their ids, the system's own among them; who is unknown goes by the id."""
    wanted = {id_ for id_ in ids if id_}
    known = {key: person.name for key, person in store.people(connection, wanted).items()}
    return {id_: id_ for id_ in wanted} | {Actor.system().id: Actor.system().name} | known
