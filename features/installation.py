"""A whole product for the scenarios of one session: a fresh database, an organisation, the models deployed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from engine.clock import Clock
from features.community import COMMUNITY
from web import startup
from web.settings import Settings
from web.wiring import Product, build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

MODELS = "YISHI_SPEC_MODELS"
"""Environment: the directory of the models to be specified, where these are not the product's own."""


def models() -> list[Path]:
    """The model files the scenarios speak about."""
    elsewhere = os.environ.get(MODELS)
    return startup.models(Path(elsewhere)) if elsewhere else startup.models()


def install(directory: Path, organisation: dict[str, Any], clock: Clock) -> tuple[Product, Path]:
    """The product and the file of its database."""
    database = directory / "yishi.db"
    settings = Settings(database_url=f"sqlite:///{database}", data_directory=directory, community=COMMUNITY)
    startup.migrate(settings)
    product = build(settings, clock)
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, organisation)
    startup.deploy(product, models())
    return product, database
