"""Loads the demonstration: once, and again without doing anything twice."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from sqlalchemy import Connection, select

from engine import instances
from engine.runtime import Actor, Engine
from workflows.accounts import store as accounts
from workflows.calendar import store as calendar
from workflows.demo.player import Keep, no_file
from workflows.demo.story import play
from workflows.organisation import store as organisation
from workflows.organisation.importer import import_organisation

COMMUNITY = "jsjy"

STORY = ("matters", "issues", "ledger", "reviews")
"""The files of what happened there."""


def load(engine: Engine, keep: Keep = no_file) -> bool:
    """Load the organisation and the matters, each where it is missing; whether there was anything to do.

    The models must be deployed. Everything happens in the past of ``engine``'s clock, so that the
    demonstration's present is today and no timer is due when it is done. ``keep`` stores the files that come
    with forms.
    """
    with engine.store.transaction() as connection:
        peopled = load_organisation(connection)
    with engine.look(Actor.system(), COMMUNITY) as work:
        if instances.find(work, limit=1):
            return peopled
    story = {name: told for file in STORY for name, told in document(file).items()}
    play(engine, COMMUNITY, story, keep)
    return True


def load_organisation(connection: Connection) -> bool:
    """Enter places, people, bodies, posts and an account without a password for each person."""
    known = select(organisation.place.c.id).where(organisation.place.c.id == COMMUNITY)
    if connection.execute(known).first() is not None:
        return False
    calendar.seed(connection)
    everybody = _with_reviewers(document("organisation"), document("reviewers"))
    import_organisation(connection, everybody)
    accounts.open_all(connection, [person["id"] for person in everybody["people"]])
    return True


def _with_reviewers(community: dict[str, Any], reviewers: dict[str, Any]) -> dict[str, Any]:
    """The community with those who may be drawn for a review."""
    return community | {name: [*community[name], *reviewers[name]] for name in ("people", "posts")}


def document(name: str) -> dict[str, Any]:
    """One of the demonstration's JSON files."""
    content: dict[str, Any] = json.loads(
        (resources.files(__package__) / "data" / f"{name}.json").read_text("utf-8")
    )
    return content
