"""What leaves the database leaves it at least once, and only if it was committed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine import outbox
from engine.clock import VirtualClock
from engine.errors import NotFound
from engine.outbox import Letter, Undeliverable
from engine.registry import JobContext, Registry
from engine.runtime import Engine, Work
from tests.integration.engine.builders import CLERK, PLACE, flow
from tests.integration.engine.play import END, START, service, state

Run = Callable[..., int]


class Receiver:
    """Somebody outside, who may be out of order."""

    def __init__(self, registry: Registry) -> None:
        self.received: list[Letter] = []
        self.tried = 0
        self.fault: Exception | None = None
        registry.delivery("sms")(self._take)

    def _take(self, letter: Letter) -> None:
        self.tried += 1
        if self.fault is not None:
            raise self.fault
        self.received.append(letter)


@pytest.fixture
def receiver(registry: Registry) -> Receiver:
    return Receiver(registry)


def put(engine: Engine, text: str, **more: object) -> int:
    with engine.work(CLERK, PLACE) as work:
        return outbox.put(work, "sms", {"text": text}, **more)  # type: ignore[arg-type]


def waiting(engine: Engine) -> list[Letter]:
    with engine.look(CLERK, PLACE) as work:
        return outbox.undelivered(work)


def deliver(engine: Engine) -> None:
    while outbox.deliver_due(engine):
        pass


def test_a_letter_is_delivered_after_the_commit_with_a_key_of_its_own(
    engine: Engine, receiver: Receiver
) -> None:
    with engine.work(CLERK, PLACE) as work:
        key = outbox.put(work, "sms", {"text": "开会"})
        assert receiver.received == []
    deliver(engine)
    [letter] = receiver.received
    assert (letter.key, letter.payload, letter.idempotency_key) == (key, {"text": "开会"}, str(key))
    assert waiting(engine) == []
    deliver(engine)
    assert receiver.tried == 1


def test_what_is_rolled_back_is_never_sent(engine: Engine, receiver: Receiver) -> None:
    def act(work: Work) -> None:
        outbox.put(work, "sms", {"text": "开会"})
        work.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.do(CLERK, PLACE, act)
    deliver(engine)
    assert receiver.received == []


def test_a_service_task_may_put_letters_and_a_failed_try_puts_none(
    engine: Engine, run: Run, registry: Registry, receiver: Receiver
) -> None:
    @registry.service_task("work")
    def work(job: JobContext) -> None:
        outbox.put(job.work, "sms", {"text": "第一次"})
        if not receiver.tried:
            receiver.tried = 1
            raise RuntimeError("没有信号")

    key = run(START + service("w") + END + flow("s", "w") + flow("w", "e"))
    deliver(engine)
    assert (receiver.received, state(engine, key)) == ([], "ACTIVE")


def test_the_same_key_is_one_letter(engine: Engine, receiver: Receiver) -> None:
    first = put(engine, "开会", idempotency_key="YSH-2026-0001/notice")
    assert put(engine, "开会", idempotency_key="YSH-2026-0001/notice") == first
    deliver(engine)
    assert put(engine, "开会", idempotency_key="YSH-2026-0001/notice") == first
    deliver(engine)
    assert len(receiver.received) == 1


def test_a_letter_waits_for_its_time(engine: Engine, receiver: Receiver, clock: VirtualClock) -> None:
    put(engine, "明天开会", due_at=clock.now() + timedelta(days=1))
    deliver(engine)
    assert receiver.received == []
    clock.advance(timedelta(days=1))
    deliver(engine)
    assert len(receiver.received) == 1


def test_a_receiver_out_of_order_is_tried_again_with_growing_pauses(
    engine: Engine, receiver: Receiver, clock: VirtualClock
) -> None:
    receiver.fault = ConnectionError("连不上")
    put(engine, "开会")
    pauses = []
    for _ in range(3):
        deliver(engine)
        [letter] = waiting(engine)
        assert letter.due_at is not None
        pauses.append((letter.due_at - clock.now()).total_seconds())
        clock.set(letter.due_at)
    assert (pauses, receiver.tried) == ([10, 30, 90], 3)
    receiver.fault = None
    deliver(engine)
    assert len(receiver.received) == 1


def test_after_the_last_try_a_letter_waits_for_an_administrator(
    engine: Engine, receiver: Receiver, clock: VirtualClock
) -> None:
    receiver.fault = ConnectionError("连不上")
    key = put(engine, "开会")
    for _ in range(outbox.TRIES + 2):
        deliver(engine)
        clock.advance(outbox.LONGEST_PAUSE)
    [letter] = waiting(engine)
    assert (receiver.tried, letter.due_at) == (outbox.TRIES, None)
    assert "连不上" in (letter.error or "")
    receiver.fault = None
    with engine.work(CLERK, PLACE) as work:
        outbox.retry(work, key)
    deliver(engine)
    assert waiting(engine) == []
    with pytest.raises(NotFound), engine.work(CLERK, PLACE) as work:
        outbox.retry(work, key)


def test_what_can_never_arrive_is_given_up_at_once(engine: Engine, receiver: Receiver) -> None:
    receiver.fault = Undeliverable("没有这个号码")
    put(engine, "开会")
    deliver(engine)
    assert (receiver.tried, waiting(engine)[0].due_at) == (1, None)


def test_a_topic_nobody_delivers_is_a_mistake_of_the_one_who_writes(engine: Engine) -> None:
    with pytest.raises(LookupError), engine.work(CLERK, PLACE) as work:
        outbox.put(work, "telegram", {})
