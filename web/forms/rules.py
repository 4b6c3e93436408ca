"""The rules of single answers: each looks at one value and gives the sentence to say about it, or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine import feel
from web.forms.expressions import ZONE
from web.forms.fields import Rules
from web.forms.hints import length_limits
from web.forms.nodes import Node
from web.forms.sentences import lengths, say, size

MAX_ROWS = 500
"""Rows a person can add to a dynamic list at most, whatever the form says."""

Rule = Callable[[Node, Any], str | None]

_MATCHES = feel.compile("matches(value, pattern)")
_VALIDATION_TYPES: Mapping[str, str] = {
    "email": r"^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$",
    "phone": r"^((\+?86)?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400-?\d{3}-?\d{4})$",
}


def matches(value: str, pattern: str) -> bool | None:
    """Whether a text has the pattern, by FEEL's own regular expressions; None when the pattern is broken."""
    return _MATCHES.evaluate({"value": value, "pattern": pattern}) if pattern else True


def _length(node: Node, value: str) -> str | None:
    low, high = length_limits(node)
    count = len(value)
    if (low or 0) <= count <= (count if high is None else high):
        return None
    return say("length", label=node.label, limits=lengths(low, high), count=count)


def _pattern(node: Node, value: str) -> str | None:
    rules = node.field.rules
    if not rules.pattern or matches(value, rules.pattern):
        return None
    return rules.pattern_message or say("pattern", label=node.label)


def _validation_type(node: Node, value: str) -> str | None:
    kind = node.field.rules.validation_type
    pattern = _VALIDATION_TYPES.get(kind)
    return None if pattern is None or matches(value, pattern) else say(kind)


def _digits(node: Node, value: int | Decimal) -> str | None:
    digits = node.field.digits
    if digits is None or round(Decimal(value), digits) == value:
        return None
    return say("decimals", digits=digits) if digits else say("not_whole")


def _range(node: Node, value: int | Decimal) -> str | None:
    low, high = (limit.value(node.level) for limit in (node.field.rules.min, node.field.rules.max))
    if low is not None and value < Decimal(low):
        return say("min", limit=low)
    return say("max", limit=high) if high is not None and value > Decimal(high) else None


def _not_past(node: Node, value: object) -> str | None:
    today = node.level.now.astimezone(ZONE).date()
    day = value.date() if isinstance(value, datetime) else value
    past = node.field.rules.not_past and isinstance(day, date) and day < today
    return say("past") if past else None


def _ticked(node: Node, value: bool) -> str | None:
    return say("tick", label=node.label) if node.required and not value else None


def _count(noun: str) -> Rule:
    def rule(node: Node, value: list[Any]) -> str | None:
        low, high = node.field.rules.min_items, node.field.rules.max_items
        if low is not None and len(value) < low:
            return say(f"min_{noun}", limit=low)
        return say(f"max_{noun}", limit=high) if high is not None and len(value) > high else None

    return rule


def _files(node: Node, value: list[Mapping[str, Any]]) -> str | None:
    rules = node.field.rules
    for one in value:
        if not rules.accept.takes(one["name"]):
            return file_sentence("file_type", node.field.rules, one["name"])
        if one["size"] > rules.max_bytes:
            return file_sentence("file_size", node.field.rules, one["name"])
    return None


def file_sentence(key: str, rules: Rules, name: str) -> str:
    """Why the file of that name is not taken, and what to do."""
    accepted = "、".join(extension[1:] for extension in rules.accept.extensions())
    return say(key, name=name, limit=size(rules.max_bytes), accept=accepted)


RULES: Mapping[str, tuple[Rule, ...]] = {
    "textfield": (_length, _validation_type, _pattern),
    "textarea": (_length,),
    "number": (_digits, _range),
    "datetime": (_not_past,),
    "checkbox": (_ticked,),
    "checklist": (_count("options"),),
    "taglist": (_count("options"),),
    "filepicker": (_count("files"), _files),
    "dynamiclist": (_count("rows"),),
}
"""Component → its rules. Radio and select need none: an answer outside the options cannot even be read."""
