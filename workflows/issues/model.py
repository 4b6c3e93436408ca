"""The nouns of residents' issues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypedDict


class Level(StrEnum):
    """Who handles an issue, from the inside out; an issue only ever steps up."""

    GRID = "grid"
    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"


class Reason(StrEnum):
    """Why an issue steps up: somebody decided so, or the level's time was over."""

    DECIDED = "decided"
    OVERDUE = "overdue"


class StepUp(TypedDict):
    """One line of the record of levels, as process variables hold it."""

    source: str
    target: str
    because: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class Issue:
    """What is kept of an issue beside its process: to find it again, not to handle it.

    ``reporter`` is a person of the organisation, ``None`` for reports without signing in. ``sensitive``
    issues (minors, persons to be looked after) are found by nobody but those who handle them.
    """

    community: str
    matter_no: str
    instance_key: int
    grid: str
    category: str
    title: str
    place: str
    description: str
    reported_at: datetime
    reporter: str | None
    sensitive: bool
    query_code: str | None = None
    master: str | None = None

    @property
    def text(self) -> str:
        """What is compared with other issues."""
        return f"{self.title}\n{self.place}\n{self.description}"


@dataclass(frozen=True, slots=True)
class Closing:
    """How an issue ended, for the three rates.

    ``contacted_in_time`` is ``None`` where nobody was to be contacted; ``counted_as`` comes from the table
    satisfaction_followup: satisfied, unsatisfied or excluded.
    """

    outcome: str
    level: Level
    contacted_in_time: bool | None
    solved: str | None
    counted_as: str
    redo_count: int
    return_count: int
    overdue_times: int


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it was counted from: a figure nobody can check is none."""

    count: int
    base: int

    @property
    def share(self) -> Fraction | None:
        """The exact share, ``None`` without a base."""
        return Fraction(self.count, self.base) if self.base else None


@dataclass(frozen=True, slots=True)
class Rates:
    """响应率, 解决率, 满意率 and what stayed at each level; ``excluded`` answers are in no base of 满意率."""

    responded: Rate
    solved: Rate
    satisfied: Rate
    excluded: int
    within_grid: Rate
    within_community: Rate
    without_overdue: Rate
