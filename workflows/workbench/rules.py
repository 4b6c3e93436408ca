"""Pure decisions of the workbench: how long a bin keeps, who may decide, what a request must say."""

from __future__ import annotations

from datetime import datetime, timedelta

RETENTION = timedelta(days=30)
"""How long a draft can be taken out of the bin again."""

PRESENT = timedelta(seconds=45)
"""How long after the last sign of life somebody counts as working on a draft; pages give one every 15 seconds."""

NAME_LENGTH = 80
REASON_LENGTH = 2000


def is_recoverable(retired_at: datetime, now: datetime) -> bool:
    return now - retired_at <= RETENTION


def is_present(seen_at: datetime, now: datetime) -> bool:
    return now - seen_at <= PRESENT


def may_decide(requested_by: str, person: str) -> bool:
    """Two pairs of eyes: whoever asks for a publication does not decide on it."""
    return requested_by != person


def wanting(text: str, what: str, longest: int) -> str | None:
    """What is wrong with a text that must be given, as a sentence; ``None`` when it will do."""
    if not text.strip():
        return f"请填写{what}。"
    if len(text) > longest:
        return f"{what}请不要超过 {longest} 个字。"
    return None
