"""The engine of the integration tests, on real databases."""

from __future__ import annotations

from tests.integration.engine.conftest import clock, engine, registry, run, store

__all__ = ["clock", "engine", "registry", "run", "store"]
