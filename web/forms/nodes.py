"""A form filled in: the tree of fields with what was answered, what is seen and what is locked.

The tree is grown once for each request (:func:`grow`) and read by the templates, by validation and by drafts.
First all answers are converted, so that every expression sees typed values; then, from top to bottom, what is
hidden loses its value, what is locked gets the value of the process, and what is computed is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine import feel
from web.forms import conversion, sentences
from web.forms.defaults import ROW, blank
from web.forms.expressions import shown
from web.forms.fields import Field, Option
from web.forms.hints import hint
from web.forms.inputs import Input, look
from web.forms.language import _
from web.forms.level import Level


@dataclass(eq=False)
class Node:
    """One field with its answer.

    ``name`` is its name in a POST (rows by their lasting token), ``path`` its place in the data (rows by
    number). ``raw`` is the answer as given, ``value`` the same converted (None when empty or ``unreadable``).
    ``row`` tells in words which row it stands in, and is empty outside of lists.
    """

    field: Field
    level: Level
    name: str
    path: str
    raw: Any
    value: Any = None
    unreadable: str = ""
    hidden: bool = False
    readonly: bool = False
    row: str = ""
    children: tuple[Node, ...] = ()
    rows: tuple[Row, ...] = ()

    @property
    def id(self) -> str:
        """The HTML id of the input; a file input gets a new one with every file it has handed over."""
        suffix = f"-{len(self.raw or ())}" if self.field.type == "filepicker" else ""
        return f"f-{self.name or self.field.id}{suffix}".replace(".", "-")

    @property
    def label(self) -> str:
        return self.field.label.value(self.level).strip().rstrip("：:")

    @cached_property
    def hint(self) -> str:
        """What helps to answer: the form's own words, then the limits."""
        return hint(self)

    @property
    def input(self) -> Input:
        return look(self.field)

    @property
    def entry(self) -> str:
        """What stands in the input."""
        return "" if self.raw is None else str(self.raw)

    @staticmethod
    def size(file: Mapping[str, Any]) -> str:
        """An attachment's size in words."""
        return sentences.size(file["size"])

    @cached_property
    def text(self) -> list[str]:
        """The paragraphs of a text component; marks of headings are dropped."""
        lines = self.field.text.value(self.level).splitlines()
        return [words for line in lines if (words := line.strip().lstrip("#").strip())]

    @property
    def internal(self) -> bool:
        """A locked key the process needs back (a seat's, say) and nobody reads: part of the answer, not of the page."""
        return self.readonly and self.field.kind == "identifier"

    @cached_property
    def required(self) -> bool:
        rules, level = self.field.rules, self.level
        always = rules.must_be_true or bool(rules.min_items)
        return always or rules.required.holds(level) or rules.required_when.holds(level)

    @cached_property
    def options(self) -> tuple[Option, ...]:
        choices = self.field.choices
        if choices.expression is None:
            return choices.static
        found = self.level.evaluate(choices.expression)
        return tuple(option(one) for one in found) if isinstance(found, list) else ()

    @property
    def shown(self) -> str:
        """The value as a person reads it, where it cannot be changed."""
        if self.field.component.chooses:
            picked = {conversion.key_of(one) for one in _as_list(self.value)}
            return "、".join(one.label for one in self.options if one.key in picked) or shown(self.value)
        return shown(self.value)

    @property
    def picked(self) -> set[str]:
        """The keys of the options that are chosen."""
        return {conversion.key_of(one) for one in _as_list(self.raw)}

    @cached_property
    def table(self) -> list[list[str]]:
        """The cells of a read-only table, row by row."""
        found = self.level.evaluate(self.field.source) if self.field.source else None
        rows = [row for row in _as_list(found) if isinstance(row, Mapping)]
        return [[shown(row.get(column.key)) for column in self.field.columns] for row in rows]

    @property
    def addable(self) -> bool:
        limit = self.field.rules.max_items
        return self.field.addable and not self.readonly and (limit is None or len(self.rows) < limit)

    @property
    def contributes(self) -> bool:
        """Whether it is part of what is handed in: seen, and not a copy of what the process knows anyway.

        A locked cell of a row belongs to the row (a seat's name beside its answer) and stays.
        """
        return bool(self.field.key) and not self.hidden and (not self.readonly or bool(self.row))


@dataclass(slots=True, eq=False)
class Row:
    """One row of a dynamic list. ``token`` stays with the row while others come and go."""

    token: str
    level: Level
    nodes: tuple[Node, ...]

    @property
    def heading(self) -> Node | None:
        """The locked cell that names the row (its seat, say), if it begins with one."""
        first = next((node for node in self.nodes if not node.hidden and not node.internal), None)
        named = first is not None and first.readonly and first.field.asks and first.shown
        return first if named else None


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def option(one: Any) -> Option:
    """An option of a FEEL list: a text, or a context with ``value`` and ``label``."""
    if isinstance(one, Mapping):
        value, label = one.get("value"), one.get("label")
        plain = feel.to_json(value)
        return Option(plain, conversion.key_of(plain), shown(value if label is None else label))
    plain = feel.to_json(one)
    return Option(plain, conversion.key_of(plain), shown(one))


