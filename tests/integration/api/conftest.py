from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from engine.clock import Clock, VirtualClock
from tests.integration.web.community import ORGANISATION
from web import startup
from web.api import tokens
from web.api.rules import Scope
from web.app import create_app
from web.settings import Settings
from web.wiring import Product, build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
ALL = tuple(Scope)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(MONDAY)


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """SQLite; modules whose queries differ by database take the fixture of the same name for both."""
    return f"sqlite:///{tmp_path / 'yishi.db'}"


def _settle_in(settings: Settings) -> None:
    """Bring the small community into a new database."""
    startup.migrate(settings)
    built = build(settings)
    with built.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    built.store.close()


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the small community, made once and copied by every test."""
    folder = tmp_path_factory.mktemp("settled")
    _settle_in(Settings(database_url=f"sqlite:///{folder / 'yishi.db'}", data_directory=folder))
    return folder / "yishi.db"


@pytest.fixture
def product(database_url: str, settled: Path, tmp_path: Path, clock: Clock) -> Iterator[Product]:
    """An installation with the small community and no models yet."""
    settings = Settings(database_url=database_url, data_directory=tmp_path / "var", demo=True)
    if database_url.startswith("sqlite"):
        shutil.copy(settled, make_url(database_url).database or "")
    else:
        _settle_in(settings)
    built = build(settings, clock)
    yield built
    built.store.close()


@pytest.fixture
def app(product: Product) -> Flask:
    return create_app(product)


class Api:
    """A program that acts for somebody; ``call`` answers the JSON and checks the status."""

    def __init__(self, client: FlaskClient, token: str | None) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        given = {"json": body} if body is not None else {}
        return self.client.open(path, method=method, headers=self.headers, **given, **more)

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **more: Any) -> Any:
        answer = self.send(method, path, body, **more)
        assert answer.status_code == status, answer.text
        return answer.get_json(force=True) if answer.data and "json" in answer.mimetype else answer.text

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, body, **more)

    def search(self, what: str, **filters: Any) -> list[dict[str, Any]]:
        """The items of a search."""
        items: list[dict[str, Any]] = self.post(f"/v2/{what}/search", {"filter": filters})["items"]
        return items

    def deploy(self, *files: tuple[str, bytes], status: int = 200) -> Any:
        data = {"resources": [(io.BytesIO(content), name) for name, content in files]}
        return self.call(
            "POST", "/v2/deployments", status=status, data=data, content_type="multipart/form-data"
        )

    def start(self, process_id: str, **variables: Any) -> str:
        """Start a process; its instance key."""
        body = {"processDefinitionId": process_id, "variables": variables}
        return str(self.post("/v2/process-instances", body)["processInstanceKey"])


@pytest.fixture
def api(product: Product, app: Flask) -> Callable[..., Api]:
    """``api("admin")``: a program with a token of that person; ``api("")``: one without any."""

    def connect(person: str = "admin", scopes: tuple[Scope, ...] = ALL) -> Api:
        if not person:
            return Api(app.test_client(), None)
        actor = product.actor(person)
        assert actor is not None
        with product.engine.work(actor, product.settings.community) as work:
            token = tokens.issue(work, "测试", scopes, None)["token"]
        return Api(app.test_client(), token)

    return connect


@pytest.fixture
def admin(api: Callable[..., Api]) -> Api:
    return api("admin")
