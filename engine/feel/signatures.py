"""Reading the one-line signatures of functions, such as ``split(string: string, delimiter: string): list``."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.feel.functions import Parameter, Signature
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.types import ANY, DURATION, STANDARD_TYPES, FeelType, SimpleType
from engine.feel.values import Value

_SIGNATURE = re.compile(r"(?P<name>[^(]+)\((?P<parameters>[^)]*)\)(?:\s*:\s*(?P<result>.+))?")

_UNIONS: dict[str, FeelType] = {
    "duration": DURATION,
    "day": SimpleType("day", frozenset({Date, DateTime})),
    "moment": SimpleType("moment", frozenset({Date, Time, DateTime})),
    "temporal": SimpleType("temporal", frozenset({Date, Time, DateTime, DaysDuration, MonthsDuration})),
}


def read_type(text: str) -> FeelType:
    """A type of the standard by name, or one of the unions only signatures use."""
    name = text.strip()
    return _UNIONS.get(name) or STANDARD_TYPES[name]


def read_parameter(text: str) -> Parameter:
    """``name``, ``name: type`` or ``*name: type``; ``name?`` may be left out, ``type?`` may be ``null``."""
    name, _, kind = (part.strip() for part in text.partition(":"))
    variadic = name.startswith("*")
    optional = name.endswith("?")
    wanted = read_type(kind.strip("?")) if kind else ANY
    return Parameter(name.strip("*?"), wanted, optional or variadic, variadic, kind.endswith("?"))


def read_signature(text: str, call: Callable[..., Value], *, pass_run: bool) -> tuple[str, Signature]:
    """The function's name and its signature."""
    found = _SIGNATURE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"not a signature: {text}")
    parameters = tuple(read_parameter(part) for part in found["parameters"].split(",") if part.strip())
    return found["name"].strip(), Signature(parameters, call, read_type(found["result"] or "Any"), pass_run)
