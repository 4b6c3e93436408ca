"""The first start: several at once prepare once, and one that was killed leaves nothing half done."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from engine import deployments, instances
from engine.runtime import Actor
from tests.databases import database_url, postgres_server  # noqa: F401
from tests.faults.seed import LONG, SEED, many
from web import startup
from web.settings import Settings
from web.wiring import build
from workflows.demo.loading import document
from workflows.organisation import store as organisation

KILLS = many(1, 20)  # on each kind of database
LONGEST_LOAD = 4.0  # seconds

postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:  # noqa: F811
    return Settings(database_url=database_url, data_directory=tmp_path / "var", demo=True)


def begin(settings: Settings, *, demo: bool) -> subprocess.Popen[str]:
    environment = os.environ | settings.to_environment() | {"YISHI_DEMO": "1" if demo else ""}
    command = [sys.executable, "-m", "tests.faults.preparing"]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@postgresql
def test_of_several_that_start_at_once_one_prepares(settings: Settings) -> None:
    told = [one.communicate(timeout=120)[0] for one in [begin(settings, demo=False) for _ in range(3)]]
    assert all(lines.endswith("ready\n") for lines in told), told
    assert sum("最新结构" in lines for lines in told) == 1
    product = build(settings)
    with product.engine.look(Actor.system(), settings.community) as work:
        versions = Counter(one.process_id for one in deployments.definitions(work))
    product.store.close()
    assert set(versions.values()) == {1}


@pytest.mark.parametrize("database_url", ["sqlite", *(["postgresql"] if LONG else [])], indirect=True)
@pytest.mark.real_time  # the moment of the kill is chosen by chance
def test_a_first_start_killed_at_any_moment_is_begun_anew(settings: Settings) -> None:
    chance = random.Random(SEED)
    print(f"seed {SEED}, {KILLS} kills")
    wait = threading.Event().wait
    for _ in range(KILLS):
        with begin(settings, demo=True) as process:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any("演示社区" in line or line == "ready\n" for line in lines)
            wait(chance.uniform(0, LONGEST_LOAD))
            process.kill()
    product = startup.prepare(settings, print)
    with product.engine.look(Actor.system(), settings.community) as work:
        topics = [one for one in instances.find(work, limit=500) if one.process_id == "deliberation_meeting"]
        people = work.connection.execute(select(organisation.person.c.id)).scalars().all()
    product.store.close()
    assert len(topics) == len(document("matters")["matters"])
    assert {one["id"] for one in document("organisation")["people"]} <= set(people)
