"""The product on the demonstration's organisation, before anybody has reported anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest

import web.store  # noqa: F401 (declares its tables on the shared metadata)
from engine.clock import VirtualClock
from engine.store import tables
from web import startup, wiring
from web.settings import Settings
from web.wiring import Product
from workflows.demo import loading
from workflows.moments import SHANGHAI
from workflows.store import metadata

BEGIN = datetime(2026, 9, 14, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Product]]:
    """An installation for each community, on one database and one clock."""
    folder: Path = tmp_path_factory.mktemp("issues")
    clock = VirtualClock(BEGIN)
    address = f"sqlite:///{folder / 'issues.db'}"
    products = {
        community: wiring.build(Settings(database_url=address, community=community), clock)
        for community in ("jsjy", "ygcs")
    }
    product = products["jsjy"]
    with product.store.transaction() as connection:
        tables.metadata.create_all(connection)
        metadata.create_all(connection)
        loading.load_organisation(connection)
    startup.deploy(product, startup.models())
    yield products
    for product in products.values():
        product.store.close()
