"""The way of a receipt code from the ballot box to the page that shows it once, past everything that is stored."""

from __future__ import annotations

from contextvars import ContextVar

_handed_over: ContextVar[str | None] = ContextVar("receipt", default=None)

GROUP = 4


def hand_over(receipt: str) -> None:
    """Given to the ballot box: keep the code for the request that is being answered."""
    _handed_over.set(receipt)


def take() -> str | None:
    """The code of this request's vote in groups of four, once; None when nobody voted."""
    receipt = _handed_over.get()
    _handed_over.set(None)
    if receipt is None:
        return None
    return "-".join(receipt[start : start + GROUP] for start in range(0, len(receipt), GROUP))
