"""Stages many scenarios start from, walked once and then copied.

What a stage leaves behind depends on nothing but the stage before it, the body, the hour and its own arguments.
So the database at its end is kept as a file, and the next scenario that takes the same way gets the copy.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.store.database import Store
    from features.council import Council

START: Hashable = "start"


@dataclass(frozen=True, slots=True)
class _Kept:
    copy: Path
    hour: datetime
    matter: int


class Stages:
    """The kept copies of one session. ``database`` is the file the product works on."""

    def __init__(self, store: Store, database: Path) -> None:
        self._store = store
        self._database = database
        self._kept: dict[Hashable, _Kept] = {}

    def keep(self, stage: Hashable, council: Council) -> None:
        """Keep the present under that name."""
        self._store.close()
        copy = self._database.with_name(f"stage-{len(self._kept)}.db")
        shutil.copy(self._database, copy)
        self._kept[stage] = _Kept(copy, council.clock.now(), council.matter)

    def restore(self, stage: Hashable, council: Council) -> bool:
        """Make that stage the present; whether it was kept."""
        kept = self._kept.get(stage)
        if kept is None:
            return False
        self._store.close()  # with its last connection SQLite writes its log into the file
        shutil.copy(kept.copy, self._database)
        council.clock.set(kept.hour)
        council.matter = kept.matter
        return True


def stage(walk: Callable[..., None]) -> Callable[..., None]:
    """A verb of the council that many scenarios begin with: it is walked only when nobody has been there before."""

    @functools.wraps(walk)
    def reach(council: Council, *args: Any, **more: Any) -> None:
        if council.reached is None:  # something of its own has happened in this scenario
            walk(council, *args, **more)
            return
        key = (
            council.reached,
            council.body,
            council.clock.now(),
            walk.__name__,
            args,
            tuple(sorted(more.items())),
        )
        if not council.stages.restore(key, council):
            walk(council, *args, **more)
            council.stages.keep(key, council)
        council.reached = key

    return reach
