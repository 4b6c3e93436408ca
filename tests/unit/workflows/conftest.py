"""Settings for everything below: a busy machine must not fail a property."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("workflows", deadline=None)
settings.load_profile("workflows")
