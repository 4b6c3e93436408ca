"""What administrators do with running matters: let them rest, stop them, preview a change, try a migration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import (
    deployments,
    external_jobs,
    history,
    instances,
    messages,
    migration,
    modification,
    suspension,
    user_tasks,
    worker,
)
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.errors import NotAllowed, NotFound, Refusal, WrongState
from engine.modification import Begin, End, Move
from engine.registry import JobContext, Registry
from engine.runtime import Engine
from engine.store import tables
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, flow, process, user_task
from tests.integration.engine.play import (
    END,
    MESSAGE,
    START,
    complete,
    leftovers,
    number,
    open_incidents,
    open_tasks,
    publish,
    service,
    state,
    task_key,
    timer,
)

Run = Callable[..., int]
DUE = '<zeebe:assignmentDefinition candidateGroups="clerk"/><zeebe:taskSchedule dueDate="=due"/>'
LINE = START + user_task("a") + user_task("b") + END + flow("s", "a") + flow("a", "b") + flow("b", "e")
WAITING = (
    START
    + f'<bpmn:intermediateCatchEvent id="w">{timer("timeDuration", "P2D")}</bpmn:intermediateCatchEvent>'
    + END
    + flow("s", "w")
    + flow("w", "e")
)


def suspend(engine: Engine, key: int, reason: str = "等街道答复") -> None:
    with engine.work(CLERK, PLACE) as work:
        suspension.suspend(work, key, reason)


def resume(engine: Engine, key: int) -> None:
    with engine.work(CLERK, PLACE) as work:
        suspension.resume(work, key)


def told(engine: Engine, key: int, kind: str) -> dict[str, object]:
    with engine.look(CLERK, PLACE) as work:
        [event] = [one for one in history.timeline(work, key) if one.kind == kind]
        assert history.verify(work, key).intact
        return event.data


# -- rest --------------------------------------------------------------------------------------------


def test_a_timer_rests_with_its_matter_and_keeps_the_time_it_had_left(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    key = run(WAITING)
    clock.advance(timedelta(days=1))
    suspend(engine, key)
    clock.advance(timedelta(days=30))
    assert worker.run_due(engine) == 0
    resume(engine, key)
    clock.advance(timedelta(hours=23))
    assert worker.run_due(engine) == 0
    clock.advance(timedelta(hours=1))
    assert worker.run_due(engine) == 1
    assert state(engine, key) == "COMPLETED"
    assert told(engine, key, "INSTANCE_SUSPENDED") == {"reason": "等街道答复"}
    assert told(engine, key, "INSTANCE_RESUMED") == {"seconds": 30 * 86400}


def test_a_timer_claimed_just_before_does_not_fire(engine: Engine, run: Run, clock: VirtualClock) -> None:
    key = run(WAITING)
    with engine.look(CLERK, PLACE) as work:
        timer_key = work.connection.execute(tables.timer.select()).one().key
    clock.advance(timedelta(days=2))
    suspend(engine, key)
    act = worker.ACTS[tables.timer]
    assert engine.do(CLERK, PLACE, lambda work: act(work, [{"key": timer_key}])) == [False]
    assert state(engine, key) == "ACTIVE"


def test_tasks_of_a_resting_matter_refuse_and_get_their_time_back(
    engine: Engine, run: Run, clock: VirtualClock
) -> None:
    body = START + user_task("t", DUE) + END + flow("s", "t") + flow("t", "e")
    key = run(body, {"due": (clock.now() + timedelta(days=3)).isoformat()})
    suspend(engine, key)
    with pytest.raises(WrongState, match="已暂停办理"):
        complete(engine, "t")
    clock.advance(timedelta(days=10))
    resume(engine, key)
    with engine.look(CLERK, PLACE) as work:
        [task] = user_tasks.of_instance(work, key)
        assert task.due_at == clock.now() + timedelta(days=3)
    complete(engine, "t")
    assert state(engine, key) == "COMPLETED"


def test_a_message_waits_until_the_matter_goes_on(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:receiveTask id="r" messageRef="m"/>' + END + flow("s", "r") + flow("r", "e")
    key = run(body, extra=MESSAGE)
    own = number(engine, key)
    suspend(engine, key)
    assert publish(engine, "msg", own) == 0
    assert state(engine, key) == "ACTIVE"
    resume(engine, key)
    assert state(engine, key) == "COMPLETED"


def test_a_signal_for_everybody_leaves_a_resting_matter_alone(engine: Engine, run: Run) -> None:
    body = START + '<bpmn:intermediateCatchEvent id="c"><bpmn:signalEventDefinition signalRef="sig"/>'
    body += "</bpmn:intermediateCatchEvent>" + END + flow("s", "c") + flow("c", "e")
    signal = '<bpmn:signal id="sig" name="停电"/>'
    resting, awake = (run(body, process_id=name, extra=signal) for name in ("p1", "p2"))
    suspend(engine, resting)
    with engine.work(CLERK, PLACE) as work:
        assert messages.broadcast(work, "停电", {}) == 1
    assert (state(engine, resting), state(engine, awake)) == ("ACTIVE", "COMPLETED")


def test_jobs_of_a_resting_matter_are_given_to_no_program(engine: Engine, run: Run) -> None:
    headers = '<zeebe:taskHeaders><zeebe:header key="gov.worker" value="external"/></zeebe:taskHeaders>'
    outside = service("w").replace("</bpmn:extensionElements>", headers + "</bpmn:extensionElements>")
    key = run(START + outside + END + flow("s", "w") + flow("w", "e"))
    suspend(engine, key)
    wish = external_jobs.Wish("work", "printer", timedelta(minutes=1), 5)
    with engine.work(CLERK, PLACE) as work:
        assert external_jobs.activate(work, wish) == []
        assert external_jobs.waiting(work.connection, PLACE, work.now, ["work"]) == {}
    resume(engine, key)
    with engine.work(CLERK, PLACE) as work:
        [job] = external_jobs.activate(work, wish)
    suspend(engine, key)
    with pytest.raises(WrongState), engine.work(CLERK, PLACE) as work:
        external_jobs.complete(work, job.key, {})


def test_a_planned_try_waits_too(engine: Engine, run: Run, registry: Registry, clock: VirtualClock) -> None:
    tries: list[int] = []

    @registry.service_task("work")
    def work(job: JobContext) -> None:
        tries.append(1)
        raise RuntimeError("打印机没有纸")

    key = run(START + service("w") + END + flow("s", "w") + flow("w", "e"))
    suspend(engine, key)
    clock.advance(timedelta(hours=1))
    assert (worker.run_due(engine), len(tries)) == (0, 1)
    resume(engine, key)
    clock.advance(timedelta(seconds=10))
    assert (worker.run_due(engine), len(tries)) == (1, 2)


def calling(engine: Engine, run: Run) -> tuple[int, int]:
    """A matter, and the one it has called."""
    with engine.work(CLERK, PLACE) as work:
        deploy(work, [Resource("c.bpmn", process(LINE, process_id="c")), Resource("any.form", ANY_FORM)])
    call = '<bpmn:callActivity id="call"><bpmn:extensionElements><zeebe:calledElement processId="c"/>'
    call += "</bpmn:extensionElements></bpmn:callActivity>"
    key = run(START + call + END + flow("s", "call") + flow("call", "e"))
    with engine.look(CLERK, PLACE) as work:
        [called] = [one.key for one in instances.find(work) if one.process_id == "c"]
    return key, called


def test_what_a_matter_has_called_rests_with_it(engine: Engine, run: Run) -> None:
    key, called = calling(engine, run)
    suspend(engine, key)
    with pytest.raises(WrongState):
        complete(engine, "a")
    with pytest.raises(NotAllowed):
        resume(engine, called)
    resume(engine, key)
    complete(engine, "a")
    complete(engine, "b")
    assert [state(engine, one) for one in (key, called)] == ["COMPLETED", "COMPLETED"]


def test_resting_twice_or_after_the_end_is_refused(engine: Engine, run: Run) -> None:
    key = run(LINE)
    with pytest.raises(WrongState, match="没有暂停"):
        resume(engine, key)
    suspend(engine, key)
    with pytest.raises(WrongState, match="已暂停"):
        suspend(engine, key)
    with engine.work(CLERK, PLACE) as work:
        instances.cancel(work, key)
    with pytest.raises(WrongState, match="已经结束"):
        suspend(engine, key)
    assert leftovers(engine) == {}


# -- stopping ----------------------------------------------------------------------------------------


def test_the_history_keeps_why_a_matter_was_stopped(engine: Engine, run: Run) -> None:
    key = run(LINE)
    with engine.work(CLERK, PLACE) as work:
        instances.cancel(work, key, "重复立项")
    assert told(engine, key, "INSTANCE_TERMINATED") == {"reason": "重复立项"}


# -- preview -----------------------------------------------------------------------------------------


def test_a_preview_tells_what_would_happen_and_does_nothing(engine: Engine, run: Run) -> None:
    key = run(LINE)
    task = task_key(engine, "a")
    with engine.work(CLERK, PLACE) as work:
        outlook = modification.preview(
            work, key, begin=[], move=[Move(End(element_id="a"), Begin("b"))], end=[]
        )
    assert (outlook.before, outlook.after) == (["a"], ["b"])
    assert (outlook.opened, outlook.withdrawn, outlook.state) == (["b"], ["a"], "ACTIVE")
    assert (open_tasks(engine, key), task_key(engine, "a")) == (["a"], task)
    with engine.look(CLERK, PLACE) as work:
        assert "INSTANCE_MODIFIED" not in [one.kind for one in history.timeline(work, key)]
        assert history.verify(work, key).intact
    complete(engine, "a")
    assert open_tasks(engine, key) == ["b"]


def test_a_preview_tells_that_the_matter_would_end_or_get_stuck(engine: Engine, run: Run) -> None:
    stuck = user_task("u", '<zeebe:assignmentDefinition assignee="=1 / 0"/>')
    key = run(START + user_task("a") + stuck + END + flow("s", "a") + flow("a", "u") + flow("u", "e"))
    with engine.work(CLERK, PLACE) as work:
        ended = modification.preview(work, key, begin=[], move=[], end=[End(element_id="a")])
        moved = modification.preview(
            work, key, begin=[], move=[Move(End(element_id="a"), Begin("u"))], end=[]
        )
        with pytest.raises(NotFound):
            modification.preview(work, key, begin=[], move=[], end=[End(element_id="u")])
    assert (ended.state, ended.after, ended.withdrawn, ended.incidents) == ("TERMINATED", [], ["a"], [])
    assert len(moved.incidents) == 1
    assert (state(engine, key), open_incidents(engine), open_tasks(engine, key)) == ("ACTIVE", [], ["a"])


def test_what_a_preview_sets_in_motion_is_taken_back_too(
    engine: Engine, run: Run, registry: Registry
) -> None:
    registry.service_task("work")(lambda job: None)
    body = START + user_task("a") + service("w") + user_task("b") + END
    key = run(body + flow("s", "a") + flow("a", "w") + flow("w", "b") + flow("b", "e"))
    with engine.work(CLERK, PLACE) as work:
        outlook = modification.preview(work, key, begin=[Begin("w")], move=[], end=[])
    assert (outlook.after, outlook.opened, outlook.incidents) == (["a", "b"], ["b"], [])
    assert open_tasks(engine, key) == ["a"]


# -- migration ---------------------------------------------------------------------------------------


def versions(engine: Engine, *bodies: str) -> list[int]:
    keys = []
    for body in bodies:
        with engine.work(CLERK, PLACE) as work:
            deploy(work, [Resource("m.bpmn", process(body, process_id="m")), Resource("any.form", ANY_FORM)])
            [latest] = [one for one in deployments.definitions(work) if one.latest and one.process_id == "m"]
            keys.append(latest.key)
    return keys


def begin(engine: Engine, version: int) -> int:
    with engine.work(CLERK, PLACE) as work:
        return instances.start(work, "m", {}, version=version)


RENAMED = START + user_task("a") + user_task("c") + END + flow("s", "a") + flow("a", "c") + flow("c", "e")


def test_a_dry_run_names_every_matter_and_what_keeps_it_back(engine: Engine) -> None:
    old, new = versions(engine, LINE, RENAMED)
    first, second = begin(engine, 1), begin(engine, 1)
    begin(engine, 2)
    with engine.work(CLERK, PLACE) as work:
        [task] = user_tasks.of_instance(work, second)
        user_tasks.complete(work, task.key, {})
    with engine.look(CLERK, PLACE) as work:
        found = migration.dry_run(work, old, new)
        assert [(one.key, bool(one.problems)) for one in found] == [(first, False), (second, True)]
        assert "“b”" in found[1].problems[0]
        assert found[0].matter_no == instances.get(work, first).matter_no
        told = migration.dry_run(work, old, new, {"a": "a", "b": "c"})
        assert [one.problems for one in told] == [[], []]
    with engine.look(CLERK, PLACE) as work:
        assert {instances.get(work, key).definition_key for key in (first, second)} == {old}


def test_a_matter_that_rests_is_neither_moved_nor_migrated(engine: Engine) -> None:
    old, new = versions(engine, LINE, RENAMED)
    key = begin(engine, 1)
    suspend(engine, key)
    with engine.work(CLERK, PLACE) as work:
        assert "请先恢复" in migration.dry_run(work, old, new)[0].problems[0]
    for change in (
        lambda work: migration.migrate(work, key, new, {"a": "a"}),
        lambda work: modification.modify(work, key, begin=[Begin("b")], move=[], end=[]),
    ):
        with pytest.raises(Refusal, match="已暂停"):
            engine.do(CLERK, PLACE, change)
