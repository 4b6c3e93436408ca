"""Item definitions as types of FEEL (DMN 1.5, section 7.3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions.definitions import Definitions, ItemDefinition
from engine.feel.errors import FeelSyntaxError
from engine.feel.expression import Expression, compile_unary_tests
from engine.feel.runtime import Run
from engine.feel.types import (
    ANY,
    DATE_TIME,
    DAYS_DURATION,
    DURATION,
    MONTHS_DURATION,
    NULL,
    STANDARD_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
)
from engine.feel.values import Value

_ALIASES: dict[str, FeelType] = {
    "dateTime": DATE_TIME,
    "duration": DURATION,
    "dayTimeDuration": DAYS_DURATION,
    "yearMonthDuration": MONTHS_DURATION,
}


@dataclass(frozen=True)
class ConstrainedType(FeelType):
    """The values of a type that pass unary tests."""

    base: FeelType
    tests: Expression

    def accepts(self, value: Value, run: Run) -> bool:
        if not self.base.accepts(value, run):
            return False
        noted = len(run.warnings)
        passed = self.tests.run({}, run, value) is True
        del run.warnings[noted:]  # a value that cannot be tested is not of the type; that is no defect
        return passed

    def includes(self, other: FeelType) -> bool:
        return other in (self, NULL)

    def __str__(self) -> str:
        return f"{self.base}（{self.tests.text}）"


class TypeTable(Mapping[str, FeelType]):
    """The types of a model by the names its expressions use: its own, and ``import.name`` of others.

    Without ``constrained`` the allowed values are left out, as ``instance of`` asks for the type alone.
    """

    def __init__(
        self, definitions: Definitions, imported: Mapping[str, TypeTable], *, constrained: bool = True
    ) -> None:
        self._definitions = definitions
        self._imported = imported
        self._constrained = constrained
        self._resolved: dict[str, FeelType] = {}

    def __getitem__(self, name: str) -> FeelType:
        known = self._resolved.get(name)
        if known is not None:
            return known
        item = self._definitions.types.get(name)
        if item is None:
            return self._of_import(name)
        self._resolved[name] = ANY  # what refers to itself while being resolved
        resolved = self._resolved[name] = self._resolve(item)
        return resolved

    def _of_import(self, name: str) -> FeelType:
        for prefix, table in self._imported.items():
            if not prefix:
                if name in table:
                    return table[name]
            elif name.startswith(prefix + "."):
                return table[name[len(prefix) + 1 :]]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        yield from self._definitions.types
        for prefix, table in self._imported.items():
            yield from (f"{prefix}.{name}" if prefix else name for name in table)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of(self, reference: str) -> FeelType | None:
        """The type a ``typeRef`` means, ``ANY`` for none, ``None`` for one nobody declared."""
        if not reference:
            return ANY
        for name in self._spellings(reference):
            if name in self._definitions.types or "." in name:
                found = self.get(name)
            else:
                found = STANDARD_TYPES.get(name) or _ALIASES.get(name) or self.get(name)
            if found is not None:
                return found
        return None

    def _spellings(self, reference: str) -> Iterator[str]:
        """A reference as it stands, and without the prefix or namespace that earlier versions write."""
        yield reference
        if "}" in reference:
            yield reference.rpartition("}")[2]
        prefix, colon, local = reference.partition(":")
        if colon:
            namespace = self._definitions.prefixes.get(prefix)
            for item in self._definitions.imports:
                if item.namespace == namespace:
                    yield f"{item.name}.{local}"
            yield local

    def _resolve(self, item: ItemDefinition) -> FeelType:
        resolved = self._base(item)
        resolved = self._narrowed(resolved, item.allowed)
        if item.is_collection:
            resolved = ListType(resolved)
        return self._narrowed(resolved, item.constraint)

    def _narrowed(self, base: FeelType, tests: str) -> FeelType:
        if not tests or not self._constrained:
            return base
        try:
            return ConstrainedType(base, compile_unary_tests(tests))
        except FeelSyntaxError:
            return base

    def _base(self, item: ItemDefinition) -> FeelType:
        if item.components:
            return ContextType(tuple((c.name, self._resolve(c)) for c in item.components))
        if item.function is not None:
            parameters, result = item.function
            return FunctionType(tuple(self.of(p) or ANY for p in parameters), self.of(result) or ANY)
        return self.of(item.type_ref) or ANY
