"""Where polling workers wait: one look at the database for all of them, and only while somebody waits."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """How many jobs of each type can be taken now, and after how many seconds to look again by oneself."""

    found: Mapping[str, int]
    again: float


Look = Callable[[Collection[str]], Seen]


class WaitingRoom:
    """Coroutines that wait for jobs by type; the longest waiting are called first, as many as there are jobs."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._happened = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    async def wait(self, job_type: str, gone: asyncio.Future[None], seconds: float) -> bool:
        """Until a job of this type may be there; ``False`` when ``gone`` came first, or the time was up."""
        self._loop = asyncio.get_running_loop()
        called: asyncio.Future[None] = self._loop.create_future()
        self._waiting.setdefault(job_type, deque()).append(called)
        self._happened.set()  # a job may have come between the question and the waiting
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look_around())
        try:
            await asyncio.wait({called, gone}, timeout=max(0.0, seconds), return_when=asyncio.FIRST_COMPLETED)
            return called.done() and not gone.done()
        finally:
            self._leave(job_type, called)

    def look(self) -> None:
        """Something was done that may have made a job; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._happened.set)

    async def _look_around(self) -> None:
        """Until nobody waits any more."""
        pause = 0.0
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._happened.wait(), pause)
            self._happened.clear()
            seen = await asyncio.to_thread(self._look, list(self._waiting))
            pause = seen.again
            for job_type, number in seen.found.items():
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
