"""The nouns of signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Account:
    """A person's way in. Without a ``password_hash`` nobody can sign in with a password."""

    person: str
    username: str
    password_hash: str | None = None
    disabled: bool = False
    failed_attempts: int = 0
    locked_until: datetime | None = None
