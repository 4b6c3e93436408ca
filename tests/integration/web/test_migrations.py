"""The database of every release comes to be what this one expects, on both kinds of database."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from engine.store import tables
from engine.store.database import Store
from tests.databases import database_url, postgres_server  # noqa: F401
from web import startup
from web import store as web_store
from web.settings import Settings
from workflows import store as workflows_store

FOLDER = Path(startup.__file__).parents[1] / "migrations"
DECLARED = [tables.metadata, workflows_store.metadata, web_store.metadata]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:  # noqa: F811
    return Settings(database_url=database_url, data_directory=tmp_path, demo=False)


def run(settings: Settings, revision: str, *, down: bool = False) -> None:
    store = Store.open(settings.database_url)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with store.transaction() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)
    store.close()


def differences(settings: Settings) -> list[object]:
    store = Store.open(settings.database_url)
    with store.snapshot() as connection:
        found = compare_metadata(MigrationContext.configure(connection), DECLARED)  # type: ignore[arg-type]
    store.close()
    return list(found)


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return [one.revision for one in reversed(list(ScriptDirectory.from_config(config).walk_revisions()))]


def test_the_migrations_lead_to_the_declared_tables(settings: Settings) -> None:
    assert startup.migrate(settings)
    assert differences(settings) == []
    assert not startup.migrate(settings)


def test_each_migration_can_be_taken_back_and_done_again(settings: Settings) -> None:
    for revision in revisions():
        run(settings, revision)
        run(settings, "-1", down=True)
        run(settings, revision)
    assert differences(settings) == []
    run(settings, "base", down=True)
    store = Store.open(settings.database_url)
    assert inspect(store.database).get_table_names() == ["alembic_version"]
    store.close()
