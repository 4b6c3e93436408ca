"""Who listens is told once that a matter has ended, and can spoil nothing."""

from __future__ import annotations

from collections.abc import Callable

from engine import instances, user_tasks
from engine.registry import MatterEnded, Registry
from engine.runtime import Engine, Work
from engine.store import tables
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task

Run = Callable[..., int]
BODY = '<bpmn:startEvent id="s"/>' + user_task("t") + '<bpmn:endEvent id="e" name="办结"/>'
BODY += flow("s", "t") + flow("t", "e")


def finish(engine: Engine, key: int) -> None:
    with engine.work(CLERK, PLACE) as work:
        [task] = user_tasks.of_instance(work, key)
        user_tasks.complete(work, task.key, {})


def test_the_end_of_a_matter_is_told_once(engine: Engine, run: Run, registry: Registry) -> None:
    heard: list[MatterEnded] = []
    registry.matter_ended(lambda work, matter: heard.append(matter))
    key = run(BODY)
    assert heard == []
    finish(engine, key)
    with engine.work(CLERK, PLACE) as work:
        work.execution(key)
    assert [(matter.instance_key, matter.started_by, matter.end_event) for matter in heard] == [
        (key, CLERK.id, "办结")
    ]


def test_a_listener_that_fails_undoes_its_own_writes_only(
    engine: Engine, run: Run, registry: Registry
) -> None:
    @registry.matter_ended
    def fails(work: Work, matter: MatterEnded) -> None:
        work.connection.execute(tables.deployment.delete())
        raise RuntimeError("信箱满了")

    key = run(BODY)
    finish(engine, key)
    with engine.look(CLERK, PLACE) as work:
        assert instances.get(work, key).state == "COMPLETED"
        assert work.connection.execute(tables.deployment.select()).first() is not None
