"""Browser sessions: signed cookies that last from one visit to the next, renewed on the way now and then."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature, URLSafeTimedSerializer

LIFETIME = timedelta(hours=12)
"""How long a browser may be idle."""

RENEWAL = timedelta(minutes=10)
"""How old a cookie may get before it is signed anew; doing so with each answer costs as much as the page's queries."""


class Session(SecureCookieSession):
    """What a browser carries along; ``aged`` once its cookie is due for renewal."""

    aged = False


class Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, except that an unchanged one is sent again only when its cookie has aged."""

    session_class = Session

    def __init__(self) -> None:
        self._serializers: dict[object, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs with the application's secret, made once."""
        if app.secret_key not in self._serializers:
            self._serializers[app.secret_key] = super().get_signing_serializer(app)
        return self._serializers[app.secret_key]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of the request's cookie, an empty one without a valid cookie."""
        serializer = self.get_signing_serializer(app)
        cookie = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not cookie:
            return super().open_session(app, request)
        try:
            return Session(serializer.loads(cookie, max_age=int(RENEWAL.total_seconds())))
        except BadSignature:  # aged, or too old for anything, or none of ours
            session = super().open_session(app, request)
            if isinstance(session, Session):
                session.aged = True
            return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether it has changed, or is in use and due; files for everybody never carry one."""
        aged = isinstance(session, Session) and session.aged
        return session.modified or (aged and session.permanent and session.accessed)
