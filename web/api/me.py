"""Who a program is signed in as: the first resource of ``/gov/v1``.

Programs send HTTP Basic credentials with each request (RFC 7617); there are no cookies here, so there is nothing to
forge. Answers that are not 2xx are problem details (RFC 9457).
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from web.pages import context

blueprint = Blueprint("governance_api", __name__, url_prefix="/gov/v1")


@blueprint.get("/me")
def me() -> Response | tuple[Response, int, dict[str, str]]:
    """The person behind the credentials, with everything they may act as."""
    given = request.authorization
    product = context.product()
    person = None
    if given is not None and given.type == "basic" and given.username:
        person = product.authenticate(given.username, given.password or "", request.remote_addr or "")
    actor = product.actor(person) if person else None
    if actor is None:
        return _unauthorized()
    return jsonify({"id": actor.id, "name": actor.name, "principals": sorted(actor.principals)})


def _unauthorized() -> tuple[Response, int, dict[str, str]]:
    problem = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "请提供正确的账号和密码。",
    }
    headers = {
        "WWW-Authenticate": 'Basic realm="yishi", charset="UTF-8"',
        "Content-Type": "application/problem+json",
    }
    return jsonify(problem), 401, headers
