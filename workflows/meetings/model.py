"""The rows a meeting keeps in process variables, as JSON has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


class RosterSeat(TypedDict):
    """A seat that takes part; ``person`` acts for it, ``alternate`` may stand in."""

    seat: str
    seat_name: str
    core: bool
    person: str
    person_name: str
    alternate: str | None
    alternate_name: str


class Attendee(TypedDict):
    """A seat that is present, with the person who sits on it."""

    seat: str
    seat_name: str
    person: str
    person_name: str


class Recusal(TypedDict, total=False):
    """A declaration of interest and, where one was needed, the decision on it."""

    seat: str
    relation: str
    detail: str | None
    recusal_action: str | None
    decided_by: str | None
    recusal_result: str | None
    substitute: str | None


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is there and who of them may vote.

    ``voters`` are the attendees without the recused and without those who have not declared their interest.
    """

    roster: list[RosterSeat]
    attendees: list[Attendee]
    recusals: list[Recusal]
    recused: list[str]
    undeclared: list[RosterSeat]
    voters: list[Attendee]

    @property
    def entitled(self) -> int:
        """Seats that should be there: those of the roster."""
        return len(self.roster)

    @property
    def present(self) -> int:
        """Seats that are there; the recused count, they only do not vote."""
        return len(self.attendees)

    @property
    def core_present(self) -> bool:
        """Whether every core seat is there (社区党组织)."""
        here = {one["seat"] for one in self.attendees}
        return all(one["seat"] in here for one in self.roster if one["core"])


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who may be drawn; ``stratum`` is the group they are drawn from, their grid."""

    person: str
    name: str
    stratum: str
