"""Types as they are written after ``instance of`` and in parameters (rules 52 and 53)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.cursor import Cursor
from engine.feel.names import NameTable
from engine.feel.types import (
    ANY,
    STANDARD_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
)

_TYPE_NAMES = tuple(STANDARD_TYPES)


class TypeParser(Cursor):
    """Reads types; ``types`` are the user's, by name."""

    def __init__(self, text: str, names: NameTable, types: Mapping[str, FeelType]) -> None:
        super().__init__(text, names)
        self.types = types
        self._type_names = NameTable([*_TYPE_NAMES, *types])

    def type(self) -> tuple[FeelType | None, str]:
        """A type and its name; the type is ``None`` if nobody declared that name."""
        with self.nested():
            name = self._type_name()
            if self.at("<"):
                if name in ("list", "range"):
                    return self._element_type(name)
                if name == "context":
                    return self._context_type()
                if name == "function":
                    return self._function_type()
            return (self.types.get(name) or STANDARD_TYPES.get(name)), name

    def known_type(self) -> FeelType:
        """A type that must be known; what is not counts as ``Any``."""
        return self.type()[0] or ANY

    def _type_name(self) -> str:
        found = self._type_names.match(self.tokens, self.index)
        if found is not None:
            name, self.index = found
            return name
        if self.take("function"):
            return "function"
        if self.take("null"):
            return "Null"
        parts = [self.name()]
        while parts[-1] is not None and self.take("."):
            parts.append(self.name())
        if None in parts:
            raise self.unexpected("类型名")
        return ".".join(part for part in parts if part)

    def _element_type(self, kind: str) -> tuple[FeelType, str]:
        self.expect("<")
        element = self.known_type()
        self.expect(">")
        return (ListType(element) if kind == "list" else RangeType(element)), kind

    def _context_type(self) -> tuple[FeelType, str]:
        self.expect("<")
        entries = []
        while not self.at(">"):
            name = self.declared_name(frozenset(":"))
            self.expect(":")
            entries.append((name, self.known_type()))
            if not self.take(","):
                break
        self.expect(">")
        return ContextType(tuple(entries)), "context"

    def _function_type(self) -> tuple[FeelType, str]:
        self.expect("<")
        parameters = []
        while not self.at(">"):
            parameters.append(self.known_type())
            if not self.take(","):
                break
        self.expect(">")
        self.expect("->")
        return FunctionType(tuple(parameters), self.known_type()), "function"
