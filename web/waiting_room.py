"""Where polling workers wait: one look at the database for all of them, and only while somebody waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

PAUSE = 0.5
"""Seconds between two looks when nothing happened in this process; other processes may have made a job."""

Count = Callable[[Collection[str]], Mapping[str, int]]
"""How many jobs of these types can be taken now."""


class WaitingRoom:
    """Coroutines that wait for jobs by type; the longest waiting are called first, as many as there are jobs."""

    def __init__(self, count: Count, *, pause: float = PAUSE) -> None:
        self._count = count
        self._pause = pause
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._happened = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def wait(self, job_type: str, gone: asyncio.Future[None], seconds: float) -> bool:
        """Until a job of this type may be there; ``False`` when ``gone`` came first, or the time was up."""
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(job_type, deque()).append(called)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look_around())
        try:
            await asyncio.wait({called, gone}, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
            return called.done() and not gone.done()
        finally:
            self._leave(job_type, called)

    def look(self) -> None:
        """Something was done in this process that may have made a job."""
        self._happened.set()

    async def _look_around(self) -> None:
        """Until nobody waits any more."""
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._happened.wait(), self._pause)
            self._happened.clear()
            found = await asyncio.to_thread(self._count, list(self._waiting))
            for job_type, number in found.items():
                self._call(job_type, number)

    def _call(self, job_type: str, number: int) -> None:
        for called in list(self._waiting.get(job_type, ()))[:number]:
            if not called.done():
                called.set_result(None)

    def _leave(self, job_type: str, called: asyncio.Future[None]) -> None:
        queue = self._waiting[job_type]
        queue.remove(called)
        if not queue:
            del self._waiting[job_type]
