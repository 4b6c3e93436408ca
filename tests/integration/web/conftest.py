from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the small community and the models that come with the product; copied for each test."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = _settings(folder)
    startup.migrate(settings)
    product = build(settings, VirtualClock(MONDAY))
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    startup.deploy(product, startup.models())
    product.store.close()
    return folder / "yishi.db"


@pytest.fixture
def product(tmp_path: Path, prepared: Path, clock: VirtualClock) -> Iterator[Product]:
    """An installation of one's own."""
    shutil.copy(prepared, tmp_path / "yishi.db")
    built = build(_settings(tmp_path), clock)
    yield built
    built.store.close()


def _settings(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'yishi.db'}", data_directory=folder / "var", demo=True)


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
