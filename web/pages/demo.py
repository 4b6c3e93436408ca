"""For visitors of the demo: time can be moved on to a matter's next deadline."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import instances, timers, worker
from engine.runtime import Work
from web.demo_clock import DemoClock
from web.pages import context, words

blueprint = Blueprint("demo", __name__, url_prefix="/demo")


@blueprint.post("/clock/<int:key>")
def jump(key: int) -> Response:
    """Go to the next deadline of a matter; whatever comes due on the way happens, for all matters."""
    clock = context.product().engine.clock
    if not isinstance(clock, DemoClock):
        abort(404)
    with context.reading() as work:
        instances.get(work, key)
        instant = timers.next_of(work, key)
    if instant is not None:
        clock.jump(instant)
        worker.run_due(context.product().engine)
        flash(_("时间已快进到%(when)s。", when=words.moment(instant, instant)), "done")
    return redirect(url_for("matters.show", key=key))


def next_timer(work: Work, key: int) -> str:
    """The next deadline of a matter in words; empty outside demo mode, or when none is set."""
    if not isinstance(work.engine.clock, DemoClock):
        return ""
    instant = timers.next_of(work, key)
    return words.moment(instant, work.now) if instant is not None else ""
