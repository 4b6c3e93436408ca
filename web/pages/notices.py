"""The public notice board, and objecting to what is posted there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import instances
from engine.errors import NotFound
from engine.runtime import Actor, Work
from web.forms import Errors, Form, FormState
from web.pages import context, words
from workflows.notices import objections, store
from workflows.notices.model import NoticeKind, PublicNotice

blueprint = Blueprint("notices", __name__, url_prefix="/notices")

Answer = Response | str | tuple[str, int]


REVIEWS = frozenset(
    {NoticeKind.REVIEWERS, NoticeKind.DUTIES, NoticeKind.REVIEW_RESULT, NoticeKind.REVIEW_REPORT}
)
"""Notices that belong to a review, which has a page of its own."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said around the objection form of one kind of notice."""

    question: str
    before: str
    after: str


def _words(kind: NoticeKind) -> Words | None:
    """``None`` for notices nobody objects to."""
    return {
        NoticeKind.RESOLUTION: Words(
            _("对决议有异议？"),
            _("请写明对哪一项有异议、希望怎样处理。提出后公示暂停，监督委员会在五个工作日内审查。"),
            _("异议已提交，公示暂停。监督委员会会在五个工作日内审查并书面答复您。"),
        ),
        NoticeKind.REVIEWERS: Words(
            _("对代表名单有异议？"),
            _("请写明对哪一位代表、为什么有异议。监督委员会会再核验一次名单。"),
            _("异议已提交，监督委员会会再核验一次名单，核验后重新公示。"),
        ),
        NoticeKind.DUTIES: Words(
            _("对述职或者承诺有异议？"),
            _("请写明哪一个网格的述职或者承诺与事实不符。监督委员会在五个工作日内核查并答复您。"),
            _("异议已提交，监督委员会会在五个工作日内核查并答复您。"),
        ),
    }.get(kind)


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A posted paper, ``dated`` as papers are.

    ``left`` says how long it still hangs, ``hanging`` whether it does, ``open`` whether it may be objected to;
    ``review`` is the number of the review it belongs to, if any.
    """

    id: int
    kind: str
    title: str
    body: str
    when: str
    published_at: datetime
    dated: str
    until: str
    left: str
    tone: str
    hanging: bool
    open: bool
    review: str


@blueprint.get("")
def board() -> str:
    """All notices, those still in their time first."""
    with context.product().store.snapshot() as connection:
        notices = store.board(connection, context.community())
    now = context.now()
    hanging = [_card(one) for one in notices if one.until > now]
    past = [_card(one) for one in notices if one.until <= now]
    groups = [(_("公示中"), hanging), (_("往期"), past)]
    return render_template("notices/board.html", groups=[(name, found) for name, found in groups if found])


@blueprint.get("/<int:notice_id>")
def show(notice_id: int) -> str:
    """One notice; signed-in people may object to it in its time, where its kind can be objected to."""
    notice = _notice(notice_id)
    state = None
    if context.actor() is not None and objections.is_open(notice, context.now()):
        with context.reading() as work:
            state = Objection.of(work, notice).open()
    return _page(notice, state)


@blueprint.post("/<int:notice_id>/objections")
def object_to(notice_id: int) -> Answer:
    """Hand in an objection under one's own name; it reaches the matter as a message."""
    notice = _notice(notice_id)
    objections.require_open(notice, context.now())
    with context.acting() as work:
        objection = Objection.of(work, notice)
        state = objection.read()
        result = objection.form.validate(state, now=work.now)
        if isinstance(result, Errors):
            return _page(notice, state.with_errors(result.errors)), 422
        objections.object_to(work, notice, result.data, request.args.get("once", ""))
    said = _words(notice.kind)
    flash(said.after if said else "", "done")
    return context.go(url_for("notices.show", notice_id=notice_id))


@dataclass(frozen=True, slots=True)
class Objection:
    """The objection form over one notice: the objector is the one who is signed in, nobody else."""

    work: Work
    form: Form
    instance_key: int
    variables: Mapping[str, object]

    @classmethod
    def of(cls, work: Work, notice: PublicNotice) -> Objection:
        form = context.product().forms.compiled(objections.form(work, notice))
        return cls(work, form, _matter(notice), objections.own_answers(work))

    def open(self) -> FormState:
        return self.form.open(self.variables, {"objector": self.work.actor.id}, now=self.work.now)

    def read(self) -> FormState:
        files = context.product().attachments
        return self.form.read(
            request.form,
            request.files,
            self.variables,
            now=self.work.now,
            draft={"evidence": files.uploaded(self.work, self.instance_key)},
            uploads=lambda upload: files.keep(self.work, self.instance_key, upload),
        )


def _matter(notice: PublicNotice) -> int:
    """The matter behind a notice; its number is public, what lies in it is not."""
    with context.product().engine.look(Actor.system(), notice.community) as work:
        return instances.by_number(work, notice.matter_no).key


def _notice(notice_id: int) -> PublicNotice:
    with context.product().store.snapshot() as connection:
        found = store.get(connection, context.community(), notice_id)
    if found is None:
        raise NotFound("公示")
    return found


def _page(notice: PublicNotice, state: FormState | None) -> str:
    said = _words(notice.kind)
    return render_template("notices/notice.html", notice=_card(notice), state=state, said=said)


def _card(notice: PublicNotice) -> NoticeCard:
    now = context.now()
    return NoticeCard(
        id=notice.id,
        kind=str(notice.kind),
        title=notice.title.removeprefix(f"{notice.kind}："),
        body=notice.body,
        when=words.moment(notice.published_at, now),
        published_at=notice.published_at,
        dated=words.date_in_full(notice.published_at),
        until=words.moment(notice.until, now),
        left=words.days_left(notice.until, now),
        tone="soon" if notice.until - timedelta(days=2) < now < notice.until else "calm",
        hanging=now < notice.until,
        open=objections.is_open(notice, context.now()),
        review=notice.matter_no if notice.kind in REVIEWS else "",
    )
