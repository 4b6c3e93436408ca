"""The demo's clock: the machine's, moved ahead as far as the visitor has jumped.

A meeting takes weeks; a visitor has an hour. Only in demo mode may anybody jump to the next deadline.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from engine.clock import SystemClock


class DemoClock:
    """Runs like the machine's clock, some time ahead of it; how far is kept in a file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._machine = SystemClock()
        self._ahead = timedelta(seconds=float(file.read_text("ascii"))) if file.exists() else timedelta(0)

    def now(self) -> datetime:
        return self._machine.now() + self._ahead

    def jump(self, instant: datetime) -> None:
        """Go on from ``instant``; one that has passed changes nothing. Kept before it takes effect."""
        ahead = max(self._ahead, instant - self._machine.now())
        draft = self._file.with_suffix(".new")
        with draft.open("w", encoding="ascii") as file:
            file.write(str(ahead.total_seconds()))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)
        self._ahead = ahead
