"""The OpenAPI document (3.1), made from the operations and their schemas, so that it cannot disagree with them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, OneOf, Range

from web.api import conditions
from web.api.fields import Answer, Flag, Instant, JsonText, Key, Stored, Variables, Whole
from web.api.operations import Area, Operation
from web.api.paging import MAX_LIMIT, MAX_SORTS
from web.api.problems import TITLES
from web.api.rules import Rule
from web.api.search import Search
from web.api.v2.changes import AncestorKey

VERSION = "1.0.0"
DIGITS = {"type": "string", "pattern": "^[0-9]{1,19}$"}
ERRORS = (400, 401, 403, 404, 409, 413, 429)
"""What any operation may answer instead."""

SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "description": "令牌，在 /gov/v1/api-tokens 新建"},
    "basic": {"type": "http", "scheme": "basic", "description": "用户名任意，密码填令牌"},
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "enum": sorted({*TITLES.values(), "UNKNOWN"})},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "object"},
        "problems": {"type": "array", "items": {"type": "object"}},
    },
}

Json = dict[str, Any]


def document(parts: Iterable[tuple[str, Iterable[Area]]]) -> Json:
    """All operations, by the prefix of their addresses."""
    writer = _Writer()
    paths: dict[str, Json] = {}
    for prefix, areas in parts:
        for area in areas:
            for operation in area.operations:
                path = paths.setdefault(prefix + shown_path(operation), {})
                path[operation.method.lower()] = writer.operation(area, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "议事接口",
            "version": VERSION,
            "description": "供程序使用的接口。字段名与状态照 Camunda 8.9。",
        },
        "paths": paths,
        "components": {"schemas": {"Problem": PROBLEM, **writer.schemas}, "securitySchemes": SECURITY},
        "security": [{name: []} for name in SECURITY],
    }


def shown_path(operation: Operation) -> str:
    """The path as OpenAPI writes it: ``/user-tasks/{key}``."""
    path = operation.path
    for kind, name in [(kind, name) for name, kind in operation.parameters]:
        path = path.replace(f"<{kind}:{name}>", f"{{{name}}}").replace(f"<{name}>", f"{{{name}}}")
    return path


class _Writer:
    """Collects the schemas that operations mention, each once under its module and name."""

    def __init__(self) -> None:
        self.schemas: dict[str, Json] = {}

    def operation(self, area: Area, operation: Operation) -> Json:
        told: Json = {
            "operationId": operation.id,
            "summary": operation.summary,
            "tags": [area.name],
            "responses": self._responses(operation),
        }
        described = inspect.getdoc(operation.handler)
        if described:
            told["description"] = described
        if operation.parameters:
            told["parameters"] = [_parameter(name, kind) for name, kind in operation.parameters]
        if operation.rule is Rule.EVERYBODY:
            told["security"] = []
        if operation.body is not None:
            told["requestBody"] = self._body(operation)
        told["x-rule"] = operation.rule.value
        told["x-scope"] = operation.scope.value
        return told

    def _body(self, operation: Operation) -> Json:
        assert operation.body is not None
        if operation.files:
            binary = {"type": "string", "format": "binary"}
            parts = {operation.files: {"type": "array", "minItems": 1, "items": binary}}
            schema: Json = {"type": "object", "required": [operation.files], "properties": parts}
            return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
        schema = self._search_body(operation.search) if operation.search else self.reference(operation.body)
        required = any(field.required for field in operation.body().fields.values())
        if not required:
            schema = {"anyOf": [schema, {"type": "null"}]}
        return {"required": required, "content": {"application/json": {"schema": schema}}}

    def _search_body(self, search: Search) -> Json:
        known = search.filterable
        filters = {name: _filter(field) for name, field in known.items()}
        filters |= {name: {} for name in search.special} | {
            "tenantId": {"type": "string"},
            "$or": {"type": "array", "maxItems": 0},
        }
        item = {
            "type": "object",
            "required": ["field"],
            "properties": {"field": {"enum": sorted(known)}, "order": {"enum": ["ASC", "DESC"]}},
            "additionalProperties": False,
        }
        limits = {"limit": (0, MAX_LIMIT), "from": (0, 2**31 - 1)}
        numbers = {n: {"type": "integer", "minimum": a, "maximum": z} for n, (a, z) in limits.items()}
        cursors = {name: {"type": "string", "contentEncoding": "base64"} for name in ("after", "before")}
        page = {"type": "object", "properties": {**numbers, **cursors}, "additionalProperties": False}
        return {
            "type": "object",
            "properties": {
                "filter": {"type": "object", "properties": filters, "additionalProperties": False},
                "sort": {"type": "array", "maxItems": MAX_SORTS, "items": item},
                "page": page,
            },
            "additionalProperties": False,
        }

    def _responses(self, operation: Operation) -> Json:
        problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
        responses: Json = {
            str(status): {"description": TITLES[status], "content": {"application/problem+json": problem}}
            for status in ERRORS
        }
        if operation.search is not None:
            return {"200": _json(self._found(operation.search)), **responses}
        if operation.answer is None or operation.also_empty:
            responses["204"] = {"description": "完成，没有内容"}
        if isinstance(operation.answer, str):
            responses["200"] = {
                "description": "内容",
                "content": {operation.answer: {"schema": {"type": "string"}}},
            }
        elif operation.answer is not None:
            responses["200"] = _json(self.reference(operation.answer))
        return responses

    def _found(self, search: Search) -> Json:
        cursor = {"type": ["string", "null"], "contentEncoding": "base64"}
        page = {
            "totalItems": {"type": "integer"},
            "hasMoreTotalItems": {"type": "boolean"},
            "startCursor": cursor,
            "endCursor": cursor,
        }
        told = {"type": "object", "required": sorted(page), "properties": page}
        items = {"type": "array", "items": self.reference(search.answer)}
        return {"type": "object", "required": ["items", "page"], "properties": {"items": items, "page": told}}

    def reference(self, schema: type[Schema]) -> Json:
        """A pointer to a schema, which is written down when first mentioned."""
        name = f"{schema.__module__.rpartition('.')[2]}.{schema.__name__}"
        if name not in self.schemas:
            self.schemas[name] = {}
            self.schemas[name] = self._object(schema())
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, schema: Schema) -> Json:
        named = {field.data_key or name: field for name, field in schema.fields.items()}
        is_answer = isinstance(schema, Answer)
        required = sorted(name for name, field in named.items() if is_answer or field.required)
        told: Json = {
            "type": "object",
            "properties": {name: self._field(field) for name, field in named.items()},
        }
        if required:
            told["required"] = required
        if not is_answer:
            told["additionalProperties"] = False
        return told

    def _field(self, field: fields.Field[Any]) -> Json:
        if isinstance(field, fields.Constant):
            return {"const": field.constant}
        if isinstance(field, fields.Nested):
            told = self.reference(type(field.schema))
        elif isinstance(field, fields.List):
            told = {"type": "array", "items": self._field(field.inner), **_bounds(field, "Items")}
        else:
            told = scalar(field)
        return {"anyOf": [told, {"type": "null"}]} if field.allow_none else told


def scalar(field: fields.Field[Any]) -> Json:
    """A field that holds one value, or an object nobody looks into."""
    write: Callable[[fields.Field[Any]], Json]
    write = next((_SCALARS[kind] for kind in type(field).__mro__ if kind in _SCALARS), lambda field: {})
    return write(field)


def _text(field: fields.Field[Any]) -> Json:
    told: Json = {"type": "string", **_bounds(field, "Length")}
    for choice in field.validators:
        if isinstance(choice, OneOf):
            told["enum"] = list(choice.choices)
    return told


def _number(field: fields.Field[Any]) -> Json:
    found = next((v for v in field.validators if isinstance(v, Range)), None)
    edges = {} if found is None else {"minimum": found.min, "maximum": found.max}
    return {"type": "integer", **{name: edge for name, edge in edges.items() if edge is not None}}


def _bounds(field: fields.Field[Any], what: str) -> Json:
    found = [v for v in field.validators if isinstance(v, Length)]
    edges = {f"min{what}": [v.min for v in found], f"max{what}": [v.max for v in found]}
    return {name: edge[0] for name, edge in edges.items() if edge and edge[0] is not None}


_SCALARS: dict[type, Callable[[fields.Field[Any]], Json]] = {
    AncestorKey: lambda field: {"type": "string", "pattern": f"^({AncestorKey.NONE}|[0-9]{{1,19}})$"},
    Key: lambda field: dict(DIGITS),
    Instant: lambda field: {"type": "string", "format": "date-time"},
    JsonText: lambda field: {"type": "string", "contentMediaType": "application/json"},
    Stored: lambda field: {"type": "object"},
    Variables: lambda field: {"type": "object", "propertyNames": {"minLength": 1, "maxLength": 255}},
    Flag: lambda field: {"type": "boolean"},
    Whole: _number,
    fields.Integer: _number,
    fields.Boolean: lambda field: {"type": "boolean"},
    fields.Dict: lambda field: {"type": "object"},
    fields.String: _text,
}


def _filter(field: fields.Field[Any]) -> Json:
    """A value, meaning equal, or operators that must all hold."""
    one = scalar(field)
    many = {"type": "array", "items": one, "maxItems": conditions.MAX_VALUES}
    shapes = {"$exists": {"type": "boolean"}, "$in": many, "$notIn": many}
    known = {name: shapes.get(name, one) for name in conditions.operators(field)}
    asked = {"type": "object", "minProperties": 1, "properties": known, "additionalProperties": False}
    return {"anyOf": [one, asked]}


def _parameter(name: str, kind: str) -> Json:
    schema = dict(DIGITS) if kind == "key" else {"type": "string", "minLength": 1, "maxLength": 255}
    if kind == "digits":
        schema = {"type": "string", "pattern": "^[0-9]{1,25}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _json(schema: Json) -> Json:
    return {"description": "成功", "content": {"application/json": {"schema": schema}}}
