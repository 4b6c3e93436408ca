"""Processes that start by themselves at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine import instances, timers, worker
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.errors import DeploymentRefused
from engine.registry import Registry
from engine.runtime import Actor, Engine
from engine.store.database import Store
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task
from tests.integration.engine.conformance import runs
from tests.integration.engine.conftest import AnyForm, Numbers, Roles
from tests.integration.engine.play import END, timer

PLACES = [PLACE, "nanyuan"]
HALF_YEARLY = "R/2026-06-20T09:00:00+08:00/P6M"


@pytest.fixture
def engine(store: Store, clock: VirtualClock, registry: Registry) -> Engine:
    def communities(work: Any) -> Sequence[str]:
        return PLACES

    ports = {"groups": Roles(), "forms": AnyForm(), "numbering": Numbers(), "communities": communities}
    return Engine(store, registry=registry, clock=clock, **ports)


def starting(kind: str, text: str, task: str = "t") -> bytes:
    body = f'<bpmn:startEvent id="s">{timer(kind, text)}</bpmn:startEvent>' + user_task(task) + END
    return process(body + flow("s", task) + flow(task, "e"))


def provide(engine: Engine, content: bytes) -> None:
    with engine.work(CLERK, PLACE) as work:
        deploy(work, [Resource("p.bpmn", content), Resource("any.form", ANY_FORM)])


def started(engine: Engine, place: str = PLACE) -> list[dict[str, Any]]:
    """The variables of the matters of a community, oldest first."""
    with engine.look(Actor.system(), place) as work:
        found = sorted(instances.find(work), key=lambda one: one.key)
        return [instances.variables(work, one.key) for one in found]


def at(clock: VirtualClock, engine: Engine, *when: int) -> None:
    """Let it be 09:00 in Shanghai on that day, and the worker do its round."""
    clock.set(datetime(*when, 1, tzinfo=UTC))
    worker.run_due(engine)


@runs("startEvent timer")
def test_a_cycle_starts_one_matter_in_each_community_at_each_date(
    engine: Engine, clock: VirtualClock
) -> None:
    provide(engine, starting("timeCycle", HALF_YEARLY))
    at(clock, engine, 2026, 12, 19)
    assert started(engine) == []
    at(clock, engine, 2026, 12, 20)
    worker.run_due(engine)
    assert [len(started(engine, place)) for place in PLACES] == [1, 1]
    at(clock, engine, 2027, 6, 20)
    dates = [one["scheduled_at"][:10] for one in started(engine)]
    assert dates == ["2026-12-20", "2027-06-20"]


def test_a_start_is_neither_early_nor_late(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeDate", "2026-12-20T09:00:00+08:00"))
    clock.set(datetime(2026, 12, 20, 1, tzinfo=UTC) - timedelta(seconds=1))
    assert worker.run_due(engine) == 0
    clock.advance(timedelta(seconds=1))
    assert worker.run_due(engine) == len(PLACES)
    assert started(engine)[0]["community_id"] == PLACE
    with engine.look(CLERK, PLACE) as work:
        assert timers.next_due(work.connection) is None


def test_a_month_without_a_31st_does_not_move_the_date(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", "R/2026-12-31T09:00:00+08:00/P1M"))
    for day in ((2026, 12, 31), (2027, 1, 31), (2027, 2, 28), (2027, 3, 31)):
        at(clock, engine, *day)
    dates = [one["scheduled_at"][:10] for one in started(engine)]
    assert dates == ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]


def test_after_a_year_asleep_an_endless_cycle_starts_once(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", "R/2026-12-05T09:00:00+08:00/P1M"))
    at(clock, engine, 2027, 12, 10)
    assert len(started(engine)) == 1
    at(clock, engine, 2028, 1, 5)
    assert len(started(engine)) == 2


def test_a_counted_cycle_catches_up_and_ends(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", "R3/2026-12-05T09:00:00+08:00/P1M"))
    at(clock, engine, 2027, 12, 10)
    assert len(started(engine)) == 3
    at(clock, engine, 2028, 12, 10)
    assert len(started(engine)) == 3


def test_dates_before_the_deployment_start_nothing(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeDate", "2026-06-20T09:00:00+08:00"))
    assert worker.run_due(engine) == 0


def test_only_the_newest_version_starts(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", HALF_YEARLY))
    provide(engine, starting("timeCycle", "R/2026-12-21T09:00:00+08:00/P6M", task="u"))
    at(clock, engine, 2026, 12, 20)
    assert started(engine) == []
    at(clock, engine, 2026, 12, 21)
    assert len(started(engine)) == 1


def test_a_version_without_a_timer_ends_the_plan(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", HALF_YEARLY))
    body = '<bpmn:startEvent id="s"/>' + user_task("t") + END + flow("s", "t") + flow("t", "e")
    provide(engine, process(body))
    at(clock, engine, 2026, 12, 20)
    assert started(engine) == []


def test_a_start_that_is_owed_survives_a_new_version(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", HALF_YEARLY))
    clock.set(datetime(2026, 12, 21, tzinfo=UTC))
    provide(engine, starting("timeCycle", HALF_YEARLY, task="u"))
    worker.run_due(engine)
    assert [one["scheduled_at"][:10] for one in started(engine)] == ["2026-12-20"]


def test_a_community_that_joins_later_is_planned_too(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", HALF_YEARLY))
    with engine.work(CLERK, PLACE) as work:
        timers.plan_community(work, "beiyuan")
    at(clock, engine, 2026, 12, 20)
    assert len(started(engine, "beiyuan")) == 1


def test_the_time_may_depend_on_the_community(engine: Engine, clock: VirtualClock) -> None:
    text = '=if community_id = "jsjy" then "2026-12-20T09:00:00+08:00" else "2026-12-25T09:00:00+08:00"'
    provide(engine, starting("timeDate", text.replace('"', "&quot;")))
    at(clock, engine, 2026, 12, 20)
    assert [len(started(engine, place)) for place in PLACES] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("timeCycle", "R/六月", "不是重复定时"),
        ("timeCycle", "R/PT0S", "太短"),
        ("timeDate", "六月二十日", "不是时间"),
        ("timeDate", "=meeting_at", "定时开始时还没有流程变量"),
        ("timeDate", "=&quot;六月&quot;", "不是时间"),
        ("timeCycle", "R2/2020-06-20T09:00:00/P6M", "已经过去"),
    ],
)
def test_a_time_that_cannot_be_read_is_refused_at_deployment(
    engine: Engine, kind: str, text: str, sentence: str
) -> None:
    with pytest.raises(DeploymentRefused, match=sentence):
        provide(engine, starting(kind, text))


def test_one_community_may_be_served_alone(engine: Engine, clock: VirtualClock) -> None:
    provide(engine, starting("timeCycle", HALF_YEARLY))
    clock.set(datetime(2026, 12, 20, 1, tzinfo=UTC))
    assert worker.run_due(engine, "nanyuan") == 1
    assert [len(started(engine, place)) for place in PLACES] == [0, 1]
