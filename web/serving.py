"""What the server loads: the application, with the worker thread beside it on SQLite."""

from __future__ import annotations

import atexit

from flask import Flask

from engine.worker import Worker
from web.app import create_app
from web.settings import Settings
from web.wiring import build


def application() -> Flask:
    """Put the product together from the environment and start its worker."""
    settings = Settings.from_environment()
    product = build(settings)
    worker = Worker(product.engine)
    worker.start()
    atexit.register(worker.stop)
    return create_app(product, wake=worker.wake)
