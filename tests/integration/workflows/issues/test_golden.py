"""Twenty issues with the level, route and deadline they must get, reported to the real engine one after another.

The deadlines cross National Day, weekends and a worked Saturday; two issues are about the same manhole cover.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine import instances, user_tasks
from engine.clock import VirtualClock
from engine.runtime import Actor, Work
from engine.timing import read_instant
from web.wiring import Product
from workflows.issues import visitors
from workflows.issues.visitors import PROCESS, PUBLIC
from workflows.moments import SHANGHAI
from workflows.organisation import store as organisation
from workflows.organisation.model import PlaceKind

ISSUES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("golden.json").read_text("utf-8"))
IN_ORDER = sorted(ISSUES, key=lambda one: str(one["reported_at"]))
SAME = {"SX-2026-0011": "SX-2026-0001"}
"""The later of two reports about one thing, and the earlier."""

Found = dict[str, Mapping[str, Any]]


@pytest.fixture(scope="module")
def found(products: Mapping[str, Product]) -> Found:
    """The variables of each issue after it was triaged, by its number in the list."""
    clock = products["jsjy"].engine.clock
    assert isinstance(clock, VirtualClock)
    everything: Found = {}
    for one in IN_ORDER:
        clock.set(datetime.fromisoformat(one["reported_at"]).replace(tzinfo=SHANGHAI))
        everything[one["no"]] = _reported(products[_community(one)], one)
    return everything


def _community(one: Mapping[str, Any]) -> str:
    return str(one["grid_id"]).partition("-")[0]


def _reported(product: Product, one: Mapping[str, Any]) -> Mapping[str, Any]:
    community = _community(one)
    reporter = PUBLIC if one["anonymous"] else _reporter(product, one)
    with product.engine.work(reporter, community) as work:
        key = instances.start(work, PROCESS, {})
        (task,) = user_tasks.of_instance(work, key)
        user_tasks.complete(work, task.key, _form(work, one))
    with product.engine.work(Actor.system(), community) as work:
        for task in user_tasks.of_instance(work, key):
            if task.element_id == "duplicate_review":
                user_tasks.complete(work, task.key, {"is_duplicate": "不重复"})
    with product.engine.look(Actor.system(), community) as work:
        return instances.variables(work, key)


def _reporter(product: Product, one: Mapping[str, Any]) -> Actor:
    """The grid's worker where one reported, else somebody who lives in the community."""
    community, day = _community(one), product.engine.clock.now().date()
    with product.store.snapshot() as connection:
        if one["by_grid_worker"]:
            (person,) = organisation.holders(connection, "grid_worker", one["grid_id"], day)
        else:
            grids = [grid.id for grid in organisation.places(connection, community, PlaceKind.GRID)]
            person = organisation.residents(connection, grids)[0]
    actor = product.actor(person.id)
    assert actor is not None
    return actor


def _form(work: Work, one: Mapping[str, Any]) -> dict[str, Any]:
    written = {
        name: one[name]
        for name in (
            *("title", "category", "severity", "grid_id", "place", "people_affected"),
            *("needs_enforcement", "cross_community", "involves_minor", "anonymous"),
        )
    }
    description = f"{one['description']}（{one['title']}）"[:1000]
    named = {"reporter_name": work.actor.name, "reporter_phone": "0537-0100001", "consent": True}
    return {**written, "description": description, **({} if one["anonymous"] else named), "consent": True}


golden = pytest.mark.parametrize("one", IN_ORDER, ids=lambda one: one["title"])


@golden
def test_level_action_and_route_are_those_of_the_table(found: Found, one: Mapping[str, Any]) -> None:
    held, expected = found[one["no"]], one["expected"]
    for name in ("initial_level", "must_action", "route"):
        assert held[name] == expected[name], name


@golden
def test_the_deadline_is_the_one_of_the_working_day_calendar(found: Found, one: Mapping[str, Any]) -> None:
    due = datetime.fromisoformat(one["expected"]["due_at"]).replace(tzinfo=SHANGHAI)
    assert read_instant(found[one["no"]]["due_at"]) == due


@golden
def test_limit_and_first_contact_are_those_of_the_table(found: Found, one: Mapping[str, Any]) -> None:
    held = found[one["no"]]
    assert f"{held['limit_value']} {held['limit_type']}" == one["expected"]["limit"]
    assert float(held["contact_hours"]) == one["expected"]["contact_hours"]


@golden
def test_only_the_second_report_of_one_thing_is_held_for_a_duplicate(
    found: Found, one: Mapping[str, Any]
) -> None:
    suspected = [choice["value"] for choice in found[one["no"]]["duplicates"]]
    earlier = found[SAME[one["no"]]]["matter_no"] if one["no"] in SAME else None
    assert suspected == ([earlier] if earlier else [])


def test_who_reported_without_a_name_is_nowhere_in_the_matter(
    products: Mapping[str, Product], found: Found
) -> None:
    (anonymous,) = (one for one in ISSUES if one["anonymous"])
    held = found[anonymous["no"]]
    assert (held["initiator"], held["reporter_name"], held["reporter_phone"]) == (PUBLIC.id, None, None)
    with products["ygcs"].engine.look(Actor.system(), "ygcs") as work:
        asked = visitors.progress(work, held["query_code"].lower())
    assert asked is not None
    assert (asked.title, asked.stage, asked.ended) == (anonymous["title"], "社区办理中", False)
