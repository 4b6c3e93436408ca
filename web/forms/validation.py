"""The tree of a filled-in form as a marshmallow schema, which judges it and gives the data.

The schema is made for one set of answers, since conditions decide which fields there are and which are
required. It loads the raw answers; reading them is the component's own work, judging them that of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from engine import feel
from web.forms import conversion
from web.forms.hints import length_limits
from web.forms.nodes import Node, walk
from web.forms.rules import RULES
from web.forms.sentences import lengths, say

Messages = dict[str, list[str]]
"""Dotted path (``agenda.0.minutes``) → sentences."""


def _answer(node: Node, _raw: Any) -> Any:
    """What the tree has read of one input."""
    if node.unreadable:
        raise ValidationError(node.unreadable)
    return node.value


def _group(node: Node, raw: Any) -> Any:
    """A group with a path: an object of its own."""
    if not isinstance(raw, Mapping):
        raise ValidationError(say("not_group", label=node.label))
    return schema(node.children).load(payload(node.children))


def _rows(node: Node, raw: Any) -> list[Any]:
    """A dynamic list: each row has a schema of its own, since conditions may look at the row."""
    if not isinstance(raw, list) or not all(isinstance(row, Mapping) for row in raw):
        raise ValidationError(say("not_rows", label=node.label))
    good: list[Any] = []
    bad: dict[int, Any] = {}
    for index, row in enumerate(node.rows):
        try:
            good.append(schema(row.nodes).load(payload(row.nodes)))
        except ValidationError as error:
            bad[index] = error.messages
    if bad:
        raise ValidationError(bad)
    return good


def schema(nodes: tuple[Node, ...]) -> Schema:
    """What these nodes ask for, as a marshmallow schema."""
    return Schema.from_dict({node.field.key: _field(node) for node in contributing(nodes)})(unknown=EXCLUDE)


def payload(nodes: tuple[Node, ...]) -> dict[str, Any]:
    """The raw answers to load: what was left empty is left out."""
    return {
        node.field.key: {} if node.field.nests and node.raw is None else node.raw
        for node in contributing(nodes)
        if node.field.nests or not conversion.is_empty(node.raw)
    }


def contributing(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """The nodes of one level that hand something in."""
    for node in nodes:
        if node.contributes:
            yield node
        elif node.field.type == "group" and not node.field.key and not node.hidden:
            yield from contributing(node.children)


def _field(node: Node) -> fields.Field[Any]:
    if node.field.nests:
        return fields.Function(deserialize=partial(_group, node))
    if (node.readonly and node.field.asks) or node.field.type == "expression":
        return fields.Constant(node.value)
    load = _rows if node.field.type == "dynamiclist" else _answer
    return fields.Function(deserialize=partial(load, node), validate=_validator(node), **_presence(node))


def _presence(node: Node) -> dict[str, Any]:
    """Required with its sentence, or what stands in the data when nothing is answered."""
    if not node.required:
        return {"load_default": [] if node.field.component.many else _NOTHING.get(node.field.type)}
    # A list, because marshmallow calls str.format on a plain text and a label may hold braces.
    return {"required": True, "error_messages": {"required": [missing(node)]}}


_NOTHING: Mapping[str, Any] = {"checkbox": False}


def missing(node: Node) -> str:
    """The sentence for a required field that was left empty."""
    key = node.field.component.missing
    if node.field.rules.min_items:
        return say(key.replace("missing", "min"), limit=node.field.rules.min_items)
    limits = lengths(*length_limits(node))
    return say("missing_length" if limits else key, label=node.label, limits=limits)


def _validator(node: Node) -> Callable[[Any], None]:
    def judge(value: Any) -> None:
        found = [sentence for rule in RULES.get(node.field.type, ()) if (sentence := rule(node, value))]
        if found:
            raise ValidationError(found)

    return judge


def judge(nodes: tuple[Node, ...]) -> tuple[dict[str, Any], Messages]:
    """The data of the form as JSON (meaningful only without messages), and what is wrong by path."""
    try:
        data, messages = schema(nodes).load(payload(nodes)), {}
    except ValidationError as error:
        data, messages = {}, dict(_flat("", error.messages))
    for path, sentences in _checks(nodes, messages):
        messages.setdefault(path, sentences)
    return _json(data), messages


def _flat(path: str, messages: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(f"{path}.{key}" if path else str(key), inner)
    else:
        yield path, list(messages)


def _checks(nodes: tuple[Node, ...], messages: Messages) -> Iterator[tuple[str, list[str]]]:
    """Rules over the whole form, leaving out those that look at an answer which is wrong by itself."""
    wrong = {part for path in messages for part in path.split(".")}
    for node in walk(nodes):
        failed = [
            check.message.value(node.level)
            for check in node.field.rules.checks
            if wrong.isdisjoint(check.expression.names) and node.level.evaluate(check.expression) is not True
        ]
        if failed:
            yield node.path, failed


def _json(data: Mapping[str, Any]) -> dict[str, Any]:
    plain = feel.to_json(feel.from_python(data))
    if not isinstance(plain, dict):
        raise TypeError("form data is a mapping")
    return plain
