"""Drawing lots so that anybody can draw them again: the order is a matter of arithmetic, not of trust.

A person's lot is ``sha256(seed|person)``; the smallest come first. Whoever has the seed and the list of those who
may be drawn gets the same order with any tool that knows SHA-256. The list's own digest, published with it, shows
that nobody was added or left out afterwards. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def lot(seed: str, person: str) -> str:
    """The lot of a person (their id) as hexadecimal digits; the smallest lot is drawn first."""
    return sha256(f"{seed}|{person}".encode()).hexdigest()


def pool_digest(persons: Iterable[str]) -> str:
    """SHA-256 over the ids of all who may be drawn, in ascending order, one a line."""
    return sha256("\n".join(sorted(persons)).encode()).hexdigest()


def public_seed(matter_no: str, persons: Iterable[str]) -> str:
    """The seed where no witness gives one: it follows from the number and the pool, so nobody can choose it later."""
    return f"{matter_no}:{pool_digest(persons)}"
