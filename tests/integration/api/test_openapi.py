"""The description of the interfaces: complete, and true of the answers."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from flask import Flask

from tests.architecture.sources import ROOT
from tests.integration.api.conftest import Api
from web import api as interfaces
from web.api import reference
from web.api.operations import Operation

OPERATIONS: list[Operation] = [
    operation
    for _prefix, areas in interfaces.BLUEPRINTS.values()
    for area in areas
    for operation in area.operations
]


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return found


def test_every_operation_is_described_once(document: dict[str, Any]):
    told = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert sorted(told) == sorted(operation.id for operation in OPERATIONS)
    assert len(set(told)) == len(told)


def test_every_pointer_leads_somewhere(document: dict[str, Any]):
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_pointers(document)) <= known


def test_parameters_of_the_path_are_the_ones_described(document: dict[str, Any]):
    for path, methods in document["paths"].items():
        for one in methods.values():
            names = [parameter["name"] for parameter in one.get("parameters", [])]
            assert all(f"{{{name}}}" in path for name in names)
            assert path.count("{") == len(names)


@pytest.mark.parametrize(
    "path", ["/v2/nothing", "/v2/user-tasks/abc", "/v2/user-tasks/1%0A2", "/v2/", "/gov/v1/x/y"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_there_is_not_answers_as_a_problem(admin: Api, method: str, path: str):
    answer = admin.send(method, path)
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert set(answer.get_json(force=True)) == {"type", "title", "status", "detail", "instance"}


def test_a_whole_number_may_be_written_with_a_point(admin: Api):
    assert admin.call("POST", "/v2/user-tasks/search", {"page": {"limit": 5.0}})["items"] == []
    admin.call("POST", "/v2/user-tasks/search", {"page": {"limit": 5.5}}, status=400)


def _pointers(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [pointer for value in part.values() for pointer in _pointers(value)]
    if isinstance(part, list):
        return [pointer for value in part for pointer in _pointers(value)]
    return []


def test_the_reference_tells_every_operation_as_it_is():
    written = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
    assert written.endswith(reference.text()), "renew it: python -m web.api.reference docs/reference/api.md"


def test_every_example_of_the_reference_is_understood():
    for operation in OPERATIONS:
        if operation.body is not None and not operation.files:
            operation.body().load(reference.body(operation) or {})


def test_every_python_line_of_the_reference_is_one_call():
    for prefix, areas in interfaces.BLUEPRINTS.values():
        for operation in (operation for area in areas for operation in area.operations):
            line = ast.parse(reference.python(prefix, operation), mode="eval").body
            assert isinstance(line, ast.Call)
            assert ast.unparse(line.func) == "call"
