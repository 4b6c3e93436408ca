"""What goes wrong, told to programs: problem details (RFC 9457) with the sentence a person would have read."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from engine.errors import DeploymentRefused, FormInvalid, Refusal
from web.errors import note_failure, status_of, unavailable
from workflows.collaboration.errors import TooSoon

TITLES = {
    400: "INVALID_ARGUMENT",
    401: "Unauthorized",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "INVALID_STATE",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL_ERROR",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
CHALLENGE = {"WWW-Authenticate": 'Basic realm="yishi", charset="UTF-8"'}


class Problem(Exception):
    """An answer that is not the wished-for one; ``detail`` is a Chinese sentence that says what to do."""

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more


def answer(problem: Problem) -> Response:
    """The problem as a response."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(problem.status, "UNKNOWN"),
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path,
        **problem.more,
    }
    text = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)  # errors in lists are told by number
    response = Response(text, status=problem.status, mimetype="application/problem+json")
    response.headers.update({**(CHALLENGE if problem.status == 401 else {}), **problem.headers})
    return response


def register(blueprint: Blueprint) -> None:
    """Every way an operation can fail ends in problem details."""
    blueprint.register_error_handler(Problem, answer)
    blueprint.register_error_handler(Refusal, _refused)
    blueprint.register_error_handler(HTTPException, _http)
    blueprint.register_error_handler(OperationalError, _unavailable)
    blueprint.register_error_handler(Exception, _unexpected)


def _refused(refusal: Refusal) -> Response:
    status = status_of(refusal)
    more: dict[str, Any] = {}
    if isinstance(refusal, FormInvalid):
        more["errors"] = refusal.errors
    if isinstance(refusal, DeploymentRefused):
        more["problems"] = [
            {"resource": p.resource, "element": p.label, "message": p.message} for p in refusal.problems
        ]
    headers = (
        {"Retry-After": format_datetime(refusal.until, usegmt=True)} if isinstance(refusal, TooSoon) else {}
    )
    return answer(Problem(400 if status == 422 else status, str(refusal), headers, **more))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.description == "csrf":
        sentence = _(
            "用网页的登录调用接口时，改动数据的请求须带 X-CSRF-Token。请用 /gov/v1/me 里的 csrfToken。"
        )
        return answer(Problem(403, sentence))
    sentences = {
        404: _("没有这个接口。支持的接口见 /openapi.json。"),
        405: _("这个地址不接受这种请求方法。"),
        413: _("请求内容太大。"),
    }
    return answer(Problem(status, sentences.get(status, _("没有看懂这次请求。"))))


def _unavailable(error: OperationalError) -> Response:
    note_failure(error)
    return answer(Problem(503, unavailable()))


def _unexpected(error: Exception) -> Response:
    reference = note_failure(error)
    return answer(Problem(500, _("系统出错，已经记录，编号 %(reference)s。", reference=reference)))
