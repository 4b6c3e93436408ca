"""A fresh community for every scenario, copied from one that was prepared once.

The steps are in ``features/steps``, one module for each part of the way; any feature may use them all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import VirtualClock
from features.community import COMMUNITY, organisation
from features.council import Council
from web import startup
from web.settings import Settings
from web.wiring import Product, build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

STEPS = ("topics", "meeting", "voting", "following", "seeing")
BEFORE_EVERYTHING = datetime(2026, 9, 1, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Make the steps known to every feature."""
    for name in STEPS:
        config.pluginmanager.import_plugin(f"features.steps.{name}")


def _installation(directory: Path) -> tuple[Product, VirtualClock]:
    clock = VirtualClock(BEFORE_EVERYTHING)
    database = f"sqlite:///{directory / 'yishi.db'}"
    return build(Settings(database_url=database, data_directory=directory, community=COMMUNITY), clock), clock


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the organisation, the calendar and the product's models, as a file to copy."""
    directory = tmp_path_factory.mktemp("prepared")
    product, _clock = _installation(directory)
    startup.migrate(product.settings)
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, organisation())
    startup.deploy(product, startup.models())
    product.store.close()
    return directory / "yishi.db"


@pytest.fixture
def council(prepared: Path, tmp_path: Path) -> Iterator[Council]:
    """The council of one scenario. In the end nothing may be stuck, unsaid or missing from the record."""
    shutil.copy(prepared, tmp_path / "yishi.db")
    product, clock = _installation(tmp_path)
    council = Council(product, clock)
    yield council
    stuck, refused = council.stuck(), council.refusal
    whole = not council.matter or council.history_is_whole()
    product.store.close()
    assert stuck == []
    assert refused is None, f"没有一句话说到这次拒绝：{refused}"
    assert whole, "记录链断了"
