"""The editors: one page for drawings, tables and forms, and what its script asks of the server."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from engine.errors import Refusal
from engine.runtime import Work
from engine.schemas import SchemaUnreadable, read_schema
from web import vocabulary
from web.forms import Form, check
from web.pages import context, people, words
from web.security import EDITOR_POLICY, PREVIEW_POLICY
from workflows.workbench import drafts
from workflows.workbench.errors import StaleDraft
from workflows.workbench.model import Draft, DraftFile

blueprint = Blueprint("editor", __name__, url_prefix="/workbench/drafts/<int:key>")

Json = Response | tuple[Response, int]


@blueprint.get("/edit")
def show(key: int) -> Response:
    """The editor of one file, with the draft's other files a click away."""
    with context.reading() as work:
        draft, file = _file(work, key)
        files = [(one, vocabulary.title(one)) for one in drafts.files(work, draft)]
        page = render_template(
            "workbench/editor.html", draft=draft, file=file, title=vocabulary.title(file), files=files
        )
    return _under(EDITOR_POLICY, page)


@blueprint.get("/content")
def content(key: int) -> Response:
    """The file as the draft has it, with the revision to save it against."""
    with context.reading() as work:
        _draft, file = _file(work, key)
    return jsonify(content=file.content.decode("utf-8", "replace"), revision=file.revision)


@blueprint.post("/content")
def save(key: int) -> Json:
    """Save; 409 when somebody else has, with who and when, and where this text was set aside."""
    given = request.get_json()
    text, revision = given.get("content"), given.get("revision")
    if not isinstance(text, str) or not isinstance(revision, int):
        return jsonify(sentence=_("没有看懂这次请求。")), 400
    with context.acting() as work:
        name = request.args.get("file", "")
        try:
            return jsonify(revision=drafts.save(work, key, name, text.encode(), revision))
        except StaleDraft as stale:  # inside the transaction, so that what was set aside is kept
            return _conflict(work, key, stale), 409
        except Refusal as refusal:
            return jsonify(sentence=str(refusal)), 422


def _conflict(work: Work, key: int, stale: StaleDraft) -> Response:
    names = people.by_id(work.connection, [stale.by])
    return jsonify(
        sentence=_(
            "%(name)s在%(when)s保存了这个文件。您的内容没有丢，已另存一份。",
            name=names[stale.by],
            when=words.moment(stale.at, context.now()),
        ),
        revision=stale.revision,
        kept=url_for("workbench.saved", key=key, save=stale.kept),
    )


@blueprint.get("/problems")
def problems(key: int) -> Response:
    """Everything that forbids publishing the draft as saved: the same as at publishing."""
    with context.reading() as work:
        draft = drafts.get(work, key)
        titles = {file.name: vocabulary.title(file) for file in drafts.files(work, draft)}
        found = drafts.problems(work, draft)
    return jsonify(
        problems=[
            {
                "file": one.resource,
                "title": titles.get(one.resource, one.resource),
                "element": one.element,
                "name": one.name,
                "message": one.message,
                "trace": one.trace,
                "href": url_for("editor.show", key=key, file=one.resource, element=one.element),
            }
            for one in found
        ]
    )


@blueprint.get("/words")
def choices(key: int) -> Response:
    """What a drawing may name."""
    with context.reading() as work:
        return jsonify(vocabulary.words(work, drafts.files(work, drafts.get(work, key))))


@blueprint.post("/presence")
def presence(key: int) -> Response:
    """A sign of life; who else has the draft open, and how far its files have come."""
    with context.acting() as work:
        company = drafts.join(work, drafts.get(work, key))
        names = people.by_id(work.connection, company.others)
    return jsonify(others=[names[one] for one in company.others], revisions=company.revisions)


@blueprint.get("/preview")
def preview(key: int) -> Response:
    """A form as members will see it: drawn by the same code, in a frame as wide as a phone."""
    with context.reading() as work:
        _draft, file = _file(work, key)
        wrong, state = _opened(work, file)
    return _under(PREVIEW_POLICY, render_template("workbench/preview.html", state=state, wrong=wrong))


def _opened(work: Work, file: DraftFile) -> tuple[list[str], Any]:
    try:
        schema = read_schema(file.content)
    except SchemaUnreadable as refusal:
        return [str(refusal)], None
    functions = work.engine.registry.functions()
    wrong = [f"{one.field}：{one.message}" for one in check(schema, functions=functions)]
    if wrong:
        return wrong, None
    offered = context.product().offered(work.connection, {})
    return [], Form.compile(schema, functions=functions).open(offered, {}, now=work.now)


def _file(work: Work, key: int) -> tuple[Draft, DraftFile]:
    draft = drafts.get(work, key)
    return draft, drafts.file(work, draft, request.args.get("file", ""))


def _under(policy: str, page: str) -> Response:
    response = Response(page, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response
