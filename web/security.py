"""What every response carries and every request must show: headers, CSRF token, session, throttle.

Sources: OWASP ASVS 5.0 V3.3–3.5 (cookies, headers, CSRF), V2.4.1 and V6.3.1 (anti-automation).
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, Response, abort, request, session
from markupsafe import Markup

from web import sessions
from web.settings import Settings

CSRF_FIELD = "csrf_token"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Called by programs with an Authorization header, which no other site can make a browser send.
API_PREFIXES = ("/v2/", "/gov/v1/")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EDITOR_POLICY = (
    CONTENT_SECURITY_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    + "; frame-src 'self'"
)
"""For the editors alone, whose libraries set styles on elements; the frame shows the preview of a form."""
PREVIEW_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def protect(app: Flask, settings: Settings) -> None:
    """Sign sessions with the installation's secret, check CSRF on every change, set the headers."""
    app.config.update(
        SECRET_KEY=settings.secret(),
        SESSION_COOKIE_NAME="__Host-yishi" if settings.secure_cookies else "yishi",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.LIFETIME,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        MAX_FORM_PARTS=5000,
    )
    app.session_interface = sessions.Sessions()
    app.before_request(_check_csrf)
    app.after_request(_set_headers(settings))
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """The token of this browser session, made when first asked for."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def csrf_field() -> Markup:
    """The hidden input every form carries."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, csrf_token())


def _check_csrf() -> None:
    if request.method in SAFE_METHODS or _is_program():
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(400, description="csrf")
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), str(session.get("csrf", "")).encode()) or not given:
        abort(400, description="csrf")


def _is_program() -> bool:
    """Whether the request is one for programs that does not rest on this browser's session."""
    is_api = request.path.startswith(API_PREFIXES)
    return is_api and ("Authorization" in request.headers or "person" not in session)


def _set_headers(settings: Settings) -> Callable[[Response], Response]:
    def set_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure_cookies:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static":
            # Pages are personal: neither a proxy nor the back button of a shared phone may show them.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return set_headers


@dataclass(slots=True)
class _Failures:
    count: int
    blocked_until: datetime


class Throttle:
    """Slows down guessing from one address: past a few failures each further one doubles the wait, up to a limit.

    Kept in this process; accounts count their own failures in the database, whichever address they come from.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        free: int = 10,
        first: timedelta = timedelta(seconds=2),
        longest: timedelta = timedelta(minutes=15),
        remembered: int = 10_000,
    ) -> None:
        self._now = now
        self._free = free
        self._first = first
        self._longest = longest
        self._remembered = remembered
        self._failures: dict[str, _Failures] = {}
        self._lock = threading.Lock()

    def wait(self, address: str) -> timedelta:
        """How long this address must still wait; zero when it may try now."""
        with self._lock:
            known = self._failures.get(address)
        return max(timedelta(0), known.blocked_until - self._now()) if known else timedelta(0)

    def failed(self, address: str) -> None:
        """Remember one more failure."""
        now = self._now()
        with self._lock:
            self._forget(now)
            count = self._failures[address].count + 1 if address in self._failures else 1
            doublings = min(max(0, count - self._free), 20)
            pause = min(self._longest, self._first * 2**doublings) if doublings else timedelta(0)
            self._failures[address] = _Failures(count, now + pause)

    def succeeded(self, address: str) -> None:
        """A right password clears the record."""
        with self._lock:
            self._failures.pop(address, None)

    def _forget(self, now: datetime) -> None:
        if len(self._failures) >= self._remembered:
            recent = {a: f for a, f in self._failures.items() if f.blocked_until + self._longest > now}
            self._failures = recent
