"""Around a matter: who was sent it and has read it, what was said, which files lie in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from engine import copies, instances
from engine.errors import NotAllowed
from engine.instances import ProcessInstance
from engine.runtime import Work
from web import once
from web.attachments import taken
from web.forms import Errors, Form, FormState
from web.forms.sentences import size
from web.pages import context, words
from web.pages.cards import matter_card
from web.pages.people import colleagues
from workflows.collaboration import matters
from workflows.collaboration.errors import TooSoon
from workflows.collaboration.rules import COMMENT_LENGTH
from workflows.organisation import store as organisation

blueprint = Blueprint("together", __name__, url_prefix="/matters")

MOST_TASKS = 200
"""Tasks of one step urged at one press."""

NO_FILES: MultiDict[str, FileStorage] = MultiDict()

COPY_FORM = Form.compile(
    {
        "id": "copy",
        "components": [
            {
                "type": "taglist",
                "id": "persons",
                "key": "persons",
                "label": "抄送给谁",
                "valuesExpression": "=people",
                "validate": {"required": True},
                "properties": {"kind": "person"},
            },
            {
                "type": "textarea",
                "id": "note",
                "key": "note",
                "label": "附言",
                "validate": {"maxLength": 500},
            },
        ],
    }
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the matter was sent to; ``read`` says when they first opened it, empty before that."""

    name: str
    by: str
    read: str


@dataclass(frozen=True, slots=True)
class Saying:
    """A comment as it is shown."""

    who: str
    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it is shown."""

    id: str
    name: str
    size: str


@dataclass(frozen=True, slots=True)
class Together:
    """What stands around a matter; ``speaks`` when the reader takes part in it and may add to it."""

    recipients: list[Recipient]
    sayings: list[Saying]
    files: list[Paper]
    speaks: bool
    mark: str
    longest: int


def together(work: Work, matter: ProcessInstance) -> Together:
    """What stands around a matter, for its page."""
    sent = copies.of_matter(work, matter.key)
    people = organisation.people(work.connection, [one.person for one in sent])
    files = context.product().attachments.of_matter(work, matter.key)
    return Together(
        recipients=[
            Recipient(
                people[one.person].name if one.person in people else one.person,
                one.sent_by_name,
                words.moment(one.read_at, work.now) if one.read_at else "",
            )
            for one in sent
        ],
        sayings=[
            Saying(one.author_name, words.moment(one.at, work.now), one.text)
            for one in matters.comments(work, matter.key)
        ],
        files=[Paper(one.id, one.name, size(one.size)) for one in files],
        speaks=_speaks(work, matter.key),
        mark=context.once(),
        longest=COMMENT_LENGTH,
    )


def _speaks(work: Work, key: int) -> bool:
    try:
        instances.require_part(work, key)
    except NotAllowed:
        return False
    return True


def note_reading(key: int) -> None:
    """Whoever was sent the matter has opened it now."""
    with context.reading() as work:
        unread = copies.unread(work, key)
    if unread:
        with context.acting() as work:
            copies.mark_read(work, key)


@blueprint.post("/<int:key>/comments")
def comment(key: int) -> Response:
    """Say something; the same form sent twice says it once."""
    with context.acting() as work:
        if once.earlier_answer(work, request.form.get("once", "") or context.once()) is None:
            matters.comment(work, key, request.form.get("text", ""))
    return redirect(url_for("matters.show", key=key, _anchor="sayings"), 303)


@blueprint.post("/<int:key>/urge")
def urge(key: int) -> Response:
    """Remind those who have an open step; of several tasks those that were not urged today."""
    with context.acting() as work:
        instances.require_part(work, key)
        _urge_each(work, request.form.getlist("task", type=int)[:MOST_TASKS])
    flash(_("已催办，办理人会收到提醒。每一步每天可以催一次。"), "done")
    return redirect(url_for("matters.show", key=key), 303)


def _urge_each(work: Work, tasks: list[int]) -> None:
    too_soon: list[TooSoon] = []
    for task in tasks:
        try:
            matters.urge(work, task, "")
        except TooSoon as refusal:
            too_soon.append(refusal)
    if too_soon and len(too_soon) == len(tasks):
        raise too_soon[0]


@blueprint.post("/<int:key>/files")
def add_file(key: int) -> Response:
    """Put a file into the matter for all whom it concerns."""
    with context.acting() as work:
        instances.require_part(work, key)
        for file in request.files.getlist("file"):
            context.product().attachments.share(work, key, taken(file))
    flash(_("附件已添加，事项涉及的人都能看到。"), "done")
    return redirect(url_for("matters.show", key=key, _anchor="files"), 303)


@blueprint.get("/<int:key>/copies")
def ask_copies(key: int) -> str:
    """The form for sending copies."""
    with context.reading() as work:
        matter = instances.require_part(work, key)
        state = COPY_FORM.open({"people": colleagues(work)}, None, now=work.now)
        return _copies_page(matter, state, context.once())


@blueprint.post("/<int:key>/copies")
def send_copies(key: int) -> Any:
    """Send them; who has one already is not sent another."""
    mark = request.args.get("once", "") or context.once()
    with context.acting() as work:
        matter = instances.require_part(work, key)
        state = COPY_FORM.read(request.form, NO_FILES, {"people": colleagues(work)}, now=work.now)
        result = COPY_FORM.validate(state, now=work.now)
        if state.intent != "submit" or isinstance(result, Errors):
            errors = result.errors if isinstance(result, Errors) and state.intent == "submit" else {}
            return _copies_page(matter, state.with_errors(errors), mark), 422 if errors else 200
        matters.copy_to(work, key, result.data["persons"], result.data.get("note") or "")
    flash(_("已抄送，对方看过以后这里会显示已阅。"), "done")
    return context.go(url_for("matters.show", key=key, _anchor="copies"))


def _copies_page(matter: ProcessInstance, state: FormState, mark: str) -> str:
    action = url_for("together.send_copies", key=matter.key, once=mark)
    template = "matters/copies_form.html" if request.headers.get("HX-Request") else "matters/copies.html"
    return render_template(template, matter=matter_card(matter), state=state, action=action)
