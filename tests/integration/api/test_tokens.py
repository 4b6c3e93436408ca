"""Tokens: made with a password, shown once, limited, revoked, run out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.clock import VirtualClock
from tests.integration.api.conftest import Api
from web.wiring import Product
from workflows.accounts import store as accounts

Connect = Callable[..., Api]
PASSWORD = "议事厅东门口的老槐树"


@pytest.fixture
def client(app: Flask, product: Product) -> FlaskClient:
    with product.store.transaction() as connection:
        accounts.create(connection, "secretary", "mishu", PASSWORD)
    return app.test_client()


def issue(client: FlaskClient, status: int = 200, **body: Any) -> Any:
    answer = client.post("/gov/v1/api-tokens", auth=("mishu", PASSWORD), json={"name": "报表", **body})
    assert answer.status_code == status, answer.text
    return answer.get_json(force=True)


def me(client: FlaskClient, token: str) -> int:
    return client.get("/gov/v1/me", auth=("whoever", token)).status_code


def test_a_token_made_with_the_password_acts_for_its_person(client: FlaskClient):
    issued = issue(client)
    assert issued["scopes"] == ["read", "write"]
    answer = client.get("/gov/v1/me", headers={"Authorization": f"Bearer {issued['token']}"}).get_json()
    assert (answer["id"], answer["scopes"]) == ("secretary", ["read", "write"])


def test_the_list_tells_everything_but_the_secret(client: FlaskClient):
    token = issue(client)["token"]
    me(client, token)
    answer = client.get("/gov/v1/api-tokens", auth=("", token))
    [row] = answer.get_json()["items"]
    assert row["usedAt"] is not None
    assert token.split("_", 2)[2] not in answer.text


def test_the_database_does_not_hold_the_secret(client: FlaskClient, product: Product):
    secret = issue(client)["token"].split("_", 2)[2]
    with product.store.snapshot() as connection:
        [row] = connection.exec_driver_sql("SELECT * FROM api_token").all()
    assert not any(secret in str(value) for value in row)


def test_a_token_cannot_make_another(client: FlaskClient):
    token = issue(client)["token"]
    assert client.post("/gov/v1/api-tokens", auth=("", token), json={"name": "又一个"}).status_code == 403


def test_a_token_is_not_kept_to_be_told_again(client: FlaskClient, product: Product):
    answers = [
        client.post(
            "/gov/v1/api-tokens",
            auth=("mishu", PASSWORD),
            json={"name": "报表"},
            headers={"Idempotency-Key": "a1"},
        )
        for _ in range(2)
    ]
    first, again = (answer.get_json()["token"] for answer in answers)
    assert first != again
    with product.store.snapshot() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM request_once").all()
    assert first not in str(kept)


def test_a_password_is_good_for_tokens_only(client: FlaskClient):
    assert client.get("/v2/topology", auth=("mishu", PASSWORD)).status_code == 401


def test_a_revoked_token_is_good_for_nothing(client: FlaskClient):
    issued = issue(client)
    path = f"/gov/v1/api-tokens/{issued['id']}"
    assert client.delete(path, auth=("mishu", PASSWORD)).status_code == 204
    assert me(client, issued["token"]) == 401
    assert client.delete(path, auth=("mishu", PASSWORD)).status_code == 404


def test_a_token_runs_out(client: FlaskClient, clock: VirtualClock):
    expires = (clock.now() + timedelta(days=1)).isoformat()
    token = issue(client, expiresAt=expires)["token"]
    assert me(client, token) == 200
    clock.advance(timedelta(days=1))
    assert me(client, token) == 401


def test_a_token_of_a_closed_account_is_good_for_nothing(client: FlaskClient, product: Product):
    token = issue(client)["token"]
    with product.store.transaction() as connection:
        accounts.set_disabled(connection, "secretary", True)
    assert me(client, token) == 401


def test_nobody_revokes_the_token_of_another(client: FlaskClient, api: Connect):
    issued = issue(client)
    api("resident").call("DELETE", f"/gov/v1/api-tokens/{issued['id']}", status=404)
    assert me(client, issued["token"]) == 200


def test_a_scope_that_does_not_exist_is_refused(client: FlaskClient):
    assert "scopes" in issue(client, 400, scopes=["everything"])["errors"]


def test_too_many_requests_are_told_when_to_come_back(admin: Api):
    statuses = [admin.send("GET", "/v2/license").status_code for _ in range(1001)]
    assert statuses[-1] == 429
    answer = admin.send("GET", "/v2/license")
    assert answer.headers["Retry-After"] == "1"
    assert answer.get_json(force=True)["title"] == "RESOURCE_EXHAUSTED"
