"""The nouns of the half-yearly review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict


class Category(StrEnum):
    """The groups a panel is made of (文章：居民代表、人大代表、政协委员、驻区代表等人员).

    In this order a person who belongs to several is counted in the first.
    """

    DEPUTY = "人大代表"
    CPPCC = "政协委员"
    UNIT = "驻区代表"
    OTHER = "其他"
    RESIDENT = "居民代表"


class Standing(StrEnum):
    """How far somebody in the pool has come."""

    POOL = "pool"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    EXCLUDED = "excluded"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class Rating(StrEnum):
    """What a reviewer says. 不了解 counts as a valid form that is neither satisfied nor unsatisfied."""

    SATISFIED = "满意"
    BASICALLY = "基本满意"
    UNSATISFIED = "不满意"
    UNKNOWN = "不了解"


class Way(StrEnum):
    """How somebody who is present evaluates."""

    PHONE = "手机"
    PAPER = "纸质"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the pool of a grid.

    ``lot`` and ``position`` come with the draw: the position counts from 1 within the grid and category.
    ``gender`` is 男, 女 or ``None`` where the register does not say. ``way`` is set for those who signed in.
    """

    person: str
    name: str
    grid: str
    category: Category
    gender: str | None = None
    lot: str = ""
    position: int = 0
    standing: Standing = Standing.POOL
    note: str = ""
    needs_paper: bool = False
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """What is published of a review beside its process. ``results_at`` and ``report_at`` are set when it is."""

    community: str
    matter_no: str
    period: str
    title: str
    meeting_at: datetime
    quota: Mapping[str, int]
    criteria: Mapping[str, int]
    pool_size: int
    pool_sha256: str
    seed: str = ""
    drawn_at: datetime | None = None
    results_at: datetime | None = None
    report: Mapping[str, object] | None = None
    report_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many forms gave which rating on one question."""

    satisfied: int = 0
    basically: int = 0
    unsatisfied: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """Forms with an answer."""
        return self.satisfied + self.basically + self.unsatisfied + self.unknown

    @property
    def content(self) -> int:
        """满意 and 基本满意 together: the numerator of 满意率."""
        return self.satisfied + self.basically

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.satisfied + other.satisfied,
            self.basically + other.basically,
            self.unsatisfied + other.unsatisfied,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was counted from one source: forms handed out, come back, invalid, and the answers by question."""

    issued: int
    returned: int
    invalid: int
    answers: Mapping[str, Counts]

    @property
    def valid(self) -> int:
        """Forms that count."""
        return self.returned - self.invalid


class Panel(TypedDict):
    """One grid's panel as process variables hold it; the counts are of those who have accepted."""

    grid: str
    grid_name: str
    subjects: list[str]
    subject_names: str
    issues: str
    entitled: int
    deputies: int
    cppcc: int
    resident_units: int
    residents: int
    women: int
    gender_known: int
