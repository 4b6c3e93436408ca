"""The interfaces for programs, to be read in a browser: every operation with who may call it and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, render_template

from web import api
from web.api import reference
from web.api.openapi import shown_path
from web.api.operations import Operation
from web.api.rules import Rule

blueprint = Blueprint("interfaces", __name__, url_prefix="/api")

KINDS = {"string": "文字", "integer": "整数", "boolean": "真假", "array": "列表", "object": "对象"}


@dataclass(frozen=True, slots=True)
class Part:
    """A field of a body or an answer."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Described:
    """One operation as it is read."""

    id: str
    method: str
    path: str
    summary: str
    who: str
    scope: str
    asked: list[Part]
    answered: list[Part]
    curl: str
    python: str


@blueprint.get("")
def show() -> str:
    """Everything programs may call; the same table the routes are made from."""
    return render_template("interfaces.html", groups=_groups())


@cache
def _schemas() -> Mapping[str, Any]:
    found: Mapping[str, Any] = api.description()["components"]["schemas"]
    return found


@cache
def _groups() -> Sequence[tuple[str, list[Described]]]:
    return [
        (f"{prefix} · {area.name}", [_described(prefix, operation) for operation in area.operations])
        for prefix, areas in api.BLUEPRINTS.values()
        for area in areas
    ]


def _described(prefix: str, operation: Operation) -> Described:
    path = prefix + shown_path(operation)
    told = api.description()["paths"][path][operation.method.lower()]
    everybody = operation.rule is Rule.EVERYBODY
    return Described(
        id=operation.id,
        method=operation.method,
        path=path,
        summary=operation.summary,
        who=reference.WHO[operation.rule],
        scope="" if everybody else str(operation.scope),
        asked=_parts(told.get("requestBody", {}).get("content", {})),
        answered=_parts(told["responses"].get("200", {}).get("content", {})),
        curl=reference.curl(prefix, operation),
        python=reference.python(prefix, operation),
    )


def _parts(content: Mapping[str, Any]) -> list[Part]:
    """The fields of the first kind of content there is."""
    schema = _resolved(next((one["schema"] for one in content.values()), {}))
    required = schema.get("required", [])
    return [Part(name, _kind(one), name in required) for name, one in schema.get("properties", {}).items()]


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema a pointer leads to; of several that may be, the one that is not ``null``."""
    if "$ref" in schema:
        return _resolved(_schemas()[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return _resolved(schema["anyOf"][0])
    return schema


def _kind(schema: Mapping[str, Any]) -> str:
    choices = schema.get("anyOf", [])
    found = _resolved(schema)
    if "enum" in found:
        words = " | ".join(map(str, found["enum"]))
    elif "const" in found:
        words = "null" if found["const"] is None else str(found["const"])
    elif found.get("format") == "date-time":
        words = "时间"
    else:
        kind = found.get("type", "object")
        words = KINDS.get(kind if isinstance(kind, str) else kind[0], "任意")
    return f"{words}，可为空" if {"type": "null"} in choices else words
