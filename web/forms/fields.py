"""A form after compilation: immutable fields with every expression parsed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine import feel
from web.forms.attachments import ANY_FILE, Accept
from web.forms.components import Component
from web.forms.expressions import NO_TEXT, UNSET, Setting, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a schema is refused: where (key, else id or label of the component) and a sentence in Chinese."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: ``value`` is what the process gets, ``key`` the same as text for HTML and matching."""

    value: Any
    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Where the options come from: the schema, or a FEEL list of texts or of ``{value, label}``."""

    static: tuple[Option, ...] = ()
    expression: feel.Expression | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over the whole form: the expression must be ``true``, else the message stands by the field."""

    expression: feel.Expression
    message: Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a read-only table."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The constraints of one field; settings hold numbers, lengths count characters, sizes bytes."""

    required: Setting = UNSET
    required_when: Setting = UNSET
    must_be_true: bool = False
    min_length: Setting = UNSET
    max_length: Setting = UNSET
    min: Setting = UNSET
    max: Setting = UNSET
    min_items: int | None = None
    max_items: int | None = None
    max_bytes: int = 0
    accept: Accept = ANY_FILE
    pattern: str = ""
    pattern_message: str = ""
    validation_type: str = ""
    not_past: bool = False
    checks: tuple[Check, ...] = ()


_OPTION_TYPES = {str: "string", int: "number", Decimal: "number", bool: "boolean"}

NO_RULES, NO_CHOICES = Rules(), Choices()


@dataclass(frozen=True, slots=True)
class Field:
    """One component of the form; ``key`` is empty where nothing is handed in (texts, mere frames)."""

    id: str
    type: str
    component: Component
    key: str = ""
    label: Text = NO_TEXT
    hint: Text = NO_TEXT
    hide: Setting = UNSET
    readonly: Setting = UNSET
    rules: Rules = NO_RULES
    choices: Choices = NO_CHOICES
    default: Any = None
    default_expression: feel.Expression | None = None
    kind: str = ""
    subtype: str = ""
    autocomplete: str = ""
    digits: int | None = None
    prefix: Text = NO_TEXT
    suffix: Text = NO_TEXT
    children: tuple[Field, ...] = ()
    addable: bool = False
    repetitions: int = 0
    text: Text = NO_TEXT
    source: feel.Expression | None = None
    columns: tuple[Column, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a person answers it directly."""
        return self.component.convert is not None

    @property
    def value_type(self) -> str:
        """The FEEL type of the variable it becomes; of a choice that of its options, if the schema has them."""
        kinds = {_OPTION_TYPES.get(type(option.value), "Any") for option in self.choices.static}
        if self.component.chooses and not self.component.many and len(kinds) == 1:
            return kinds.pop()
        return self.component.type

    @property
    def nests(self) -> bool:
        """Whether its children live in an object of their own."""
        return self.type == "group" and bool(self.key)


def level(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields that share one object: a group without a path is only a frame around its children."""
    for one in fields:
        if one.type == "group" and not one.key:
            yield from level(one.children)
        elif one.key:
            yield one


def everything(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Each field, parents first."""
    for one in fields:
        yield one
        yield from everything(one.children)
