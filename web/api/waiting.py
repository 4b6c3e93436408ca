"""Long polling, the part inside the application: an empty answer says how long it may be held back.

The server in front (:mod:`web.front`) reads the mark, takes it off, and asks again when there is a job; so a
worker that waits holds no thread. Without that server the empty answer simply goes out at once.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask import Response, after_this_request

MARK = "Yishi-Wait"
"""The header that carries the mark; it never leaves the installation."""

DEFAULT_SECONDS = 10.0
LONGEST_SECONDS = 60.0


def may_wait(job_type: str, request_timeout: int) -> None:
    """Mark this answer: a job of this type may still come. ``request_timeout`` is in milliseconds: negative not to
    wait at all, 0 for as long as the server likes.
    """
    if request_timeout < 0:
        return
    seconds = min(request_timeout / 1000, LONGEST_SECONDS) if request_timeout else DEFAULT_SECONDS

    @after_this_request
    def mark(response: Response) -> Response:
        response.headers[MARK] = f"{seconds} {quote(job_type)}"
        return response


def read_mark(text: str) -> tuple[float, str]:
    """How many seconds the answer may be held back, and for which job type."""
    seconds, _, job_type = text.partition(" ")
    return float(seconds), unquote(job_type)
