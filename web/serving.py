"""What the server loads: the application, with the worker thread beside it."""

from __future__ import annotations

import atexit
import os
import threading

from flask import Flask

from engine.worker import Worker
from web.app import create_app
from web.settings import Settings
from web.wiring import build

PARENT_LOOK_SECONDS = 1.0


def application() -> Flask:
    """Put the product together from the environment and start its worker."""
    product = build(Settings.from_environment())
    worker = Worker(product.engine)
    worker.start()
    atexit.register(worker.stop)
    threading.Thread(target=_end_with_parent, args=(worker,), name="yishi-parent", daemon=True).start()
    return create_app(product, wake=worker.wake)


def _end_with_parent(worker: Worker) -> None:
    """When the command itself was killed, end too, so that the port is free for the next start."""
    parent, pause = os.getppid(), threading.Event()
    while os.getppid() == parent:
        pause.wait(PARENT_LOOK_SECONDS)
    worker.stop()
    os._exit(1)
