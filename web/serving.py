"""What the server loads: the application, with the worker thread beside it."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Collection

from engine import external_jobs
from engine.bell import Topic
from engine.worker import Worker
from web.app import create_app
from web.front import Front
from web.settings import Settings
from web.waiting_room import Seen, WaitingRoom
from web.wiring import Product, build

PARENT_LOOK_SECONDS = 1.0


def application() -> Front:
    """Put the product together from the environment and start its worker."""
    product = build(Settings.from_environment())
    worker = Worker(product.engine)
    worker.start()
    atexit.register(worker.stop)
    threading.Thread(target=_end_with_parent, args=(worker,), name="yishi-parent", daemon=True).start()
    room = WaitingRoom(lambda types: _jobs(product, types))
    product.engine.bell.subscribe(Topic.JOBS, room.look)
    return Front(create_app(product), room, longest_body=product.settings.max_request_bytes)


def _jobs(product: Product, types: Collection[str]) -> Seen:
    """How many jobs of these types polling programs could take now, and when to look again by oneself."""
    engine, community = product.engine, product.settings.community
    with product.store.snapshot() as connection:
        now = engine.clock.now()
        found = external_jobs.waiting(connection, community, now, types)
        following = external_jobs.next_free(connection, community, now, types)
    pause = engine.bell.patience
    return Seen(found, pause if following is None else min(pause, (following - now).total_seconds()))


def _end_with_parent(worker: Worker) -> None:
    """When the command itself was killed, end too, so that the port is free for the next start."""
    parent, pause = os.getppid(), threading.Event()
    while os.getppid() == parent:
        pause.wait(PARENT_LOOK_SECONDS)
    worker.stop()
    os._exit(1)
