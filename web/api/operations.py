"""Operations: one table entry each, from which routes, permissions and the OpenAPI document all follow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError, fields, pre_load
from marshmallow.validate import Length, OneOf

from engine import values
from engine.runtime import Work
from web import once
from web.api import credentials, problems
from web.api.fields import Body, Text, Whole
from web.api.limits import RateLimit
from web.api.paging import MAX_LIMIT, MAX_SORTS
from web.api.problems import Problem
from web.api.rules import Caller, Rule, Scope, allows
from web.api.search import Search
from web.pages.context import product
from web.wiring import Product

ANSWERED = "application/json"
IDEMPOTENCY_KEY = "Idempotency-Key"
"""A request that changes something and bears the same key as one before is answered like that one, not done again."""
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One request being answered: by whom, in which transaction, with what body."""

    caller: Caller
    work: Work
    body: dict[str, Any]
    product: Product


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of an operation for everybody: nobody is known, no transaction is begun."""

    product: Product
    body: dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """What may be asked at one address with one method.

    ``answer`` is the schema of a 200, a media type for answers that are not JSON, or ``None`` for a 204.
    ``scope`` is what a token must be good for; ``password`` admits a member's own password; ``files`` names the
    parts of a multipart body that carry files. A ``secret`` answer is told once and kept nowhere, so that asking
    again with the same Idempotency-Key cannot repeat it.
    """

    id: str
    method: str
    path: str
    summary: str
    handler: Callable[..., Any]
    rule: Rule
    scope: Scope
    body: type[Schema] | None = None
    search: Search | None = None
    answer: type[Schema] | str | None = None
    also_empty: bool = False
    reads: bool = False
    password: bool = False
    files: str = ""
    secret: bool = False

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Names and kinds of what stands in the path."""
        return [(name, kind or "string") for kind, name in _PARAMETER.findall(self.path)]


@dataclass
class Area:
    """The operations of one kind of thing; a module has one and fills it with decorators."""

    name: str
    operations: list[Operation] = field(default_factory=list)

    def get(self, path: str, identity: str, summary: str, **more: Any) -> Callable[[Any], Any]:
        return self._add("GET", path, identity, summary, {"scope": Scope.READ, "reads": True, **more})

    def post(self, path: str, identity: str, summary: str, **more: Any) -> Callable[[Any], Any]:
        return self._add("POST", path, identity, summary, more)

    def put(self, path: str, identity: str, summary: str, **more: Any) -> Callable[[Any], Any]:
        return self._add("PUT", path, identity, summary, more)

    def patch(self, path: str, identity: str, summary: str, **more: Any) -> Callable[[Any], Any]:
        return self._add("PATCH", path, identity, summary, more)

    def delete(self, path: str, identity: str, summary: str, **more: Any) -> Callable[[Any], Any]:
        return self._add("DELETE", path, identity, summary, more)

    def searches(self, path: str, identity: str, summary: str, search: Search, **more: Any) -> None:
        """A search over everything the caller may see."""

        def handler(call: Call) -> dict[str, Any]:
            return search.run(call.work, call.body)

        self.searching(path, identity, summary, search, **more)(handler)

    def searching(
        self, path: str, identity: str, summary: str, search: Search, **more: Any
    ) -> Callable[[Any], Any]:
        """A search whose handler narrows it first."""
        reading = {"scope": Scope.READ, "reads": True, "search": search, "body": SearchBody}
        return self._add("POST", path, identity, summary, {**reading, **more})

    def shows(self, path: str, identity: str, summary: str, search: Search, **more: Any) -> None:
        """One row of a search by its key."""

        def handler(call: Call, key: int) -> dict[str, Any]:
            return search.row(call.work, key)

        self.get(path, identity, summary, answer=search.answer, **more)(handler)

    def _add(
        self, method: str, path: str, identity: str, summary: str, more: Mapping[str, Any]
    ) -> Callable[[Any], Any]:
        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            given = {"rule": Rule.MEMBER, "scope": Scope.WRITE, **more}
            self.operations.append(Operation(identity, method, path, summary, handler, **given))
            return handler

        return register


class SortItem(Body):
    """One field to sort by."""

    field = Text(required=True)
    order = Text(load_default="ASC", validate=OneOf(["ASC", "DESC"]))

    @pre_load
    def _in_capitals(self, item: Any, **_: Any) -> Any:
        """Clients up to 8.8 write ``asc``."""
        if isinstance(item, dict) and isinstance(item.get("order"), str):
            return {**item, "order": item["order"].upper()}
        return item


