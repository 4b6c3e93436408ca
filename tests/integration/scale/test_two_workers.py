"""Two worker processes on one PostgreSQL share what has come due; each timer fires once, none early."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from engine import instances
from engine.deployments import Resource, deploy
from engine.runtime import Actor
from engine.store import tables
from tests.integration.engine.builders import flow, process
from tests.integration.engine.play import END, START, timer
from web import startup
from web.settings import Settings
from web.wiring import Product, build

TIMERS = int(os.environ.get("SCALE_TIMERS", "120"))
PATIENCE = 60  # seconds; far more than it takes
WORKERS = ("worker-1", "worker-2")
SMALLEST_SHARE = 0.4

MODEL = process(
    START
    + f'<bpmn:intermediateCatchEvent id="w" name="等到时">{timer("timeDate", "=due")}</bpmn:intermediateCatchEvent>'
    + END
    + flow("s", "w")
    + flow("w", "e"),
    inputs=["due"],
)

# PostgreSQL itself says which process fired what: each connection bears its process's name.
WITNESS = """
CREATE FUNCTION tell_who_fired() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('fired', current_setting('application_name') || ' ' || NEW.instance_key);
  RETURN NULL;
END $$;
CREATE TRIGGER tell_who_fired AFTER INSERT ON history_event
  FOR EACH ROW WHEN (NEW.kind = 'TIMER_FIRED') EXECUTE FUNCTION tell_who_fired();
"""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_directory=tmp_path, demo=False)


@pytest.fixture
def product(settings: Settings) -> Iterator[Product]:
    startup.prepare(settings, lambda line: None).store.close()
    built = build(settings)
    with built.engine.work(Actor.system(), settings.community) as work:
        deploy(work, [Resource("p.bpmn", MODEL)])
    yield built
    built.store.close()


@contextmanager
def at_work(settings: Settings, names: Iterable[str]) -> Iterator[None]:
    """``yishi worker`` so many times, once each says that it is at work; they end when they are asked to."""
    environment = os.environ | settings.to_environment()
    command = [sys.executable, "-m", "web.cli", "worker"]
    running = [
        subprocess.Popen(command, env=environment | {"PGAPPNAME": name}, stdout=subprocess.PIPE, text=True)
        for name in names
    ]
    try:
        for each in running:
            assert each.stdout is not None
            assert any("后台进程已启动" in line for line in iter(each.stdout.readline, ""))
        yield
    finally:
        for each in running:
            each.terminate()
        statuses = [each.wait(PATIENCE) for each in running]
        for each in running:
            assert each.stdout is not None
            each.stdout.close()
    assert statuses == [0] * len(running)


def plan(product: Product, count: int, due: datetime) -> set[int]:
    """So many matters, each with a timer for the same instant."""
    with product.engine.work(Actor.system(), product.settings.community) as work:
        return {instances.start(work, "p", {"due": due.isoformat()}) for _ in range(count)}


def left_over(product: Product) -> int:
    with product.store.snapshot() as connection:
        return connection.execute(select(func.count()).select_from(tables.timer)).scalar_one()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_both_are_busy_and_each_timer_fires_once(product: Product, settings: Settings) -> None:
    with psycopg.connect(settings.database_url, autocommit=True) as witness, at_work(settings, WORKERS):
        witness.execute(WITNESS)
        witness.execute("LISTEN fired")
        due = datetime.now(UTC) + timedelta(seconds=2)
        matters = plan(product, TIMERS, due)
        told = [note.payload.split() for note in witness.notifies(timeout=PATIENCE, stop_after=TIMERS)]
    assert sorted(int(key) for _, key in told) == sorted(matters)
    shares = Counter(name for name, _ in told)
    assert set(shares) == set(WORKERS)
    assert min(shares.values()) >= SMALLEST_SHARE * TIMERS, shares
    assert left_over(product) == 0
    with product.store.snapshot() as connection:
        past = tables.history
        fired = select(func.count(), func.min(past.c.at)).where(past.c.kind == "TIMER_FIRED")
        count, earliest = connection.execute(fired).one()
        ended = (
            select(func.count()).select_from(tables.instance).where(tables.instance.c.state == "COMPLETED")
        )
        assert (count, connection.execute(ended).scalar_one()) == (TIMERS, TIMERS)
        assert earliest >= due
