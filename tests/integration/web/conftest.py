from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.clock import VirtualClock
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


class Browser:
    """A person's browser: keeps cookies, sends the CSRF token of the page before."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, path: str) -> TestResponse:
        answer = self.client.get(path, follow_redirects=True)
        self.page = answer.text
        return answer

    def post(self, path: str, follow: bool = True, **fields: object) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        token = found.group(1) if found else ""
        data = {"csrf_token": token, **{name.lstrip("_") if name == "_do_" else name: v for name, v in fields.items()}}
        answer = self.client.post(path, data=data, follow_redirects=follow)
        if answer.text:
            self.page = answer.text
        return answer


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
