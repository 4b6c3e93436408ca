"""Messages, and the person's own page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.pages import context, people, words
from workflows.accounts import store as accounts
from workflows.notices import store
from workflows.notices.model import Notification

blueprint = Blueprint("me", __name__)

CARDS = {"黄牌": "soon", "红牌": "late"}
"""The colours reminders speak of, and their tone."""


@blueprint.get("/me")
def show() -> str:
    """Who I am here, how pages look, the way out."""
    me = context.me()
    with context.reading() as work:
        account = accounts.of_person(work.connection, me.id)
        roles = people.roles(work.connection, me.principals)
    return render_template(
        "me/me.html",
        person_name=me.name,
        roles=roles,
        can_administer=context.can_administer(),
        facts=[(_("账号"), account.username if account else me.id)],
    )


@blueprint.get("/messages")
def notifications() -> str:
    """Messages, newest first."""
    with context.reading() as work:
        letters = store.letters(work.connection, context.me().id)
    return render_template(
        "me/notifications.html",
        messages=[_message(one) for one in letters],
        unread=any(one.read_at is None for one in letters),
    )


@blueprint.post("/messages/read")
def mark_read() -> Response:
    with context.acting() as work:
        mine = store.letters(work.connection, work.actor.id)
        store.mark_read(work.connection, work.actor.id, [one.id for one in mine], work.now)
    return redirect(url_for("me.notifications"))


def _message(letter: Notification) -> dict[str, object]:
    card = next((word for word in CARDS if letter.title.startswith(word)), "")
    return {
        "title": letter.title,
        "body": letter.body,
        "when": words.moment(letter.created_at, context.now()),
        "href": url_for("matters.by_number", matter_no=letter.matter_no) if letter.matter_no else "",
        "card": card,
        "tone": CARDS.get(card, "calm"),
        "unread": letter.read_at is None,
    }
