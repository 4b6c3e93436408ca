"""The nouns of the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PlaceKind(StrEnum):
    """The levels of the territory, from the outside in."""

    DISTRICT = "district"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GRID = "grid"
    BUILDING = "building"


class BodyKind(StrEnum):
    """What kind of body deliberates; the process is the same, the seats are data."""

    COUNCIL = "council"
    """八位一体议事会: the community's council, its default body."""
    JOINT = "joint"
    """六位一体议事联席会."""
    GRID_COUNCIL = "grid_council"
    """网格联席会议."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the territory; ``parent`` is the next one outwards, ``None`` for the outermost."""

    id: str
    kind: PlaceKind
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may act. ``title`` names the office, ``home`` is the grid a resident lives in.

    ``gender`` (男 or 女) and ``born`` are ``None`` where the register does not say.
    """

    id: str
    name: str
    title: str = ""
    home: str | None = None
    gender: str | None = None
    born: date | None = None

    @property
    def label(self) -> str:
        """The name with the title, to tell namesakes apart."""
        return f"{self.name}（{self.title}）" if self.title else self.name


@dataclass(frozen=True, slots=True)
class Standing:
    """Who a person is on one day; ``principals`` are everything they may act as, themselves among it."""

    name: str
    principals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A property company, owners' committee, association …: something that can be made responsible."""

    id: str
    community: str
    name: str


@dataclass(frozen=True, slots=True)
class Body:
    """A deliberating body at a place: the community, or one of its grids."""

    id: str
    community: str
    place: str
    kind: BodyKind
    name: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a body. The seat votes, not the person: its titular member or, instead, the alternate.

    ``vacant_reason`` says why nobody holds it. The dates of the mandate are inclusive, ``None`` is open.
    """

    body: str
    seat: str
    name: str
    core: bool = False
    titular: str | None = None
    alternate: str | None = None
    vacant_reason: str = ""
    mandate_from: date | None = None
    mandate_until: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A person in an office at a place; dates inclusive, ``None`` is open."""

    person: str
    role: str
    place: str
    valid_from: date | None = None
    valid_until: date | None = None
