"""Sending a form twice acts once: the mark the form carried is noted in the transaction that acted on it."""

from __future__ import annotations

from sqlalchemy import select

from engine.runtime import Work
from web.store import MAX_MARK, request_once
from workflows.store import insert


def earlier_answer(work: Work, mark: str) -> str | None:
    """The answer the same form got before; None when it comes for the first time, which is noted.

    A second request at the same moment waits here for the first one's transaction to end.
    """
    own = {"community": work.community, "person": work.actor.id, "mark": mark[:MAX_MARK]}
    noted = insert(work.connection, request_once).values(**own, answer="", at=work.now)
    if work.connection.execute(noted.on_conflict_do_nothing()).rowcount:
        return None
    return str(work.connection.execute(select(request_once.c.answer).filter_by(**own)).scalar_one())


def note_answer(work: Work, mark: str, answer: str) -> None:
    """Keep what the form was answered with (a path on this site)."""
    own = {"community": work.community, "person": work.actor.id, "mark": mark[:MAX_MARK]}
    work.connection.execute(request_once.update().filter_by(**own).values(answer=answer))


def forget(work: Work, mark: str) -> None:
    """The form was not acted on after all: it may come again."""
    own = {"community": work.community, "person": work.actor.id, "mark": mark[:MAX_MARK]}
    work.connection.execute(request_once.delete().filter_by(**own))
