"""The demonstration's reviews: one is over, counted as its sample was; the other asks its reviewers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import instances, rosters, timers, user_tasks
from engine.runtime import Actor, Work
from engine.store import tables
from web import startup, wiring
from web.settings import Settings
from workflows.demo import evaluations, loading
from workflows.demo.player import Player, StoryClock, no_file
from workflows.reviews import store
from workflows.store import metadata

PRESENT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wiring.Product]:
    folder: Path = tmp_path_factory.mktemp("demo")
    clock = StoryClock(PRESENT)
    settings = Settings(database_url=f"sqlite:///{folder / 'demo.db'}", community="jsjy")
    product = wiring.build(settings, clock)
    with product.store.transaction() as connection:
        tables.metadata.create_all(connection)
        metadata.create_all(connection)
        loading.load_organisation(connection)
    clock.moment = PRESENT - timedelta(days=100)  # before any of it began
    startup.deploy(product, startup.models())
    for one in loading.document("reviews")["reviews"]:
        evaluations.play_one(Player(product.engine, clock, "jsjy", one, no_file, PRESENT))
    yield product
    product.store.close()


@pytest.fixture
def work(played: wiring.Product) -> Iterator[Work]:
    with played.engine.look(Actor.system(), "jsjy") as work:
        yield work


def test_the_finished_review_is_counted_like_its_sample(work: Work) -> None:
    (review,) = store.reported(work.connection, "jsjy")
    (row,) = store.results(work.connection, "jsjy", review.matter_no)
    figures = {
        name: row[name] for name in ("entitled", "present", "issued", "returned", "valid", "satisfied")
    }
    assert figures == {
        "entitled": 21,
        "present": 17,
        "issued": 17,
        "returned": 16,
        "valid": 15,
        "satisfied": 13,
    }
    assert (review.period, row["grade"], row["follow_up"]) == ("2026上半年", "称职", "none")


def test_the_running_review_waits_for_those_who_have_not_answered(work: Work) -> None:
    (running,) = (
        one for one in instances.find(work, state="ACTIVE") if one.process_id == evaluations.PROCESS
    )
    (task,) = user_tasks.of_instance(work, running.key)
    assert task.element_id == "evaluator_accept"
    assert rosters.progress(work, task.key) == (30, 17)


def test_nothing_fires_at_load(work: Work) -> None:
    coming = timers.next_due(work.connection)
    assert coming is not None
    assert coming > PRESENT
    assert work.connection.execute(tables.incident.select()).all() == []
