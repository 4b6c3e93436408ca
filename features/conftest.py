"""A fresh community for every scenario.

The steps are in ``features/steps``, one module for each part of the way; any feature may use them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_bdd.parser import Feature, Step

from engine.clock import VirtualClock
from features.community import organisation
from features.council import Council
from features.installation import install
from features.paths import Paths
from features.stages import START, Stages
from web.wiring import Product

STEPS = ("topics", "meeting", "voting", "following", "counting", "seeing", "cooperating")
BEFORE_EVERYTHING = datetime(2026, 9, 1, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """Make the steps known to every feature."""
    for name in STEPS:
        config.pluginmanager.import_plugin(f"features.steps.{name}")


def pytest_bdd_step_error(feature: Feature, step: Step, exception: Exception) -> None:
    """Say at which sentence a scenario failed."""
    exception.add_note(f"{feature.rel_filename}:{step.line_number} {step.keyword}{step.name}")


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Stages]]:
    """One installation for the session, and what scenarios may start from: models deployed, nobody at work yet."""
    clock = VirtualClock(BEFORE_EVERYTHING)
    product, database = install(tmp_path_factory.mktemp("council"), organisation(), clock)
    stages = Stages(product.store, database)
    stages.keep(START, _council(product, stages))
    yield product, stages
    product.store.close()


@pytest.fixture
def council(
    stages: tuple[Product, Stages], paths: Paths, request: pytest.FixtureRequest
) -> Iterator[Council]:
    """The council of one scenario."""
    council = _council(*stages)
    council.stages.restore(START, council)
    council.reached = START
    yield council
    paths.end(council, request.node.nodeid)


def _council(product: Product, stages: Stages) -> Council:
    clock = VirtualClock(BEFORE_EVERYTHING)
    product.engine.clock = clock
    return Council(product, clock, stages)
