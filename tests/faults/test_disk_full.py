"""A full disk: a sentence, nothing acknowledged lost, and on with the work as soon as there is room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from engine import history, instances
from engine.runtime import Engine
from engine.store.database import Store
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task
from tests.integration.engine.play import END, START
from tests.integration.web.conftest import browse, clock, prepared, product  # noqa: F401
from web.wiring import Product

Run = Callable[..., int]


class Disk:
    """Lets SQLite have so many pages and no more: it fails with the error of a full disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pages = 1 << 30
        event.listen(store.database, "checkout", self._limit)

    def _limit(self, connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self._pages}")

    def fill(self, left: int) -> None:
        """Only so many pages are left."""
        with self._store.snapshot() as connection:
            self._pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + left

    def clear(self) -> None:
        self._pages = 1 << 30


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_acknowledged_before_the_disk_was_full_stays(engine: Engine, run: Run) -> None:
    body = START + user_task("t") + END + flow("s", "t") + flow("t", "e")
    acknowledged = [run(body)]
    disk = Disk(engine.store)
    disk.fill(left=6)

    def begin() -> int:
        return engine.do(CLERK, PLACE, lambda work: instances.start(work, "p", {"text": "字" * 3000}))

    def begin_until_full() -> None:
        while len(acknowledged) < 100:
            acknowledged.append(begin())

    with pytest.raises(DBAPIError, match="full"):
        begin_until_full()
    assert 1 < len(acknowledged) < 100
    with engine.look(CLERK, PLACE) as work:
        found = instances.find(work, limit=200)
        assert sorted(one.key for one in found) == sorted(acknowledged)
        assert all(history.verify(work, one.key).intact for one in found)
    disk.clear()
    acknowledged.append(begin())


def test_a_member_is_told_and_succeeds_once_there_is_room(product: Product, browse: Any) -> None:  # noqa: F811
    browser = browse("resident")
    browser.get("/matters/new")
    disk = Disk(product.store)
    disk.fill(left=0)
    for _ in range(20):  # there may be room within the last pages
        browser.post("/matters/new/deliberation_meeting")
        if browser.status != 200:
            break
    assert browser.status == 503
    assert "没有得到确认" in browser.text
    browser.get("/matters/new")
    assert browser.status == 200
    disk.clear()
    browser.post("/matters/new/deliberation_meeting")
    assert browser.status == 200
