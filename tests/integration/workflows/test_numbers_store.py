"""Numbers without gaps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection

from engine.store.database import Store
from workflows.matters.store import next_number


def test_each_community_prefix_and_year_counts_for_itself(connection: Connection) -> None:
    asked = [("jsjy", "YSH", 2026), ("jsjy", "YSH", 2026), ("jsjy", "TZ", 2026), ("ygcs", "YSH", 2026)]
    numbers = [next_number(connection, *one) for one in [*asked, ("jsjy", "YSH", 2027)]]
    assert numbers == ["YSH-2026-0001", "YSH-2026-0002", "TZ-2026-0001", "YSH-2026-0001", "YSH-2027-0001"]


def test_a_transaction_that_fails_leaves_no_gap(store: Store) -> None:
    def fail() -> None:
        with store.transaction() as connection:
            next_number(connection, "jsjy", "YSH", 2026)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.transaction() as connection:
        assert next_number(connection, "jsjy", "YSH", 2026) == "YSH-2026-0001"


def test_many_at_once_get_different_numbers_without_a_gap(store: Store) -> None:
    def take(_: int) -> str:
        with store.transaction() as connection:
            return next_number(connection, "jsjy", "YSH", 2026)

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(pool.map(take, range(20)))
    assert numbers == [f"YSH-2026-{n:04d}" for n in range(1, 21)]
