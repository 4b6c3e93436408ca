"""No file breaks the workbench: it is taken or refused, soon, and nothing is fetched on its behalf."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import documents
from engine.comparison import compare
from engine.deployments import Resource
from engine.inspection import inspect
from engine.runtime import Actor
from engine.store import tables
from tests.faults.hostile import CANARY, KINDS, SEEDS, bombs, mutated, tokens
from tests.faults.seed import SEED, many
from web.settings import Settings
from web.vocabulary import words
from web.wiring import Product, build
from workflows.workbench.model import DraftFile

FILES = many(400, 100_000)
LONGEST = 5.0  # seconds of processor time for all that is done with one file; twice what is promised, on a crowded machine


class Listener(socketserver.TCPServer):
    """Notes whoever comes because a file said so."""

    allow_reuse_address = True

    def __init__(self) -> None:
        self.visits = 0
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)

    def finish_request(self, request: object, client_address: object) -> None:
        self.visits += 1


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("hostile")
    built = build(Settings(database_url=f"sqlite:///{folder / 'y.db'}", data_directory=folder, demo=True))
    with built.store.transaction() as connection:
        tables.metadata.create_all(connection)
    yield built
    built.store.close()


def said_of(product: Product, name: str, content: bytes) -> str:
    """Everything the workbench would show of a file: what it is, what is wrong, what differs, what it offers."""
    original = SEEDS[KINDS.index(name.rsplit(".", 1)[-1])]
    with product.engine.look(Actor.system(), "jsjy") as work:
        told: list[object] = [
            documents.identities(name, content),
            documents.references(content),
            compare(name, original, content),
            inspect(work, [Resource(name, content)]).problems,
            words(work, [DraftFile(name, content, 1, None, original)]),
        ]
    return repr(told)


def hostile(listener: Listener, folder: Path) -> Iterator[tuple[str, bytes]]:
    canary = folder / "canary.txt"
    canary.write_text(CANARY, encoding="utf-8")
    pieces = tokens(canary, listener.server_address[1])
    yield from bombs()
    yield from mutated(SEED, FILES, pieces)


def test_hostile_files_are_taken_or_refused_soon_and_nothing_is_fetched_for_them(
    product: Product, listener: Listener, tmp_path: Path
):
    slow: list[tuple[str, float]] = []
    for name, content in hostile(listener, tmp_path):
        began = time.process_time()
        said = said_of(product, name, content)
        took = time.process_time() - began
        assert CANARY not in said, name
        if took > LONGEST:
            slow.append((name, took))
    assert slow == []
    assert listener.visits == 0
