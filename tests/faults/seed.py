"""How much chance, and which: ``make faults`` asks for the long forms, ``FAULT_SEED`` repeats a run."""

from __future__ import annotations

import os

SEED = int(os.environ.get("FAULT_SEED", "20261122"))
LONG = os.environ.get("FAULTS", "") == "long"


def many(short: int, long: int) -> int:
    """So often in the tests of every day, so often by ``make faults``."""
    return long if LONG else short
