"""Declared variables: which names a step brings, a message carries, a process is given, and of what type.

One notation everywhere: ``"title, people_affected: number, seats: list"``, or the same as a list. The type is a
FEEL name and may be left out. What nobody declares does not exist for the checks at deployment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from engine.feel.types import (
    ANY,
    BOOLEAN,
    NULL,
    NUMBER,
    STANDARD_TYPES,
    STRING,
    AnyType,
    ContextType,
    FeelType,
    ListType,
)

Names = Mapping[str, FeelType]
"""Variables by name with their types; ``ANY`` where the type is not told."""

NO_NAMES: Names = MappingProxyType({})

_JSON = frozenset({BOOLEAN, NULL, NUMBER, STRING})


def declared(text: str | Iterable[str] | None) -> Names:
    """The variables a declaration names; raises ``ValueError`` with a Chinese sentence for an unknown type."""
    parts = (text.split(",") if isinstance(text, str) else text) or ()
    return dict(_one(part) for part in parts if part.strip())


def kept(kind: FeelType) -> FeelType:
    """The type a value has after it was kept as a variable: variables are JSON, so moments are text."""
    if isinstance(kind, ListType):
        return ListType(kept(kind.element))
    if isinstance(kind, ContextType):
        return ContextType(tuple((name, kept(entry)) for name, entry in kind.entries))
    if isinstance(kind, AnyType):
        return ANY
    return kind if kind in _JSON else STRING


def _one(part: str) -> tuple[str, FeelType]:
    name, _, kind = (piece.strip() for piece in part.partition(":"))
    if kind and kind not in STANDARD_TYPES:
        raise ValueError(f"没有类型“{kind}”，请用 {'、'.join(STANDARD_TYPES)} 之一")
    return name, kept(STANDARD_TYPES[kind]) if kind else ANY
