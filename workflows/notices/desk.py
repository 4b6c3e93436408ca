"""Publishing and telling, in the transaction of a unit of work."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from engine import rosters
from engine.runtime import Work
from engine.user_tasks import UserTask
from workflows.moments import local_date
from workflows.notices import store
from workflows.notices.model import NoticeKind, Notification, PublicNotice
from workflows.organisation import store as organisation

ONCE_WITHIN = timedelta(hours=23)
"""Less than a day, so that a daily reminder comes every day."""


def publish(work: Work, kind: NoticeKind, title: str, body: str, matter_no: str, until: datetime) -> str:
    """Put a notice on the community's board; gives its id as text, for process variables."""
    id_ = work.engine.keys.next()
    notice = PublicNotice(
        community=work.community,
        id=id_,
        kind=kind,
        title=title,
        body=body,
        matter_no=matter_no,
        published_at=work.now,
        until=until,
    )
    store.publish(work.connection, notice)
    return str(id_)


def remind(work: Work, persons: Iterable[str], title: str, body: str, matter_no: str) -> None:
    """Like :func:`tell`, but nobody gets the same reminder about a matter twice within :data:`ONCE_WITHIN`.

    A reminder timer runs for each person of a multi-instance step, and a job may be tried again.
    """
    before = work.now - ONCE_WITHIN
    named = list(persons)
    told = store.told_since(work.connection, named, matter_no, before, title)
    tell(work, [person for person in named if person not in told], title, body, matter_no)


def tell(work: Work, persons: Iterable[str], title: str, body: str, matter_no: str) -> None:
    """Send one message to each of the persons, however often they are named."""
    store.notify(
        work.connection,
        [
            Notification(work.community, work.engine.keys.next(), person, title, body, matter_no, work.now)
            for person in dict.fromkeys(persons)
        ],
    )


def addressees(work: Work, task: UserTask) -> list[str]:
    """Who has a task, or could take it; of a roster, those whose answer is missing."""
    if task.is_roster:
        return rosters.still_asked(work, task.key)
    if task.assignee is not None:
        return [task.assignee]
    today = local_date(work.now)
    of_groups = (organisation.members(work.connection, group, today) for group in task.candidate_groups)
    return [*task.candidate_users, *chain.from_iterable(of_groups)]
