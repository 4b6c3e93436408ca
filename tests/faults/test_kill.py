"""kill -9 at any moment: what was acknowledged is there, nothing is there twice, nothing is torn."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import history, instances
from engine.runtime import Engine
from engine.store import tables
from tests.faults.members import CLERK, PLACE, answer, open_engine, open_keys
from tests.faults.seed import SEED, many

MEMBERS = 60
KILLS = many(10, 500)  # on each kind of database
LONGEST_PAUSE = 0.02  # seconds; an answer takes a few thousandths


class Members:
    """Processes that answer tasks, one after the other, each killed without warning."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.members"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def killed_run(self, url: str, acknowledged: set[int], after: int, pause: float) -> bool:
        """Let a process work until it has acknowledged ``after`` tasks and a moment more; kill it in the middle.

        Whether there was still something to kill.
        """
        told = iter(self._lines())
        assert self._process.stdin is not None
        self._process.stdin.write(f"{url} {MEMBERS}\n")
        number = int(next(told))
        for line in told:
            if line == "ended":
                return False
            acknowledged.add(int(line))
            after -= 1
            if after <= 0:
                break
        threading.Event().wait(pause)
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        # What it printed before it died was acknowledged too.
        acknowledged.update(int(line) for line in takewhile(lambda line: line != "ended", told))
        return True

    def _lines(self) -> Iterator[str]:
        assert self._process.stdout is not None
        return (line.rstrip("\n") for line in self._process.stdout)

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def at_work() -> Iterator[Members]:
    members = Members()
    yield members
    members.end()


def completed(engine: Engine) -> set[int]:
    with engine.look(CLERK, PLACE) as work:
        statement = select(tables.user_task.c.key).where(tables.user_task.c.state == "COMPLETED")
        return set(work.connection.execute(statement).scalars())


def assert_whole(engine: Engine) -> None:
    """Tasks, iterations, outputs and history tell the same story."""
    done = len(completed(engine))
    with engine.look(CLERK, PLACE) as work:
        body = work.connection.execute(
            select(tables.element).where(tables.element.c.kind == "BODY")
        ).one_or_none()
        if body is not None:
            outputs = select(func.count()).select_from(tables.loop_output)
            assert (body.loop_done, body.tokens) == (done, MEMBERS - done)
            assert work.connection.execute(outputs).scalar_one() == done
        for instance in instances.find(work):
            assert history.verify(work, instance.key).intact


@pytest.mark.real_time  # the moment of the kill is chosen by chance
def test_nothing_acknowledged_is_lost_and_nothing_is_torn(
    database_url: str, tmp_path: Path, at_work: Members
) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}, {KILLS} kills")
    kills = 0
    matter = 0
    while kills < KILLS:
        matter += 1
        url = f"sqlite:///{tmp_path / f'{matter}.db'}" if "sqlite" in database_url else database_url
        acknowledged: set[int] = set()
        while kills < KILLS and len(acknowledged) < MEMBERS - 12:
            killed = at_work.killed_run(
                url, acknowledged, chance.randint(1, 8), chance.uniform(0, LONGEST_PAUSE)
            )
            engine = open_engine(url)
            assert acknowledged <= completed(engine)
            assert_whole(engine)
            engine.store.close()
            if not killed:  # whatever was left is done, though not all of it was acknowledged
                break
            kills += 1
        finish(url)
    print(f"{matter} matters of {MEMBERS}")


def finish(url: str) -> None:
    """Whatever was left can be done, and everybody's answer is there once; then the database is empty again."""
    engine = open_engine(url)
    for key in open_keys(engine):
        answer(engine, key)
    with engine.look(CLERK, PLACE) as work:
        [ended] = instances.find(work)
        assert ended.state == "COMPLETED"
        assert instances.variables(work, ended.key)["answers"] == ["同意"] * MEMBERS
    with engine.store.transaction() as connection:
        tables.metadata.drop_all(connection)
    engine.store.close()
