"""Which database is under the engine."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from engine.store import sqlite
from engine.store.database import Store


@pytest.mark.skipif(
    importlib.util.find_spec("pysqlite3") is None,
    reason="nobody offers a ready-made SQLite for this platform",
)
def test_sqlite_is_new_enough_for_a_log_shared_by_several_connections(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'yishi.db'}")
    with store.snapshot() as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    store.close()
    assert tuple(map(int, version.split("."))) >= sqlite.SAFE


def test_what_was_acknowledged_on_sqlite_is_on_the_disk(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'yishi.db'}")
    with store.snapshot() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL
    store.close()
