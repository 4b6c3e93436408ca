"""The nouns of a vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Choice(StrEnum):
    """What a paper says. Not to vote at all is none of these: 未投 is not 弃权."""

    AGREE = "同意"
    DISAGREE = "反对"
    ABSTAIN = "弃权"


class BallotMode(StrEnum):
    """How a vote is taken; a vote on persons is always secret."""

    NAMED = "open_named"
    SECRET = "secret"  # noqa: S105 (a way to vote, not a password)


@dataclass(frozen=True, slots=True)
class Threshold:
    """The share of the base that carries a motion: ``numerator / denominator``, exceeded if ``strict``.

    Civil Code, article 1259: 以上 includes the number itself, 超过 does not.
    """

    numerator: int
    denominator: int
    strict: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many papers said what."""

    agree: int = 0
    disagree: int = 0
    abstain: int = 0
    invalid: int = 0

    @property
    def returned(self) -> int:
        """Papers taken out of the box."""
        return self.agree + self.disagree + self.abstain + self.invalid

    def __add__(self, other: Count) -> Count:
        return Count(
            self.agree + other.agree,
            self.disagree + other.disagree,
            self.abstain + other.abstain,
            self.invalid + other.invalid,
        )


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """What a teller entered from the paper votes: slips handed out, slips returned, and what they said."""

    issued: int
    returned: int
    count: Count


@dataclass(frozen=True, slots=True)
class BallotBox:
    """One vote on one motion. ``base_count`` seats may vote; it is closed from ``closed_at`` on."""

    community: str
    id: str
    matter_no: str
    mode: BallotMode
    motion_text: str
    base_count: int
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt code proves: the paper lies in that box. ``choice`` stays hidden in a secret vote."""

    box: BallotBox
    choice: Choice | None
