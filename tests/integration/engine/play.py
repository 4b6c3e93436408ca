"""What tests do with a running engine: start, complete, publish, look."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from engine import incidents, instances, messages, user_tasks
from engine.runtime import Actor, Engine
from engine.store import tables
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task

T = TypeVar("T")

START, END = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e" name="办结"/>'


def open_tasks(engine: Engine, key: int) -> list[str]:
    with engine.look(CLERK, PLACE) as work:
        return [task.element_id for task in user_tasks.of_instance(work, key)]


def task_key(engine: Engine, element_id: str, assignee: str | None = None) -> int:
    with engine.look(CLERK, PLACE) as work:
        found = work.connection.execute(
            tables.user_task.select().where(
                tables.user_task.c.element_id == element_id, tables.user_task.c.state == "CREATED"
            )
        ).all()
    return next(row.key for row in found if assignee in (None, row.assignee))


def complete(
    engine: Engine, element_id: str, data: dict[str, object] | None = None, who: Actor = CLERK
) -> None:
    key = task_key(engine, element_id, who.id if who is not CLERK else None)
    with engine.work(who, PLACE) as work:
        user_tasks.complete(work, key, data or {})


def state(engine: Engine, key: int) -> str:
    with engine.look(CLERK, PLACE) as work:
        return instances.get(work, key).state


def variables(engine: Engine, key: int) -> dict[str, object]:
    with engine.look(CLERK, PLACE) as work:
        return instances.variables(work, key)


def open_incidents(engine: Engine) -> list[str]:
    with engine.look(CLERK, PLACE) as work:
        return [incident.message for incident in incidents.open_incidents(work)]


LIVE = (tables.element, tables.timer, tables.subscription, tables.arrival, tables.job, tables.loop_output)


def leftovers(engine: Engine) -> dict[str, int]:
    """Rows that must be gone when nothing runs."""
    with engine.look(CLERK, PLACE) as work:
        counts = {table.name: len(work.connection.execute(table.select()).all()) for table in LIVE}
    return {name: count for name, count in counts.items() if count}


def timer(kind: str, text: str) -> str:
    return (
        f'<bpmn:timerEventDefinition><bpmn:{kind} xsi:type="bpmn:tFormalExpression">{text}</bpmn:{kind}>'
        "</bpmn:timerEventDefinition>"
    )


MESSAGE = (
    '<bpmn:message id="m" name="msg"><bpmn:extensionElements><zeebe:subscription correlationKey="=matter_no"/>'
    "</bpmn:extensionElements></bpmn:message>"
)


def publish(
    engine: Engine, name: str, key: str, data: dict[str, object] | None = None, **more: object
) -> int:
    with engine.work(CLERK, PLACE) as work:
        return messages.publish(work, name, key, data or {}, **more)


def number(engine: Engine, key: int) -> str:
    with engine.look(CLERK, PLACE) as work:
        return instances.get(work, key).matter_no


def members(count: int) -> list[dict[str, object]]:
    return [{"seat": f"s{i}", "person": f"u{i}"} for i in range(1, count + 1)]


def vote(sequential: bool = False, completion: str = "") -> str:
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><bpmn:extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=seats" inputElement="seat" outputCollection="answers" '
        'outputElement="={seat: seat.seat, answer: answer}"/></bpmn:extensionElements>'
        f"{completion}</bpmn:multiInstanceLoopCharacteristics>"
    )
    body = (
        START
        + user_task(
            "v", '<zeebe:assignmentDefinition assignee="=seat.person"/>', inner=loop, writes=["answer"]
        )
        + user_task("t")
    )
    return body + flow("s", "v") + flow("v", "t")


ERROR = '<bpmn:error id="err" name="不平" errorCode="unbalanced"/>'


def service(node: str, job_type: str = "work") -> str:
    return (
        f'<bpmn:serviceTask id="{node}" name="{node}"><bpmn:extensionElements><zeebe:taskDefinition type="{job_type}"/>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


def at_once(actions: Iterable[Callable[[], T]]) -> list[T | BaseException]:
    """Do them all at the same moment, each in a thread of its own; what they gave or raised."""
    waiting = list(actions)
    barrier = Barrier(len(waiting))

    def go(action: Callable[[], T]) -> T:
        barrier.wait()
        return action()

    with ThreadPoolExecutor(len(waiting)) as pool:
        futures = [pool.submit(go, action) for action in waiting]
    return [future.exception() or future.result() for future in futures]
