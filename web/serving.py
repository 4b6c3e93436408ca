"""What the server loads: the application, with the worker thread beside it."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Collection, Mapping

from engine import external_jobs
from engine.worker import Worker
from web.app import create_app
from web.front import Front
from web.settings import Settings
from web.waiting_room import WaitingRoom
from web.wiring import Product, build

PARENT_LOOK_SECONDS = 1.0


def application() -> Front:
    """Put the product together from the environment and start its worker."""
    product = build(Settings.from_environment())
    worker = Worker(product.engine)
    worker.start()
    atexit.register(worker.stop)
    threading.Thread(target=_end_with_parent, args=(worker,), name="yishi-parent", daemon=True).start()
    app = create_app(product, wake=worker.wake)
    room = WaitingRoom(lambda types: _jobs(product, types))
    return Front(app, room, longest_body=product.settings.max_request_bytes)


def _jobs(product: Product, types: Collection[str]) -> Mapping[str, int]:
    """How many jobs of these types polling programs could take now."""
    with product.store.snapshot() as connection:
        now = product.engine.clock.now()
        return external_jobs.waiting(connection, product.settings.community, now, types)


def _end_with_parent(worker: Worker) -> None:
    """When the command itself was killed, end too, so that the port is free for the next start."""
    parent, pause = os.getppid(), threading.Event()
    while os.getppid() == parent:
        pause.wait(PARENT_LOOK_SECONDS)
    worker.stop()
    os._exit(1)
