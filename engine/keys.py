"""Keys: 63-bit integers that grow with time, unique without asking the database.

41 bits of milliseconds since 2026, 10 bits of node, 12 bits of sequence (the layout known as
snowflake). Written as strings in JSON, since JavaScript cannot hold them.
"""

from __future__ import annotations

import os
import threading
import time

EPOCH_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
NODE_BITS = 10
SEQUENCE_BITS = 12


class KeyGenerator:
    """Hands out keys; safe for threads.

    ``node`` tells processes that share a database apart; by default it is drawn at random.
    """

    def __init__(self, node: int | None = None) -> None:
        self._node = int.from_bytes(os.urandom(2)) % (1 << NODE_BITS) if node is None else node
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """A key greater than every key this generator gave before."""
        with self._lock:
            tick = max((time.time_ns() // 1_000_000 - EPOCH_MS) << SEQUENCE_BITS, self._last + 1)
            self._last = tick
        milliseconds, sequence = tick >> SEQUENCE_BITS, tick & ((1 << SEQUENCE_BITS) - 1)
        return (milliseconds << (NODE_BITS + SEQUENCE_BITS)) | (self._node << SEQUENCE_BITS) | sequence
