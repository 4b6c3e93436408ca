"""What a page and a file show of the ledger: its lines in people's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Connection

from web.pages import cards, context, words
from web.spreadsheets import Cell
from workflows.issues.model import Rate
from workflows.ledger import rules
from workflows.ledger.model import Entry, Level, State, Tally
from workflows.organisation import store as organisation
from workflows.organisation.model import PlaceKind

LEVEL_TONES: Mapping[Level | None, str] = {Level.MAJOR: "late", Level.LARGER: "soon"}
STATE_TONES: Mapping[State, str] = {State.CLOSED: "done", State.CHECKING: "soon", State.WAITING: "soon"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of grids, organisations and persons, by id."""

    grids: Mapping[str, str]
    organisations: Mapping[str, str]
    people: Mapping[str, str]

    @classmethod
    def of(cls, connection: Connection, entries: Iterable[Entry]) -> Names:
        """What the entries speak of."""
        lines = list(entries)
        executors = {one.executor for one in lines if one.executor}
        persons = {who for one in lines for who in (one.finder, one.responsible, one.acceptor) if who}
        return cls(
            grids(connection),
            organisation.organisation_names(connection, executors),
            {id_: one.name for id_, one in organisation.people(connection, persons).items()},
        )


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in a list, or at the head of its page."""

    number: str
    title: str
    kind: str
    place: str
    grid: str
    level: str
    level_tone: str
    state: str
    state_tone: str
    executor: str
    registered: str
    due: words.Due
    supervised: bool
    recurrence_of: str


def grids(connection: Connection) -> dict[str, str]:
    """The community's grids by id, in their order."""
    found = organisation.places(connection, context.community(), PlaceKind.GRID)
    return {one.id: one.name for one in found}


def line(entry: Entry, names: Names) -> Line:
    """What a list shows of an entry; only one that is being put right has a day to keep."""
    now = context.now()
    running = entry.state is State.RECTIFYING
    return Line(
        number=entry.matter_no,
        title=entry.title,
        kind=entry.kind,
        place=entry.place,
        grid=names.grids.get(entry.grid or "", _("全社区")),
        level=rules.LEVELS[entry.level] if entry.level else "",
        level_tone=LEVEL_TONES.get(entry.level, "calm"),
        state=rules.STATES[entry.state],
        state_tone=STATE_TONES.get(entry.state, "calm"),
        executor=names.organisations.get(entry.executor or "", ""),
        registered=words.moment(entry.registered_at, now),
        due=cards.due_of(entry.due_at) if running else words.NO_DUE,
        supervised=running and entry.supervised_at is not None,
        recurrence_of=entry.recurrence_of or "",
    )


def facts(entry: Entry, names: Names) -> list[tuple[str, str]]:
    """Everything that stands in the line, as label and value; what is not there is left out."""
    now = context.now()
    day: Callable[..., str] = lambda at: words.moment(at, now) if at else ""  # noqa: E731
    found = [
        (_("位置"), f"{names.grids.get(entry.grid or '', _('全社区'))} {entry.place}"),
        (_("场所类型"), rules.PLACE_TYPES.get(entry.place_type, entry.place_type)),
        (_("情况"), entry.content),
        (_("风险值"), str(entry.risk)),
        (_("发现"), _by(names.people.get(entry.finder or ""), day(entry.found_at))),
        (_("来源"), entry.source_no or ""),
        (_("责任单位"), names.organisations.get(entry.executor or "", "")),
        (_("责任人"), names.people.get(entry.responsible or "", "")),
        (_("原责任单位"), entry.former),
        (_("整改措施"), entry.measures or ""),
        (_("整改标准"), entry.standard or ""),
        (_("整改时限"), day(entry.due_at)),
        (_("验收人"), names.people.get(entry.acceptor or "", "")),
        (_("退回"), _("%(n)d 次", n=entry.rejected) if entry.rejected else ""),
        (_("挂牌督办"), day(entry.supervised_at)),
        (_("结果"), entry.result or ""),
        (_("了结"), day(entry.ended_at)),
    ]
    return [(label, value) for label, value in found if value]


def _by(who: str | None, when: str) -> str:
    return _("%(who)s %(when)s", who=who, when=when) if who else when


# -- files ---------------------------------------------------------------------------------------------


def columns() -> Sequence[tuple[str, Callable[[Entry, Names], Cell]]]:
    """The columns of a file: heading, and what stands there of an entry."""
    return (
        (_("编号"), lambda one, _names: one.matter_no),
        (_("类型"), lambda one, _names: one.kind),
        (_("标题"), lambda one, _names: one.title),
        (_("网格"), lambda one, names: names.grids.get(one.grid or "", "")),
        (_("场所类型"), lambda one, _names: rules.PLACE_TYPES.get(one.place_type, one.place_type)),
        (_("位置"), lambda one, _names: one.place),
        (_("情况"), lambda one, _names: one.content),
        (_("风险值"), lambda one, _names: one.risk),
        (_("等级"), lambda one, _names: rules.LEVELS[one.level] if one.level else ""),
        (_("状态"), lambda one, _names: rules.STATES[one.state]),
        (_("发现时间"), lambda one, _names: one.found_at),
        (_("登记时间"), lambda one, _names: one.registered_at),
        (_("排查人"), lambda one, names: names.people.get(one.finder or "", "")),
        (_("来源编号"), lambda one, _names: one.source_no),
        (_("责任单位"), lambda one, names: names.organisations.get(one.executor or "", "")),
        (_("责任人"), lambda one, names: names.people.get(one.responsible or "", "")),
        (_("原责任单位"), lambda one, _names: one.former),
        (_("整改措施"), lambda one, _names: one.measures),
        (_("整改标准"), lambda one, _names: one.standard),
        (_("整改时限"), lambda one, _names: one.due_at),
        (_("验收人"), lambda one, names: names.people.get(one.acceptor or "", "")),
        (_("超过时限"), lambda one, _names: _("是") if one.late else ""),
        (_("退回次数"), lambda one, _names: one.rejected),
        (_("挂牌督办"), lambda one, _names: one.supervised_at),
        (_("复发自"), lambda one, _names: one.recurrence_of),
        (_("并入"), lambda one, _names: one.merged_into),
        (_("结果"), lambda one, _names: one.result),
        (_("了结时间"), lambda one, _names: one.ended_at),
    )


# -- figures -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of some entries; a share goes with what it was counted from: ``("86%", "6/7")``."""

    name: str
    open: int
    overdue: int
    closed: int
    closing: tuple[str, str]
    on_time: tuple[str, str]


def figures(name: str, tally: Tally) -> Figures:
    return Figures(
        name=name,
        open=tally.open,
        overdue=tally.overdue,
        closed=tally.closed,
        closing=_share(tally.closing_rate),
        on_time=_share(tally.on_time_rate),
    )


def by_grid(tallies: Mapping[str | None, Tally], names: Mapping[str, str]) -> list[Figures]:
    """A row for each grid that has entries, in the grids' order, then those of the whole community."""
    rows = [figures(name, tallies[grid]) for grid, name in names.items() if grid in tallies]
    return [*rows, figures(_("全社区"), tallies[None])] if None in tallies else rows


def _share(rate: Rate) -> tuple[str, str]:
    if rate.share is None:
        return ("—", "")
    return (f"{int(rate.share * 100)}%", f"{rate.count}/{rate.base}")
