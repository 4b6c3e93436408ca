"""Refusals become pages: one table of statuses, one template, sentences that say what to do."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from engine.errors import (
    AlreadyCompleted,
    DeploymentRefused,
    FormInvalid,
    NotAllowed,
    NotFound,
    Refusal,
    WrongState,
)
from workflows.collaboration.errors import TooSoon

log = logging.getLogger("yishi.web")

STATUS: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    TooSoon: 429,
    WrongState: 409,
    AlreadyCompleted: 409,
    FormInvalid: 422,
    DeploymentRefused: 422,
    Refusal: 422,
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal: that of the nearest class in the table."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def register_errors(app: Flask) -> None:
    """Every way a request can fail ends in a Chinese page."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def _refused(refusal: Refusal) -> tuple[str, int]:
    status = status_of(refusal)
    if status == 404:  # whatever the reason, the same page to the byte
        return page(404)
    return page(status, str(refusal))


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    return page(code, _csrf_sentence() if error.description == "csrf" else None)


def _unavailable(error: OperationalError) -> tuple[str, int]:
    """The disk is full, or the database cannot be reached: nobody knows whether the last word still arrived."""
    return page(503, reference=note_failure(error))


def _unexpected(error: Exception) -> tuple[str, int]:
    return page(500, reference=note_failure(error))


def note_failure(error: Exception) -> str:
    """Write it into the log, under a reference that people can give to the administrator."""
    reference = secrets.token_hex(4).upper()
    log.error("%s %s failed, reference %s", request.method, request.path, reference, exc_info=error)
    return reference


def unavailable() -> str:
    return _(
        "数据库暂时不可用，这次提交没有得到确认。请稍等片刻，打开“待办”看看是否已经办成，没有再提交一次。"
    )


def page(status: int, sentence: str | None = None, reference: str | None = None) -> tuple[str, int]:
    """The error page of a status: what happened, and what to do now."""
    title, advice = _texts(status)
    body = render_template(
        "error.html", status=status, error_title=title, advice=sentence or advice, reference=reference
    )
    return body, status


def _csrf_sentence() -> str:
    return _("页面打开得太久，为了安全没有提交。请返回上一页，刷新后再试。")


def _texts(status: int) -> tuple[str, str]:
    texts = {
        400: (_("没有看懂这次请求"), _("请返回上一页，刷新后再试。")),
        403: (_("您不能做这一步"), _("如果需要办理，请联系社区秘书处。")),
        404: (_("没有找到"), _("这一页不存在，或者与您无关。请从“待办”重新进入。")),
        405: (_("不能这样打开"), _("请从页面上的按钮进入。")),
        409: (_("这一步已经办结"), _("不需要再次提交。")),
        413: (_("文件太大"), _("一次提交的内容太大。请压缩照片，或分几次上传，每个文件不超过 10 MB。")),
        422: (_("没有办成"), _("请按提示修改后再试。")),
        429: (_("尝试次数太多"), _("请稍等片刻再试。")),
        500: (
            _("系统出错了"),
            _("您提交的内容没有生效，已经自动记录。请稍后重试；如果仍然不行，请把编号告诉管理员。"),
        ),
        503: (_("暂时存不下来"), unavailable()),
    }
    return texts.get(status, texts[400] if status < 500 else texts[500])
