"""The nouns of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workflows.issues.model import Rate


class Level(StrEnum):
    """How serious an entry is, by the table hazard_grade."""

    GENERAL = "general"
    LARGER = "larger"
    MAJOR = "major"


class State(StrEnum):
    """How far an entry has come. The last four are its ends."""

    REGISTERED = "registered"
    RECTIFYING = "rectifying"
    CHECKING = "checking"
    WAITING = "waiting"
    CLOSED = "closed"
    DISMISSED = "dismissed"
    TRANSFERRED = "transferred"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    ``kind`` is 台账类型, ``risk`` the product of consequence and likelihood (1 to 25), ``source_no`` the matter
    that asked for the entry. ``due_at`` is when the rectification has to be done, ``late`` whether it ever was
    not; ``former`` are the organisations that were responsible before. A ``sensitive`` entry is shown to those
    who handle it only.
    """

    community: str
    matter_no: str
    instance_key: int
    kind: str
    title: str
    place_type: str
    place: str
    content: str
    risk: int
    found_at: datetime
    registered_at: datetime
    sensitive: bool
    grid: str | None = None
    source_no: str | None = None
    finder: str | None = None
    state: State = State.REGISTERED
    level: Level | None = None
    executor: str | None = None
    responsible: str | None = None
    acceptor: str | None = None
    former: str = ""
    measures: str | None = None
    standard: str | None = None
    due_at: datetime | None = None
    late: bool = False
    rejected: int = 0
    supervised_at: datetime | None = None
    recurrence_of: str | None = None
    merged_into: str | None = None
    result: str | None = None
    ended_at: datetime | None = None

    @property
    def text(self) -> str:
        """What is compared with other entries."""
        return f"{self.place}\n{self.content}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose entries a person may see.

    ``everything`` is for those who watch over the whole ledger, ``confidential`` for those who may also see
    the sensitive entries they have no part in; else it is what lies in one's ``grids``, is the business of
    one's ``organisations``, or names the ``person``.
    """

    person: str
    everything: bool = False
    confidential: bool = False
    grids: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody looks for; ``None`` and the empty text ask for nothing. Both days are included."""

    level: Level | None = None
    state: State | None = None
    grid: str | None = None
    kind: str | None = None
    overdue: bool = False
    since: date | None = None
    until: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many entries there are of each sort: 在账, 其中超期, 已销号, 其中按期, 其中又复发的."""

    open: int = 0
    overdue: int = 0
    closed: int = 0
    on_time: int = 0
    recurred: int = 0

    @property
    def closing_rate(self) -> Rate:
        """销号率: struck off, of these and the open ones; dismissed, merged, handed over ones do not count."""
        return Rate(self.closed, self.closed + self.open)

    @property
    def on_time_rate(self) -> Rate:
        """按期整改率: never late, of those struck off."""
        return Rate(self.on_time, self.closed)

    @property
    def recurrence_rate(self) -> Rate:
        """复发率: come up again within ninety days, of those struck off."""
        return Rate(self.recurred, self.closed)

    @classmethod
    def sum(cls, parts: Iterable[Tally]) -> Tally:
        """All parts together."""
        rows = [(one.open, one.overdue, one.closed, one.on_time, one.recurred) for one in parts]
        return cls(*map(sum, zip(*rows, strict=True))) if rows else cls()