def grow(
    fields: tuple[Field, ...], raw: Mapping[str, Any], variables: Mapping[str, Any], now: datetime
) -> tuple[Node, ...]:
    """The tree for these answers, seen by these variables of the process at that instant."""
    nodes = _plant(fields, raw, Level.of(variables, now), "", "")
    _settle(nodes)
    return nodes


def walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Every node that is seen, parents first."""
    for node in nodes:
        if node.hidden:
            continue
        yield node
        yield from walk(node.children)
        for row in node.rows:
            yield from walk(row.nodes)


def _plant(
    fields: tuple[Field, ...], raw: object, level: Level, name: str, path: str, row: str = ""
) -> tuple[Node, ...]:
    answers = raw if isinstance(raw, Mapping) else {}
    planted = []
    for one in fields:
        own = one.key or ""
        node = Node(one, level, name + own, path + own, answers.get(own) if own else raw, row=row)
        planted.append(node)
        if one.type == "group":
            _plant_group(node, name, path)
        elif one.type == "dynamiclist":
            _plant_rows(node)
        elif one.key:
            _convert(node)
    return tuple(planted)


def _plant_group(node: Node, name: str, path: str) -> None:
    one, level = node.field, node.level
    if not one.nests:
        node.children = _plant(one.children, node.raw, level, name, path, row=node.row)
        return
    inner = level.inner(level.trusted.get(one.key))
    level.own[one.key] = inner.own
    node.children = _plant(one.children, node.raw, inner, node.name + ".", node.path + ".", row=node.row)


def _plant_rows(node: Node) -> None:
    """Rows by their tokens; where none can be added, exactly those the list started with."""
    one, level = node.field, node.level
    originals = {row[ROW]: row for row in blank(one, level, locked=node.readonly)}
    answered = {_token(raw, index): raw for index, raw in enumerate(_rows_of(node))}
    if not one.addable:
        answered = {token: answered.get(token, row) for token, row in originals.items()}
    level.own[one.key] = values = []
    rows = []
    for index, (token, raw) in enumerate(answered.items()):
        inner = level.inner(originals.get(token))
        values.append(inner.own)
        name, path = f"{node.name}.{token}.", f"{node.path}.{index}."
        rows.append(Row(token, inner, _plant(one.children, raw, inner, name, path, _row_title(node, index))))
    node.rows = tuple(rows)


def _rows_of(node: Node) -> list[Any]:
    """The answered rows; of too many just enough to tell."""
    limit = node.field.rules.max_items
    rows = _as_list(node.raw)
    return rows if limit is None else rows[: limit + 1]


def _row_title(node: Node, index: int) -> str:
    own = _("%(label)s第 %(n)d 项", label=node.field.label.value(node.level), n=index + 1)
    return f"{node.row} {own}".strip()


def _token(raw: object, index: int) -> str:
    return str(raw.get(ROW, index)) if isinstance(raw, Mapping) else str(index)


def _convert(node: Node) -> None:
    """Set the value, or tell why there is none; the level learns it."""
    convert = node.field.component.convert
    node.value, node.unreadable = None, ""
    if convert is not None and (node.field.type == "checkbox" or not conversion.is_empty(node.raw)):
        try:
            node.value = convert(node, node.raw)
        except conversion.Unreadable as reason:
            node.unreadable = str(reason)
    node.level.own[node.field.key] = feel.from_python(node.value)


def _settle(nodes: tuple[Node, ...], *, hidden: bool = False, locked: bool = False) -> None:
    """Top to bottom: hide, lock, compute. What is inside something hidden or locked is so too."""
    for node in nodes:
        one, level = node.field, node.level
        node.hidden = hidden or one.hide.holds(level)
        node.readonly = locked or one.readonly.holds(level)
        if node.hidden and one.key:
            level.own[one.key] = None
        elif one.type == "expression" and one.source is not None:
            node.value = level.own[one.key] = level.evaluate(one.source)
        elif node.readonly:
            _lock(node)
        elif one.choices.expression is not None:
            vars(node).pop("options", None)  # what is offered may depend on answers further down
            _convert(node)
        _settle(node.children, hidden=node.hidden, locked=node.readonly)
        for row in node.rows:
            _settle(row.nodes, hidden=node.hidden, locked=node.readonly)
            _name(row)


def _name(row: Row) -> None:
    """Errors in a row that has a name speak of it by its name, not by its number."""
    if row.heading:
        for node in row.nodes:
            node.row = row.heading.shown


def _lock(node: Node) -> None:
    """Put the process's own value in place of whatever was answered."""
    if node.field.asks:
        node.raw = blank(node.field, node.level, locked=True)
        _convert(node)
    elif node.field.type == "dynamiclist":
        node.raw = blank(node.field, node.level, locked=True)
        _plant_rows(node)
