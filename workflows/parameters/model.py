"""What a parameter is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Grade(StrEnum):
    """How good the evidence for a figure is, best first."""

    ARTICLE = "A"  # the article says so
    VERIFIED = "V"  # read in the law itself
    SECONDARY = "S"  # reported by others
    MEMORY = "M"  # from memory, unchecked
    DESIGN = "D"  # our own choice, for want of a rule


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure takes effect: a model file below ``bpmn/``, and the element, rule table or field in it."""

    file: str
    element: str

    @property
    def process(self) -> str:
        """The process it belongs to, by the folder."""
        return self.file.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure; ``grades`` may be several where its parts differ, ``places`` are none where nobody has said it yet."""

    key: str
    name: str
    value: str
    unit: str
    grades: tuple[Grade, ...]
    source: str
    places: tuple[Place, ...]

    @property
    def group(self) -> str:
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody has looked at a figure and stands for it, with the ground for it."""

    key: str
    value: str
    note: str
    person: str
    at: datetime
