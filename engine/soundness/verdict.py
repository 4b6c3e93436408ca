"""What the checker says of a model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The one property that does not hold, or that all do."""

    SOUND = "sound"
    DEADLOCK = "deadlock"
    LIVELOCK = "livelock"
    UNSAFE = "unsafe"
    DEAD = "dead"
    CALL_CYCLE = "call_cycle"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judgement.

    ``elements`` are the ids of the culprits, the first being the one to look at; ``trace`` the ids of the elements
    a token passes on the way to the fault, oldest first; ``sentence`` says in Chinese what is wrong and
    what to do. All three are empty for a sound model.
    """

    kind: Kind
    elements: tuple[str, ...] = ()
    trace: tuple[str, ...] = ()
    sentence: str = ""

    @property
    def is_sound(self) -> bool:
        return self.kind is Kind.SOUND


class BudgetSpent(Exception):
    """The model could not be judged within the step budget."""
