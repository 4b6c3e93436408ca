"""The only clock of the engine.

Everything that asks for the time asks a :class:`Clock`; specifications and tests put a
:class:`VirtualClock` in its place and move it by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present as an aware ``datetime`` in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class PinnableClock:
    """The machine's clock, which tests from outside may stop at an instant and let go again."""

    def __init__(self) -> None:
        self._machine = SystemClock()
        self._pinned: datetime | None = None

    def now(self) -> datetime:
        return self._pinned or self._machine.now()

    def pin(self, instant: datetime) -> None:
        """Stand still at ``instant``."""
        self._pinned = _aware(instant)

    def reset(self) -> None:
        """Run with the machine again."""
        self._pinned = None


class VirtualClock:
    """A clock that stands still until it is moved. It can only be moved forward."""

    def __init__(self, start: datetime) -> None:
        self._now = _aware(start)

    def now(self) -> datetime:
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to ``instant``; ``ValueError`` when it lies in the past of this clock."""
        instant = _aware(instant)
        if instant < self._now:
            raise ValueError(f"clock cannot run backwards: {instant} < {self._now}")
        self._now = instant

    def advance(self, step: timedelta) -> None:
        """Move forward by ``step``."""
        self.set(self._now + step)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError(f"instant without a time zone: {instant}")
    return instant.astimezone(UTC)
