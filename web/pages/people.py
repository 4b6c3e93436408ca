"""Persons and groups by the names people know them by."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import Connection

from engine.user_tasks import UserTask
from workflows.organisation import store
from workflows.organisation.rules import LANES

SHOWN = 3


class Names:
    """Names for the persons and groups of some tasks, looked up together."""

    def __init__(self, connection: Connection, tasks: Iterable[UserTask]) -> None:
        tasks = list(tasks)
        ids = {task.assignee for task in tasks if task.assignee}
        ids |= {person for task in tasks for person in task.candidate_users}
        self._people = {key: person.name for key, person in store.people(connection, ids).items()}
        bodies = {
            group.partition("@")[2] for task in tasks for group in task.candidate_groups if _is_seat(group)
        }
        self._seats = {
            f"seat:{seat.seat}@{body}": seat.name for body in bodies for seat in store.seats(connection, body)
        }

    def who(self, task: UserTask) -> str:
        """Who has the task now: the one who took it, else those who may take it."""
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
        role = group.partition(":")[2].partition("@")[0]
        return LANES[role].title if role in LANES else group


def joined(names: list[str]) -> str:
    """A few names, then how many there are."""
    if len(names) <= SHOWN:
        return "、".join(names)
    return _("%(first)s等 %(n)d 人", first="、".join(names[:SHOWN]), n=len(names))


def roles(principals: Iterable[str]) -> list[str]:
    """The posts among what a person may act as, in words."""
    words = (
        name.partition(":")[2].partition("@")[0] for name in sorted(principals) if name.startswith("post:")
    )
    return list(dict.fromkeys(LANES[word].title for word in words if word in LANES))


def _is_seat(group: str) -> bool:
    return group.startswith("seat:")
