"""The parameters as they are shipped, in the order of the domain."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from workflows.parameters.model import Grade, Parameter, Place


@cache
def parameters() -> tuple[Parameter, ...]:
    """All of them."""
    text = (resources.files("workflows.parameters") / "catalogue.json").read_text("utf-8")
    return tuple(_read(row) for row in json.loads(text))


def parameter(key: str) -> Parameter | None:
    """One by its key."""
    return next((one for one in parameters() if one.key == key), None)


def _read(row: dict[str, Any]) -> Parameter:
    return Parameter(
        key=row["key"],
        name=row["name"],
        value=_text(row["value"]),
        unit=row["unit"],
        grades=tuple(Grade(grade) for grade in row["evidence"].split("/")),
        source=row["source"],
        places=tuple(Place(*place.split("#")) for place in row["places"]),
    )


def _text(value: Any) -> str:
    """A figure as it is read aloud: several are set apart by strokes, a truth value is 是 or 否."""
    if isinstance(value, list):
        return " / ".join(_text(one) for one in value)
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)
