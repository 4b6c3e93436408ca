"""Who may call what: every route of the application against every role, from the URL map itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule as Route

from tests.integration.api.conftest import Api
from tests.integration.api.models import APPROVAL, APPROVAL_FORM
from tests.integration.web.community import ORGANISATION
from web import api as interfaces
from web.api import reference
from web.api.rules import Rule, Scope
from web.wiring import Product
from workflows.organisation.importer import import_organisation

Connect = Callable[..., Api]

OPERATIONS = {
    f"{name}.{operation.id}": operation
    for name, (_prefix, areas) in interfaces.BLUEPRINTS.items()
    for area in areas
    for operation in area.operations
}
BESIDE = {"engine_api.unknown", "governance_api.unknown", "api_description.openapi"}
"""Routes for programs that are no operations: what is not there, and the description itself."""

ROLES = {
    "": set(),
    "resident": {Rule.MEMBER},
    "secretary": {Rule.MEMBER},
    "auditor": {Rule.MEMBER, Rule.OVERSEER},
    "admin": {Rule.MEMBER, Rule.OVERSEER, Rule.ADMINISTRATOR},
}
"""Which rules each role fulfils, beside those everybody does."""

BODIES = {
    "assignUserTask": {"assignee": "resident"},
}
"""What operations need to be understood at all, where the reference's example would change something."""

NOWHERE = "4611686018427387904"


def program_routes(app: Flask) -> list[Route]:
    return [
        r
        for r in app.url_map.iter_rules()
        if r.endpoint.partition(".")[0] in (*interfaces.BLUEPRINTS, "api_description")
    ]


def address(route: Route) -> str:
    return re.sub(r"<[^>]+>", NOWHERE, route.rule)


@pytest.fixture
def auditor(api: Connect, product: Product) -> Api:
    post = {"person": "neighbour", "role": "auditor", "place": "jsjy"}
    with product.store.transaction() as connection:
        import_organisation(connection, {**ORGANISATION, "posts": [*ORGANISATION["posts"], post]})
    return api("neighbour")


def test_every_route_for_programs_has_a_rule(app: Flask):
    found = {route.endpoint for route in program_routes(app)}
    assert found - BESIDE == set(OPERATIONS)
    assert all(isinstance(operation.rule, Rule) for operation in OPERATIONS.values())


def test_what_changes_something_needs_more_than_reading(app: Flask):
    changing = {o.id for o in OPERATIONS.values() if not o.reads and o.rule is not Rule.EVERYBODY}
    assert {o.id for o in OPERATIONS.values() if o.scope is Scope.READ} & changing == set()


@pytest.mark.parametrize("role", ["", "resident", "secretary", "admin"])
def test_every_route_admits_whom_its_rule_admits(app: Flask, api: Connect, role: str):
    caller = api(role)
    for route in program_routes(app):
        operation = OPERATIONS.get(route.endpoint)
        if operation is None:
            continue
        status = caller.send(operation.method, address(route), {} if operation.body else None).status_code
        allowed = operation.rule is Rule.EVERYBODY or operation.rule in ROLES[role]
        if role == "" and not allowed:
            assert status == 401, operation.id
        else:
            assert (status in (401, 403)) == (not allowed), (operation.id, status)


def test_auditors_read_what_administrators_read_and_change_nothing(app: Flask, auditor: Api):
    for route in program_routes(app):
        operation = OPERATIONS.get(route.endpoint)
        if operation is None or operation.rule not in (Rule.OVERSEER, Rule.ADMINISTRATOR):
            continue
        status = auditor.send(operation.method, address(route), {} if operation.body else None).status_code
        assert (status == 403) == (operation.rule is Rule.ADMINISTRATOR), (operation.id, status)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_is_good_for_its_scope_only(app: Flask, api: Connect, scope: Scope):
    caller = api("admin", (scope,))
    for route in program_routes(app):
        operation = OPERATIONS.get(route.endpoint)
        if operation is None or operation.rule is Rule.EVERYBODY:
            continue
        status = caller.send(operation.method, address(route), {} if operation.body else None).status_code
        assert (status == 403) == (operation.scope is not scope), (operation.id, status)


def test_nobody_reads_a_matter_that_does_not_concern_them(api: Connect, admin: Api, app: Flask):
    """Every route with a key in its path, asked with real keys by somebody whom the matter does not concern."""
    admin.deploy(("approval.bpmn", APPROVAL), ("approval.form", APPROVAL_FORM))
    instance = admin.start("approval")
    [task] = admin.search("user-tasks")
    element = task["elementInstanceKey"]
    [number] = admin.search("variables", name="matter_no")
    private = {
        "/matters/": str(number["value"]).strip('"'),
        "/user-tasks/": task["userTaskKey"],
        "/process-instances/": instance,
        "/element-instances/": element,
    }
    stranger = api("resident")
    asked = 0
    for route in program_routes(app):
        operation = OPERATIONS.get(route.endpoint)
        key = next((key for part, key in private.items() if part in route.rule and "<" in route.rule), None)
        if operation is None or key is None:
            continue
        asked += 1
        body = BODIES.get(operation.id, reference.body(operation) or {})
        answer = stranger.send(
            operation.method, re.sub(r"<[^>]+>", str(key), route.rule), body if operation.body else None
        )
        assert answer.status_code in (403, 404), (operation.id, answer.text)
    assert asked > 35
    for what in ("user-tasks", "process-instances", "element-instances", "audit-logs"):
        assert stranger.search(what) == []


def test_wrong_and_missing_credentials_look_the_same(app: Flask):
    client = app.test_client()
    path = "/v2/topology"
    missing = client.get(path)
    for header in ("Bearer yst_0_x", "Bearer nonsense", "Basic !!", "Basic YWRtaW46d3Jvbmc="):
        wrong = client.get(path, headers={"Authorization": header})
        assert (wrong.status_code, wrong.data) == (401, missing.data)
        assert wrong.headers["WWW-Authenticate"].startswith("Basic")
