"""Conflicts between transactions that a machine can settle: the database chose one to give way, which starts again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")

SQLSTATES = ("40P01", "40001", "23505")
"""PostgreSQL's deadlock and serialisation failures, and a row that another has written a moment before: done again,
the transaction finds it. SQLite has one writer and none of them.
"""

TRIES = 5


def is_conflict(failure: BaseException) -> bool:
    """Whether the same transaction may succeed when it is simply done again."""
    return isinstance(failure, DBAPIError) and getattr(failure.orig, "sqlstate", None) in SQLSTATES


def settled(transaction: Callable[[], T]) -> T:
    """Do a whole transaction, again if it had to give way: the other one holds the locks and goes first."""
    for _ in range(TRIES - 1):
        try:
            return transaction()
        except DBAPIError as failure:
            if not is_conflict(failure):
                raise
    return transaction()
