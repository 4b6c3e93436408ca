"""One story of the demonstration, played on its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from engine.clock import VirtualClock
from engine.runtime import Actor, Work
from engine.store import tables
from web import startup, wiring
from web.settings import Settings
from workflows.demo import loading, story
from workflows.store import metadata

PRESENT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


@contextmanager
def played(folder: Path, document: str) -> Iterator[Work]:
    """What everybody would see after that document of the demonstration was played, and nothing else."""
    product = wiring.build(Settings(database_url=f"sqlite:///{folder / 'demo.db'}"), VirtualClock(PRESENT))
    with product.store.transaction() as connection:
        tables.metadata.create_all(connection)
        metadata.create_all(connection)
        loading.load_organisation(connection)
    startup.deploy(product, startup.models())
    story.play(product.engine, loading.COMMUNITY, loading.document(document), loading.no_file)
    with product.engine.look(Actor.system(), loading.COMMUNITY) as work:
        yield work
    product.store.close()
