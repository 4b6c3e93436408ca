"""Searching: operators, order, pages."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.clock import VirtualClock
from tests.databases import database_url  # noqa: F401 - these on both databases
from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL, APPROVAL_FORM

Connect = Callable[..., Api]
COUNT = 5


@pytest.fixture
def many(admin: Api, clock: VirtualClock) -> list[str]:
    """Five matters, a minute apart; the second and fourth have a due task."""
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    keys = []
    for number in range(COUNT):
        clock.advance(timedelta(minutes=1))
        keys.append(admin.start("approval", number=number, title=f"第{number}件"))
        if number % 2:
            [task] = admin.search("user-tasks", processInstanceKey=keys[-1])
            change = {"changeset": {"dueDate": f"2026-12-0{number}T09:00:00+08:00", "priority": number}}
            admin.call("PATCH", f"/v2/user-tasks/{task['userTaskKey']}", change, status=204)
    return keys


def walk(api: Api, what: str, sort: list[dict[str, str]], key: str, towards: str = "after") -> list[str]:
    """All rows in pages of two, by the cursors of the answers."""
    found: list[str] = []
    page: dict[str, Any] = {"limit": 2}
    while True:
        answer = api.post(f"/v2/{what}/search", {"sort": sort, "page": page})
        if not answer["items"]:
            return found
        keys = [item[key] for item in answer["items"]]
        found = found + keys if towards == "after" else keys + found
        page = {"limit": 2, towards: answer["page"]["endCursor" if towards == "after" else "startCursor"]}


@pytest.mark.parametrize("order", ["ASC", "DESC", "asc"])
def test_pages_by_cursor_show_every_row_once_in_order(many: list[str], admin: Api, order: str):
    for field in ("creationDate", "dueDate", "name", "priority", "userTaskKey"):
        sort = [{"field": field, "order": order}]
        whole = admin.post("/v2/user-tasks/search", {"sort": sort})["items"]
        assert len(whole) == COUNT
        assert walk(admin, "user-tasks", sort, "userTaskKey") == [task["userTaskKey"] for task in whole], (
            field
        )


def test_pages_go_back_from_a_cursor(many: list[str], admin: Api):
    sort = [{"field": "startDate", "order": "DESC"}]
    last = admin.post("/v2/process-instances/search", {"sort": sort, "page": {"from": COUNT - 1, "limit": 1}})
    body = {"sort": sort, "page": {"limit": 3, "before": last["page"]["startCursor"]}}
    before = admin.post("/v2/process-instances/search", body)
    assert [item["processInstanceKey"] for item in before["items"]] == many[::-1][1:4]


def test_missing_values_come_last(many: list[str], admin: Api):
    found = admin.post("/v2/user-tasks/search", {"sort": [{"field": "dueDate"}]})["items"]
    assert [task["dueDate"] for task in found] == [
        "2026-12-01T01:00:00.000Z",
        "2026-12-03T01:00:00.000Z",
        None,
        None,
        None,
    ]


def test_the_total_counts_all_pages(many: list[str], admin: Api):
    answer = admin.post("/v2/user-tasks/search", {"page": {"limit": 2}})
    assert (len(answer["items"]), answer["page"]["totalItems"], answer["page"]["hasMoreTotalItems"]) == (
        2,
        COUNT,
        False,
    )


FILTERS: list[tuple[dict[str, Any], int]] = [
    ({"priority": 3}, 1),
    ({"priority": {"$gte": 1, "$lt": 3}}, 1),
    ({"priority": {"$in": [1, 3]}}, 2),
    ({"priority": {"$notIn": [1, 3]}}, 3),
    ({"dueDate": {"$exists": False}}, 3),
    ({"dueDate": {"$gt": "2026-12-01T09:00:00+08:00"}}, 1),
    ({"name": {"$like": "app*"}}, COUNT),
    ({"name": {"$like": "a?p%"}}, 0),
    ({"state": {"$neq": "CREATED"}}, 0),
    ({"tenantId": "<default>"}, COUNT),
    ({"tenantId": {"$neq": "<default>"}}, 0),
    ({"candidateGroup": {"$like": "secretariat*"}}, COUNT),
    ({"candidateUser": "resident"}, 0),
    ({"$or": [{"priority": 1}, {"priority": 3}]}, 2),
    ({"$or": []}, 0),
    ({"processInstanceVariables": [{"name": "number", "value": "2"}]}, 1),
    ({"processInstanceVariables": [{"name": "title", "value": {"$like": '"第*'}}]}, COUNT),
    ({}, COUNT),
]


def test_filters_choose_rows_by_operator(many: list[str], admin: Api):
    for filters, count in FILTERS:
        found = admin.post("/v2/user-tasks/search", {"filter": filters})["items"]
        assert len(found) == count, filters


NONSENSE: list[Any] = [
    {"filter": {"colour": "red"}},
    {"filter": {"priority": {"$like": "5"}}},
    {"filter": {"priority": "hoch"}},
    {"filter": {"creationDate": "2026-12-01T09:00:00"}},
    {"filter": {"userTaskKey": 5}},
    {"filter": {"name": {}}},
    {"filter": []},
    {"sort": [{"field": "colour"}]},
    {"sort": [{"field": "name", "order": "UP"}]},
    {"page": {"after": "!!"}},
    {"page": {"after": "WyJ4Il0="}},
    {"page": {"limit": -1}},
    {"pages": {}},
    [],
]


def test_a_search_that_cannot_be_understood_is_refused_by_name(admin: Api):
    for body in NONSENSE:
        problem = admin.post("/v2/user-tasks/search", body, status=400)
        assert problem["title"] == "INVALID_ARGUMENT", body
        assert problem["detail"], body


def test_an_empty_body_asks_for_everything(many: list[str], admin: Api):
    for body in ("", " ", "null", "{}", '{"filter":null,"sort":null,"page":null}'):
        answer = admin.call("POST", "/v2/user-tasks/search", data=body, content_type="application/json")
        assert len(answer["items"]) == COUNT


def test_a_cursor_is_standard_base64(many: list[str], admin: Api):
    cursor = admin.post("/v2/user-tasks/search", {"page": {"limit": 1}})["page"]["endCursor"]
    assert base64.b64encode(base64.b64decode(cursor, validate=True)).decode() == cursor
