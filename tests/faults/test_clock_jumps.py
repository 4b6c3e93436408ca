"""A clock that is set forward and back: every timer fires once, none before its time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from engine import history, instances, worker
from engine.deployments import Resource, deploy
from engine.runtime import Engine
from engine.store import tables
from tests.faults.seed import SEED, many
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process
from tests.integration.engine.conftest import START as MONDAY
from tests.integration.engine.play import END, START, leftovers, timer

Run = Callable[..., int]
ROUNDS = many(2, 250)  # on each kind of database
TIMERS, JUMPS = 12, 15
JUMP = [timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=365)]


class Wristwatch:
    """A clock somebody sets as they like."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        return self.instant


def fired(engine: Engine) -> list[tuple[datetime, datetime]]:
    """When each timer was due, and when it fired."""
    past = tables.history
    with engine.look(CLERK, PLACE) as work:
        rows = work.connection.execute(select(past.c.data, past.c.at).where(past.c.kind == "TIMER_FIRED"))
        return [(datetime.fromisoformat(history.values.load(row.data)["due_at"]), row.at) for row in rows]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_each_timer_fires_once_and_none_early_however_the_clock_jumps(engine: Engine, round_: int) -> None:
    chance = random.Random(SEED + round_)
    watch = Wristwatch(MONDAY)
    engine.clock = watch
    body = START + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDate", "=due")}'
    body += "</bpmn:intermediateCatchEvent>" + END + flow("s", "w") + flow("w", "e")
    dues = [MONDAY + chance.choice(JUMP) * chance.uniform(0, 2) for _ in range(TIMERS)]
    with engine.work(CLERK, PLACE) as work:
        deploy(work, [Resource("p.bpmn", process(body, inputs=["due"])), Resource("any.form", ANY_FORM)])
    with engine.work(CLERK, PLACE) as work:
        for due in dues:
            instances.start(work, "p", {"due": due.isoformat()})
    for _ in range(JUMPS):
        watch.instant += chance.choice(JUMP) * chance.uniform(-1, 1)
        worker.run_due(engine)
    watch.instant = datetime(2035, 1, 1, tzinfo=UTC)
    worker.run_due(engine)
    found = fired(engine)
    assert sorted(due for due, _ in found) == sorted(dues)
    assert all(due <= at for due, at in found)
    assert leftovers(engine) == {}
