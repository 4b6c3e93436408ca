"""How often one caller may ask: a bucket that fills steadily and may be emptied in one gulp."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from web.api.problems import Problem

PER_SECOND = 200.0
BURST = 1000.0
REMEMBERED = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateLimit:
    """Requests by caller; kept in this process. ``clock`` gives seconds."""

    def __init__(
        self, clock: Callable[[], float], *, per_second: float = PER_SECOND, burst: float = BURST
    ) -> None:
        self._clock = clock
        self._per_second = per_second
        self._burst = burst
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, who: str) -> None:
        """Count one request; :class:`Problem` 429 with ``Retry-After`` when there were too many."""
        now = self._clock()
        with self._lock:
            bucket = self._filled(who, now)
            if bucket.left >= 1:
                bucket.left -= 1
                return
            wait = (1 - bucket.left) / self._per_second
        raise Problem(429, _("请求太频繁，请稍后再试。"), {"Retry-After": str(math.ceil(wait))})

    def _filled(self, who: str, now: float) -> _Bucket:
        if len(self._buckets) >= REMEMBERED and who not in self._buckets:
            self._buckets = {
                name: b for name, b in self._buckets.items() if self._level(b, now) < self._burst
            }
        bucket = self._buckets.setdefault(who, _Bucket(self._burst, now))
        bucket.left, bucket.at = self._level(bucket, now), now
        return bucket

    def _level(self, bucket: _Bucket, now: float) -> float:
        return min(self._burst, bucket.left + max(0.0, now - bucket.at) * self._per_second)
