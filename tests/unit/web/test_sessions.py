"""Which answers carry a session cookie."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from web.sessions import LIFETIME, RENEWAL, Sessions

START = 1_800_000_000


class Clock:
    """The time cookies are signed at, in seconds."""

    seconds = START

    def pass_by(self, time: timedelta) -> None:
        self.seconds += int(time.total_seconds())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _signer: clock.seconds)
    return clock


@pytest.fixture
def client(clock: Clock) -> FlaskClient:
    app = Flask("sessions")
    app.config.update(SECRET_KEY="only for this test", PERMANENT_SESSION_LIFETIME=LIFETIME)
    app.session_interface = Sessions()

    @app.get("/in")
    def sign_in() -> str:
        session["person"], session.permanent = "resident", True
        return ""

    @app.get("/who")
    def who() -> str:
        return str(session.get("person"))

    @app.get("/picture")
    def picture() -> str:
        return "the same for everybody"

    return app.test_client()


def cookies(client: FlaskClient, path: str) -> list[str]:
    return client.get(path).headers.getlist("Set-Cookie")


def test_a_young_session_is_not_sent_again(client: FlaskClient, clock: Clock):
    assert cookies(client, "/in")
    clock.pass_by(RENEWAL)
    assert cookies(client, "/who") == []


def test_an_aged_session_is_renewed_by_the_page_that_uses_it(client: FlaskClient, clock: Clock):
    client.get("/in")
    clock.pass_by(RENEWAL + timedelta(seconds=1))
    assert cookies(client, "/picture") == []
    assert len(cookies(client, "/who")) == 1
    assert cookies(client, "/who") == []


def test_who_comes_back_in_time_stays_signed_in(client: FlaskClient, clock: Clock):
    client.get("/in")
    for _ in range(3):
        clock.pass_by(LIFETIME - timedelta(minutes=1))
        assert client.get("/who").text == "resident"


def test_who_stays_away_too_long_is_signed_out(client: FlaskClient, clock: Clock):
    client.get("/in")
    clock.pass_by(LIFETIME + timedelta(seconds=1))
    assert client.get("/who").text == "None"


def test_a_cookie_signed_by_somebody_else_is_none(client: FlaskClient, clock: Clock):
    client.get("/in")
    client.application.config["SECRET_KEY"] = "another"
    assert client.get("/who").text == "None"
