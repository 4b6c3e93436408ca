"""The tree of a filled-in form as a marshmallow schema, which judges it and gives the data.

Conditions decide for each set of answers which fields there are and which are required. The tree knows; so what
is loaded are its nodes by name, and a schema, made once for each set of names, lets each kind of field judge the
node it is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, fields

from engine import feel
from web.forms import conversion
from web.forms.hints import length_limits
from web.forms.nodes import Node, walk
from web.forms.rules import RULES
from web.forms.sentences import lengths, say

Messages = dict[str, list[str]]
"""Dotted path (``agenda.0.minutes``) → sentences."""

SCHEMAS = 1024
"""How many schemas are kept."""


class _Input(fields.Field[Any]):
    """One answer: there, readable, and according to the rules."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        node: Node = value
        if conversion.is_empty(node.raw):
            return _nothing(node)
        answer = self.read(node)
        found = [sentence for rule in RULES.get(node.field.type, ()) if (sentence := rule(node, answer))]
        if found:
            raise ValidationError(found)
        return answer

    def read(self, node: Node) -> Any:
        """What the tree has read of it."""
        if node.unreadable:
            raise ValidationError(node.unreadable)
        return node.value


class _Rows(_Input):
    """A dynamic list: each row is judged by itself, since conditions may look at the row."""

    def read(self, node: Node) -> list[Any]:
        if not isinstance(node.raw, list) or not all(isinstance(row, Mapping) for row in node.raw):
            raise ValidationError(say("not_rows", label=node.label))
        good: list[Any] = []
        bad: dict[int, Any] = {}
        for index, row in enumerate(node.rows):
            try:
                good.append(_load(row.nodes))
            except ValidationError as error:
                bad[index] = error.messages
        if bad:
            raise ValidationError(bad)
        return good


class _Group(fields.Field[Any]):
    """A group with a path: an object of its own."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        node: Node = value
        if node.raw is not None and not isinstance(node.raw, Mapping):
            raise ValidationError(say("not_group", label=node.label))
        return _load(node.children)


class _Given(fields.Field[Any]):
    """What nobody answers: it was computed, or is locked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return value.value


Kind = type[fields.Field[Any]]


def _kind(node: Node) -> Kind:
    if node.field.nests:
        return _Group
    if (node.readonly and node.field.asks) or node.field.type == "expression":
        return _Given
    return _Rows if node.field.type == "dynamiclist" else _Input


@lru_cache(SCHEMAS)
def _schema(kinds: tuple[tuple[str, Kind], ...]) -> Schema:
    return Schema.from_dict({name: kind() for name, kind in kinds})()


def _load(nodes: tuple[Node, ...]) -> dict[str, Any]:
    """The data of the nodes that share one object."""
    asked = {node.field.key: node for node in contributing(nodes)}
    schema = _schema(tuple((name, _kind(node)) for name, node in asked.items()))
    data: dict[str, Any] = schema.load(asked)
    return data


def contributing(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """The nodes of one level that hand something in."""
    for node in nodes:
        if node.contributes:
            yield node
        elif node.field.type == "group" and not node.field.key and not node.hidden:
            yield from contributing(node.children)


_NOTHING: Mapping[str, Any] = {"checkbox": False}


def _nothing(node: Node) -> Any:
    """What stands in the data when nothing was answered, where that will do."""
    if node.required:
        raise ValidationError(missing(node))
    return [] if node.field.component.many else _NOTHING.get(node.field.type)


def missing(node: Node) -> str:
    """The sentence for a required field that was left empty."""
    key = node.field.component.missing
    if node.field.rules.min_items:
        return say(key.replace("missing", "min"), limit=node.field.rules.min_items)
    limits = lengths(*length_limits(node))
    return say("missing_length" if limits else key, label=node.label, limits=limits)


def judge(nodes: tuple[Node, ...]) -> tuple[dict[str, Any], Messages]:
    """The data of the form as JSON (meaningful only without messages), and what is wrong by path."""
    try:
        data, messages = _load(nodes), {}
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
