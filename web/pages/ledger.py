"""The ledger: looking things up, one entry with its course, files, and the numbers everybody may see."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar

from flask import Blueprint, Response, flash, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engine import history, instances, messages
from engine.errors import NotAllowed, NotFound
from engine.runtime import Actor, Work
from web import spreadsheets
from web.pages import context, ledger_lines, timeline, words
from web.pages.ledger_lines import Names
from web.spreadsheets import Cell
from workflows.ledger import rules, store
from workflows.ledger.model import Entry, Filter, Level, Scope, State, Tally
from workflows.organisation.rules import read_group

blueprint = Blueprint("ledger", __name__, url_prefix="/ledger")

PAGE = 30
EXECUTOR_CHANGED = "msg_executor_changed"
CLERK = "ledger_clerk"
LONGEST_REASON = 300
LONGEST_SEARCH = 60
KEPT_IN_MEMORY = 1 << 20  # bytes; a longer file goes to the disk while it is made

One = TypeVar("One", bound=StrEnum)


@blueprint.get("")
def index() -> str:
    """What this person may see of the ledger, by what they look for, with the numbers of just that."""
    wanted, page = _wanted(), max(request.args.get("page", 1, int), 1)
    with context.reading() as work:
        scope = _scope(work)
        ask = (work.connection, work.community, scope, wanted, work.now)
        found = store.find(*ask, limit=PAGE + 1, offset=(page - 1) * PAGE)
        names = Names.of(work.connection, found)
        tallies = store.tallies(*ask)
    return render_template(
        "ledger/index.html",
        lines=[ledger_lines.line(one, names) for one in found[:PAGE]],
        figures=ledger_lines.figures("", Tally.sum(tallies.values())),
        by_grid=ledger_lines.by_grid(tallies, names.grids),
        wanted=wanted,
        choices=_choices(names.grids),
        page=page,
        earlier=_page(page - 1) if page > 1 else "",
        later=_page(page + 1) if len(found) > PAGE else "",
        filtered=wanted != Filter(),
        query=_query(),
    )


@blueprint.get("/figures")
def figures() -> str:
    """The numbers of the whole ledger, for everybody: no places, no names."""
    product = context.product()
    with product.store.snapshot() as connection:
        tallies = store.tallies(connection, context.community(), None, Filter(), context.now())
        grids = ledger_lines.grids(connection)
    return render_template(
        "ledger/figures.html",
        figures=ledger_lines.figures("", Tally.sum(tallies.values())),
        by_grid=ledger_lines.by_grid(tallies, grids),
        today=words.date_in_full(context.now()),
    )


@blueprint.get("/<matter_no>")
def show(matter_no: str) -> str:
    """One entry with its course; one this person may not see answers like one that is not there."""
    entry = _visible(matter_no)
    with context.product().engine.look(Actor.system(), context.community()) as work:
        names = Names.of(work.connection, [entry])
        course = timeline.course(history.timeline(work, entry.instance_key), set(), work.now)
        waiting = EXECUTOR_CHANGED in messages.awaited(work, entry.instance_key)
    return render_template(
        "ledger/entry.html",
        line=ledger_lines.line(entry, names),
        facts=ledger_lines.facts(entry, names),
        course=course,
        matter=_own_matter(entry),
        changeable=waiting and _is_clerk(),
    )


@blueprint.post("/<matter_no>/executor")
def change_executor(matter_no: str) -> BaseResponse:
    """The clerk reports that those responsible are gone; the convener then reassigns the entry."""
    entry, reason = _visible(matter_no), request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not _is_clerk():
        raise NotFound("台账")
    if not reason:
        raise NotAllowed(_("请写明责任单位怎样变了。"))
    with context.acting() as work:
        told = {"change_reason": reason}
        if not messages.publish(work, EXECUTOR_CHANGED, entry.matter_no, told, ttl=None):
            raise NotAllowed(_("这笔账现在不在整改中，不能改派。"))
    flash(_("已报告，由召集人改派新的责任单位。"), "done")
    return context.go(url_for("ledger.show", matter_no=matter_no))


@blueprint.get("/export.<any(xlsx, csv):suffix>")
def export(suffix: str) -> Response:
    """What this person sees by the same filter, as a file."""
    write, media_type = _FILES[suffix]
    file = SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - the answer closes it when it is sent
    with context.reading() as work:
        scope = _scope(work)
        found = store.every(work.connection, work.community, scope, _wanted(), work.now)
        write(file, [heading for heading, _cell in ledger_lines.columns()], _rows(work, found))
    file.seek(0)
    name = _("台账%(day)s", day=f"{context.now().astimezone(words.SHANGHAI):%Y%m%d}")
    return send_file(
        file, mimetype=media_type, as_attachment=True, download_name=f"{name}.{suffix}", max_age=0
    )


Write = Callable[[IO[bytes], Sequence[str], spreadsheets.Rows], None]
_FILES: Mapping[str, tuple[Write, str]] = {
    "xlsx": (spreadsheets.workbook, spreadsheets.XLSX),
    "csv": (spreadsheets.comma_separated, spreadsheets.CSV),
}


def _rows(work: Work, entries: Iterator[Entry]) -> Iterator[list[Cell]]:
    """The cells of each entry; names are looked up batch by batch."""
    cells = [cell for _heading, cell in ledger_lines.columns()]
    while batch := list(islice(entries, store.BATCH)):
        names = Names.of(work.connection, batch)
        yield from ([cell(one, names) for cell in cells] for one in batch)


# -- who ---------------------------------------------------------------------------------------------


def _scope(work: Work) -> Scope:
    return store.scope(work.connection, work.community, work.actor.id, work.actor.principals)


def _visible(matter_no: str) -> Entry:
    with context.reading() as work:
        found = store.visible(work.connection, work.community, _scope(work), matter_no)
    if found is None:
        raise NotFound("台账")
    return found


def _own_matter(entry: Entry) -> int | None:
    """The matter behind the entry, for those it concerns."""
    with context.reading() as work:
        try:
            return instances.get(work, entry.instance_key).key
        except NotFound:
            return None


def _is_clerk() -> bool:
    groups = map(read_group, context.me().principals)
    return (CLERK, context.community()) in [(word, where) for _kind, word, where in groups]


# -- what is looked for --------------------------------------------------------------------------------


def _wanted() -> Filter:
    """What the address asks for; what cannot be read asks for nothing."""
    asked = request.args
    return Filter(
        level=_one(Level, asked.get("level", "")),
        state=_one(State, asked.get("state", "")),
        grid=asked.get("grid") or None,
        kind=asked.get("kind") if asked.get("kind") in rules.KINDS else None,
        overdue=asked.get("overdue") == "1",
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        words=asked.get("q", "").strip()[:LONGEST_SEARCH],
    )


def _one(sort: type[One], word: str) -> One | None:
    return next((one for one in sort if one.value == word), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _choices(grids: Mapping[str, str]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The lists of the filter: name, label, values with their words."""
    return [
        ("state", _("状态"), [(str(one), word) for one, word in rules.STATES.items()]),
        ("level", _("等级"), [(str(one), word) for one, word in rules.LEVELS.items()]),
        ("kind", _("类型"), [(one, one) for one in rules.KINDS]),
        ("grid", _("网格"), list(grids.items())),
    ]


def _query() -> dict[str, Any]:
    return {name: value for name, value in request.args.items() if value and name != "page"}


def _page(number: int) -> str:
    return url_for("ledger.index", **_query(), page=number)