class PageBody(Body):
    """Which part of the result: by number, or from a cursor of an earlier answer."""

    limit = Whole(least=0, most=MAX_LIMIT)
    from_ = Whole(least=0, data_key="from")
    after = Text()
    before = Text()


class SearchBody(Body):
    """What every search takes; everything may be left out."""

    filter = fields.Raw(allow_none=True)
    sort = fields.List(fields.Nested(SortItem), allow_none=True, validate=Length(max=MAX_SORTS))
    page = fields.Nested(PageBody, allow_none=True)


def publish(blueprint: Blueprint, areas: Iterable[Area], limit: RateLimit) -> None:
    """Give every operation its route; what has none answers 404 as problem details."""
    problems.register(blueprint)
    for area in areas:
        for operation in area.operations:
            view = _view(operation, limit)
            blueprint.add_url_rule(operation.path, operation.id, view, methods=[operation.method])
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    blueprint.add_url_rule("/<anything:rest>", "unknown", _unknown, methods=methods)


def _unknown(rest: str) -> Response:
    raise Problem(404, _("没有这个接口。支持的接口见 /openapi.json。"))


def _view(operation: Operation, limit: RateLimit) -> Callable[..., Response]:
    def view(**path: Any) -> Response:
        installation = product()
        caller = _admitted(operation, installation)
        limit.take(caller.actor.id if caller else request.remote_addr or "")
        body = read_body(operation)
        if caller is None:
            return _answer(operation, operation.handler(Visit(installation, body), **path))
        engine = installation.engine
        begin = engine.look if operation.reads else engine.work
        with begin(caller.actor, caller.community) as work:
            call = Call(caller, work, body, installation)
            return _done_once(operation, call, lambda: _answer(operation, operation.handler(call, **path)))

    return view


def _done_once(operation: Operation, call: Call, act: Callable[[], Response]) -> Response:
    """The answer, and to the same request with the same Idempotency-Key the same one again without acting."""
    mark = _mark(operation)
    if not mark:
        return act()
    earlier = once.earlier_answer(call.work, mark)
    if earlier is not None:
        return Response(earlier, status=200 if earlier else 204, mimetype=ANSWERED)
    answer = act()
    once.note_answer(call.work, mark, answer.get_data(as_text=True))
    return answer


def _mark(operation: Operation) -> str:
    """What the request is told from others by; empty when it may be done as often as it is asked."""
    key = request.headers.get(IDEMPOTENCY_KEY, "")
    if not key or operation.reads or operation.secret or operation.files:
        return ""
    return values.digest(request.method, request.path, key, request.get_data(as_text=True))


def _admitted(operation: Operation, installation: Product) -> Caller | None:
    if operation.rule is Rule.EVERYBODY:
        return None
    caller = credentials.caller(installation, password=operation.password)
    if not allows(operation.rule, operation.scope, caller):
        raise Problem(403, _("您的岗位或令牌的权限不包括这个操作。"))
    return caller


def read_body(operation: Operation) -> dict[str, Any]:
    """The body as its schema reads it; an empty one stands for ``{}``."""
    if operation.body is None:
        return {}
    if operation.files:
        given: Any = request.form.to_dict()
    else:
        given = _json()
    try:
        found: dict[str, Any] = operation.body().load(given)
    except ValidationError as fault:
        raise Problem(400, _sentence(fault.messages_dict), errors=fault.messages_dict) from fault
    return found


def _json() -> Any:
    raw = request.get_data()
    if not raw.strip():
        return {}
    try:
        given = orjson.loads(raw)
    except orjson.JSONDecodeError as fault:
        raise Problem(400, _("请求内容不是有效的 JSON。")) from fault
    return {} if given is None else given


def _sentence(messages: Mapping[str, Any]) -> str:
    """The first thing that is wrong with a body, with its place."""
    place: list[str] = []
    found: Any = messages
    while isinstance(found, Mapping) and found:
        name, found = next(iter(found.items()))
        place.append(str(name))
    text = found[0] if isinstance(found, list) and found else found
    return f"{'.'.join(place)}：{text}"


def _answer(operation: Operation, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if result is None and (operation.answer is None or operation.also_empty) and operation.search is None:
        return Response(status=204)
    if isinstance(operation.answer, str):
        return Response(result, mimetype=operation.answer)
    if operation.answer is not None:
        result = operation.answer().dump(result)
    return Response(orjson.dumps(result), mimetype=ANSWERED)
