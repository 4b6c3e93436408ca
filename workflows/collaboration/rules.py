"""How often one may urge, how much one may say. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

URGE_PAUSE = timedelta(hours=24)
"""A task is urged once a day at most, whoever does it: a reminder that comes too often is not read (product setting)."""


COMMENT_LENGTH = 1000
"""Characters of one comment at most."""


def urge_again_at(last: datetime | None, now: datetime) -> datetime | None:
    """From when on a task may be urged again; ``None`` when that is now."""
    if last is None or now - last >= URGE_PAUSE:
        return None
    return last + URGE_PAUSE
