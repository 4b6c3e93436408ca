"""kill -9 at any moment: what was acknowledged is there, nothing is there twice, nothing is torn."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine import history, instances
from engine.runtime import Engine
from engine.store import tables
from tests.faults.members import CLERK, PLACE, answer, open_engine, open_keys

MEMBERS = 60
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "20"))
SEED = int(os.environ.get("FAULT_SEED", "20261122"))


def killed_run(url: str, acknowledged: set[int], after: int) -> None:
    """Let a process work until it has acknowledged ``after`` tasks, then kill it without warning."""
    command = [sys.executable, "-m", "tests.faults.members", url, str(MEMBERS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        for _ in range(after):
            acknowledged.add(int(process.stdout.readline()))
        process.kill()
        # What it printed before it died was acknowledged too.
        acknowledged.update(int(line) for line in process.stdout if line.endswith("\n"))


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


@pytest.mark.real_time
def test_nothing_acknowledged_is_lost_and_nothing_is_torn(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}, {ROUNDS} kills")
    kills = 0
    matter = 0
    while kills < ROUNDS:
        matter += 1
        url = f"sqlite:///{tmp_path / f'{matter}.db'}"
        acknowledged: set[int] = set()
        while kills < ROUNDS and len(acknowledged) < MEMBERS - 12:
            killed_run(url, acknowledged, after=chance.randint(0, 8))
            kills += 1
            engine = open_engine(url)
            assert acknowledged <= completed(engine)
            assert_whole(engine)
            engine.store.close()
        engine = open_engine(url)
        for key in open_keys(engine):
            answer(engine, key)
        with engine.look(CLERK, PLACE) as work:
            [ended] = instances.find(work)
            assert ended.state == "COMPLETED"
            assert instances.variables(work, ended.key)["answers"] == ["同意"] * MEMBERS
        engine.store.close()
