"""The half-yearly reviews: their draw, results and reports for everybody, their progress for those concerned."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine import instances, messages
from engine.errors import NotAllowed
from web.pages import context, words
from workflows.reviews import published, store
from workflows.reviews.errors import NotOnPanel
from workflows.reviews.model import Review, Standing
from workflows.reviews.published import Publication

blueprint = Blueprint("reviews", __name__, url_prefix="/reviews")

WITHDRAWAL = "msg_evaluator_withdraw"
SHOWN = 200
"""How many lots the page lists; the file has them all."""


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A review at the head of its page; ``stage`` says how much of it is public."""

    number: str
    title: str
    meeting: str
    stage: str


@blueprint.get("")
def index() -> str:
    """The reviews whose reports are published, newest first."""
    with context.product().store.snapshot() as connection:
        found = store.reported(connection, context.community())
    return render_template("reviews/index.html", reviews=[_card(one) for one in found])


@blueprint.get("/<number>")
def show(number: str) -> str:
    """Everything that is public of one review."""
    found = _published(number)
    return render_template(
        "reviews/review.html",
        card=_card(found.review),
        review=found.review,
        results=found.results,
        mine=_own_standing(number) is Standing.ACCEPTED and found.review.results_at is None,
    )


@blueprint.get("/<number>/draw")
def draw(number: str) -> str:
    """How the panel was drawn, so that anybody can draw it again."""
    found = _published(number)
    with context.product().store.snapshot() as connection:
        lots = published.lots(connection, found.review)
    return render_template(
        "reviews/draw.html",
        card=_card(found.review),
        review=found.review,
        drawn_when=words.moment(found.review.drawn_at, context.now()) if found.review.drawn_at else "",
        lots=lots[:SHOWN],
        more=max(0, len(lots) - SHOWN),
    )


@blueprint.get("/<number>/draw.csv")
def draw_csv(number: str) -> Response:
    """The pool with everybody's lot, as a file."""
    found = _published(number)
    with context.product().store.snapshot() as connection:
        lots = published.lots(connection, found.review)
    answer = Response(published.as_csv(lots), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={number}-draw.csv"
    return answer


@blueprint.get("/<number>/progress")
def progress(number: str) -> str:
    """How far the panels are: for those whom the matter concerns, in numbers only."""
    with context.reading() as work:
        matter = instances.by_number(work, number)
        review = store.get(work.connection, work.community, number)
        found = published.standings(work.connection, review)
    return render_template("reviews/progress.html", card=_card(review), matter=matter, standings=found)


@blueprint.post("/<number>/withdraw")
def withdraw(number: str) -> BaseResponse:
    """A member of the panel cannot come after all."""
    with context.acting() as work:
        own = store.member(work.connection, work.community, number, work.actor.id)
        if own is None or own.standing is not Standing.ACCEPTED:
            raise NotOnPanel
        if not messages.publish(work, WITHDRAWAL, number, {"person": own.person}, ttl=None):
            raise NotAllowed(_("这次评议已经结束，不用再告知。"))
    flash(_("已告知组织方，由候补顶上。谢谢您提前说一声。"), "done")
    return context.go(url_for("reviews.show", number=number))


def _published(number: str) -> Publication:
    with context.product().store.snapshot() as connection:
        return published.publication(connection, context.community(), number)


def _own_standing(number: str) -> Standing | None:
    if context.actor() is None:
        return None
    with context.product().store.snapshot() as connection:
        own = store.member(connection, context.community(), number, context.me().id)
    return None if own is None else own.standing


def _card(review: Review) -> ReviewCard:
    stages = [
        (review.report_at, _("报告已公布")),
        (review.results_at, _("结果公示")),
        (review.drawn_at, _("代表已抽选")),
    ]
    stage = next((name for reached, name in stages if reached), "")
    return ReviewCard(review.matter_no, review.title, words.moment(review.meeting_at, context.now()), stage)
