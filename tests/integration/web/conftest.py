from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import VirtualClock
from tests.integration.web.browser import Browser
from tests.integration.web.community import ORGANISATION
from web import startup
from web.app import create_app
from web.settings import Settings
from web.wiring import Product, build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(MONDAY)


@pytest.fixture
def product(tmp_path: Path, clock: VirtualClock) -> Iterator[Product]:
    """An installation with the small community and the models that come with the product."""
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'yishi.db'}", data_directory=tmp_path / "var", demo=True
    )
    startup.migrate(settings)
    built = build(settings, clock)
    with built.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    startup.deploy(built, startup.models())
    yield built
    built.store.close()


@pytest.fixture
def browse(product: Product) -> Callable[[str], Browser]:
    """``browse("resident")``: the browser of somebody who is signed in; ``browse("")``: of a stranger."""
    app = create_app(product)

    def open_as(person: str) -> Browser:
        browser = Browser(app.test_client())
        browser.get("/sign-in")
        if person:
            browser.post("/sign-in/demo", person=person)
        return browser

    return open_as
