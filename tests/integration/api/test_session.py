"""The interfaces called by a page of ours, by the session of whoever is signed in."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.api import tokens
from web.api.rules import Scope
from web.wiring import Product


@pytest.fixture
def page(app: Flask) -> FlaskClient:
    """A browser in which the resident is signed in."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["person"] = "resident"
    return client


READ = ("/gov/v1/notifications/read", {"ids": []})


def test_a_session_reads_as_the_person_who_is_signed_in(page: FlaskClient):
    me = page.get("/gov/v1/me").get_json()
    assert (me["id"], me["administrator"]) == ("resident", False)
    assert page.post("/v2/deployments").status_code == 403


def test_a_session_changes_nothing_without_its_token(page: FlaskClient):
    path, body = READ
    refused = page.post(path, json=body)
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert "X-CSRF-Token" in refused.get_json()["detail"]
    wrong = page.post(path, json=body, headers={"X-CSRF-Token": "guessed"})
    assert wrong.status_code == 403


def test_a_session_with_its_token_changes_what_the_person_may(page: FlaskClient):
    path, body = READ
    token = page.get("/gov/v1/me").get_json()["csrfToken"]
    assert page.post(path, json=body, headers={"X-CSRF-Token": token}).status_code == 204


def test_another_site_cannot_use_a_session_even_with_its_token(page: FlaskClient):
    path, body = READ
    token = page.get("/gov/v1/me").get_json()["csrfToken"]
    headers = {"X-CSRF-Token": token, "Sec-Fetch-Site": "cross-site"}
    assert page.post(path, json=body, headers=headers).status_code == 403


def test_who_is_not_signed_in_is_asked_for_credentials(app: Flask):
    path, body = READ
    assert app.test_client().post(path, json=body).status_code == 401


def test_wrong_credentials_are_not_made_up_for_by_a_session(page: FlaskClient):
    path, body = READ
    for header in ("Bearer nonsense", "Basic !!", "Digest x"):
        headers = {"Authorization": header}
        assert page.get("/gov/v1/me", headers=headers).status_code == 401
        assert page.post(path, json=body, headers=headers).status_code == 401


def test_a_token_acts_for_its_own_person_in_whatever_browser(page: FlaskClient, product: Product):
    actor = product.actor("secretary")
    assert actor is not None
    with product.engine.work(actor, "jsjy") as work:
        token = tokens.issue(work, "测试", [Scope.READ], None)["token"]
    me = page.get("/gov/v1/me", headers={"Authorization": f"Bearer {token}"}).get_json()
    assert (me["id"], me["csrfToken"]) == ("secretary", None)
