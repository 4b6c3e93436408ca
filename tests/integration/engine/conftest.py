"""An engine on a real database, with a tiny organisation and small models written as text."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import instances
from engine.clock import VirtualClock
from engine.deployments import Resource, deploy
from engine.errors import FormInvalid
from engine.ports import Candidates
from engine.registry import Registry
from engine.runtime import Engine
from engine.store import tables
from engine.store.database import Store
from tests.integration.engine.builders import ANY_FORM, CLERK, PLACE, process

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai


class Roles:
    """Two roles of one community."""

    def known(self, role: str) -> bool:
        return role in ("clerk", "member")

    def resolve(self, work: Any, role: str, variables: Mapping[str, Any]) -> Candidates:
        return Candidates(groups=[f"{role}@{work.community}"])


class AnyForm:
    """Takes a submission as it is, unless a field named in ``required`` is missing."""

    def check(self, schema: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def writes(self, schema: Mapping[str, Any]) -> Mapping[str, str]:
        return {component["key"]: "Any" for component in schema["components"]}

    def reads(self, schema: Mapping[str, Any]) -> frozenset[str]:
        return frozenset()

    def validate(
        self, schema: Mapping[str, Any], submission: Any, context: Any, now: datetime
    ) -> dict[str, Any]:
        missing = [c["key"] for c in schema["components"] if c["key"] not in submission]
        if missing:
            raise FormInvalid({key: ["请填写这一项。"] for key in missing})
        return dict(submission)


class Numbers:
    """YSH-2026-0001, YSH-2026-0002, …"""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self, work: Any, process_id: str) -> str:
        self._last += 1
        return f"YSH-2026-{self._last:04}"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store.open(database_url)
    with store.transaction() as connection:
        tables.metadata.create_all(connection)
    yield store
    store.close()


@pytest.fixture
def engine(store: Store, clock: VirtualClock, registry: Registry) -> Engine:
    return Engine(store, registry=registry, groups=Roles(), forms=AnyForm(), numbering=Numbers(), clock=clock)


def starter(engine: Engine) -> Callable[..., int]:
    """Deploys a model, which declares the variables it is given, and starts one instance of it."""

    def start(
        body: str, variables: Mapping[str, Any] | None = None, *resources: Resource, **file: Any
    ) -> int:
        content = process(body, **{"inputs": variables or (), **file})
        with engine.work(CLERK, PLACE) as work:
            files = [
                Resource(f"{uuid.uuid4().hex}.bpmn", content),
                Resource("any.form", ANY_FORM),
                *resources,
            ]
            deploy(work, files, prove=False)  # what unsound models do is what some tests are about
        with engine.work(CLERK, PLACE) as work:
            return instances.start(work, file.get("process_id", "p"), variables or {})

    return start


@pytest.fixture
def run(engine: Engine) -> Callable[..., int]:
    return starter(engine)
