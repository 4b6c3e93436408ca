"""A whole meeting through the pages while the server is killed again and again: nothing acknowledged is lost."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import history, instances
from engine.runtime import Actor
from tests.faults.killing import Client, JumpingClock, Server
from tests.faults.seed import LONG, SEED
from tests.integration.web.browser import Browser
from tests.integration.web.community import ORGANISATION, SEATS
from tests.integration.web.meeting import Meeting
from web import startup
from web.settings import Settings
from web.wiring import build
from workflows.ballots import store as ballots
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

KILL_SHARE = 0.9 if LONG else 0.1
PATIENCE = 100


class PatientMeeting(Meeting):
    """Looks again where the server's own worker needs a moment."""

    def opens(self, person: str, step: str) -> Browser:
        browser, waiting = self.as_(person), threading.Event()
        for _ in range(PATIENCE):
            for view in ("assigned", "claimable"):
                browser.get(f"/tasks?view={view}")
                if browser.has(step):
                    return super().opens(person, step)
            waiting.wait(0.1)
        raise AssertionError(f"“{step}” never came to {person}: {browser.text}")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A prepared installation: the small community, the models, no matter yet."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'yishi.db'}", data_directory=tmp_path / "var", demo=True
    )
    startup.migrate(settings)
    product = build(settings)
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    startup.deploy_shipped(product)
    product.store.close()
    return settings


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, random.Random(SEED), KILL_SHARE)
    server.start()
    yield server
    server.kill()


@pytest.mark.real_time
def test_a_meeting_survives_any_number_of_kills(server: Server, settings: Settings) -> None:
    def browse(person: str) -> Browser:
        client: Any = Client(server)
        browser = Browser(client)
        browser.get("/sign-in")
        browser.post("/sign-in/demo", person=person)
        return browser

    print(f"seed {SEED}")
    meeting = PatientMeeting(browse, JumpingClock(server, settings.demo_clock_file), lambda: None)
    meeting.is_proposed()
    meeting.is_put_on_the_agenda()
    meeting.is_convened()
    meeting.is_debated()
    for seat in SEATS:
        meeting.does(seat, "投票", {"choice": "反对" if seat == "property" else "同意", "confirm": "1"})
    meeting.does("teller-1", "监票确认")
    meeting.is_recorded()
    meeting.waits(days=8)
    meeting.is_carried_out()
    server.kill()
    print(f"{server.kills} kills while answering")
    assert server.kills > 2
    _is_whole(settings)


def _is_whole(settings: Settings) -> None:
    """One matter, archived, eight ballots, every seat once, the chain of its history unbroken."""
    product = build(settings)
    with product.engine.look(Actor.system(), settings.community) as work:
        [matter] = [one for one in instances.find(work) if one.process_id == "deliberation_meeting"]
        assert matter.end_event_name == "决议已落实归档"
        assert history.verify(work, matter.key).intact
        [box] = ballots.of_matter(work.connection, settings.community, matter.matter_no)
        count = ballots.count(work.connection, box)
        assert ballots.participants(work.connection, box) == set(SEATS)
    assert (count.agree, count.disagree, count.abstain) == (7, 1, 0)
    product.store.close()
