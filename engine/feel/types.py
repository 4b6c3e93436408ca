"""The types of FEEL: what a value is an instance of, and what it may be converted to.

DMN 1.5, section 10.3.2.9 (type equivalence, conformance and implicit conversion) and 10.3.2.2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from engine.feel.runtime import Run
from engine.feel.temporal import UTC_MIDNIGHT, Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.values import Range, Value

TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    Fraction: "number",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
}


def type_name(value: Value) -> str:
    """The FEEL name of a value's type."""
    return TYPE_NAMES.get(type(value), "function")


class FeelType:
    """A set of values. ``quick`` holds Python classes all of whose instances belong to it."""

    quick: frozenset[type] = frozenset()

    def accepts(self, value: Value, run: Run) -> bool:
        """Whether the value is an instance of the type; ``null`` is one of ``Null`` alone."""
        return type(value) in self.quick

    def includes(self, other: FeelType) -> bool:
        """Whether every instance of ``other`` is an instance of this type (conformance)."""
        return self == other


@dataclass(frozen=True)
class SimpleType(FeelType):
    """A type named by the standard and made of whole Python classes."""

    name: str
    quick: frozenset[type] = field(compare=False)

    def includes(self, other: FeelType) -> bool:
        return other == NULL or (bool(other.quick) and other.quick <= self.quick)

    def __str__(self) -> str:
        return self.name


class AnyType(FeelType):
    """Every value."""

    def accepts(self, value: Value, run: Run) -> bool:
        return value is not None

    def includes(self, other: FeelType) -> bool:
        return True

    def __str__(self) -> str:
        return "Any"


class FunctionKind(FeelType):
    """Every function, whatever its parameters."""

    def accepts(self, value: Value, run: Run) -> bool:
        return value is not None and type(value) not in TYPE_NAMES

    def includes(self, other: FeelType) -> bool:
        return isinstance(other, FunctionKind | FunctionType) or other == NULL

    def __str__(self) -> str:
        return "function"


@dataclass(frozen=True)
class ListType(FeelType):
    """Lists whose elements are all of one type."""

    element: FeelType
    quick: frozenset[type] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        open_list = isinstance(self.element, AnyType)
        object.__setattr__(self, "quick", frozenset({list}) if open_list else frozenset())

    def accepts(self, value: Value, run: Run) -> bool:
        if type(value) is not list:
            return False
        run.spend(len(value))
        return all(is_instance_or_null(item, self.element, run) for item in value)

    def includes(self, other: FeelType) -> bool:
        return other == NULL or (isinstance(other, ListType) and self.element.includes(other.element))

    def __str__(self) -> str:
        return f"list<{self.element}>"


@dataclass(frozen=True)
class RangeType(FeelType):
    """Ranges whose ends are of one type."""

    element: FeelType

    def accepts(self, value: Value, run: Run) -> bool:
        return type(value) is Range and all(
            is_instance_or_null(end, self.element, run) for end in (value.start, value.end)
        )

    def includes(self, other: FeelType) -> bool:
        return other == NULL or (isinstance(other, RangeType) and self.element.includes(other.element))

    def __str__(self) -> str:
        return f"range<{self.element}>"


@dataclass(frozen=True)
class ContextType(FeelType):
    """Contexts that have at least these entries."""

    entries: tuple[tuple[str, FeelType], ...]
    quick: frozenset[type] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "quick", frozenset() if self.entries else frozenset({dict}))

    def accepts(self, value: Value, run: Run) -> bool:
        if type(value) is not dict:
            return False
        run.spend(len(self.entries))
        return all(
            name in value and is_instance_or_null(value[name], entry, run) for name, entry in self.entries
        )

    def includes(self, other: FeelType) -> bool:
        if not isinstance(other, ContextType):
            return other == NULL
        theirs = dict(other.entries)
        return all(name in theirs and entry.includes(theirs[name]) for name, entry in self.entries)

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {entry}' for name, entry in self.entries)}>"


@dataclass(frozen=True)
class FunctionType(FeelType):
    """Functions that take these parameters and give this result."""

    parameters: tuple[FeelType, ...]
    result: FeelType

    def accepts(self, value: Value, run: Run) -> bool:
        if value is None or type(value) in TYPE_NAMES:
            return False
        return any(
            self.includes(FunctionType(tuple(p.type for p in signature.parameters), signature.result))
            for signature in value.signatures
        )

    def includes(self, other: FeelType) -> bool:
        if not isinstance(other, FunctionType):
            return other == NULL
        return (
            len(self.parameters) == len(other.parameters)
            and all(
                theirs.includes(ours) for ours, theirs in zip(self.parameters, other.parameters, strict=True)
            )
            and (other.result is UNKNOWN or self.result.includes(other.result))
        )

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters))}> -> {self.result}"


def _simple(name: str, *classes: type) -> SimpleType:
    return SimpleType(name, frozenset(classes))


ANY: FeelType = AnyType()
UNKNOWN: FeelType = AnyType()
"""The type of what the text alone does not tell; it is compatible with everything."""

NULL: FeelType = _simple("Null", type(None))
BOOLEAN: FeelType = _simple("boolean", bool)
NUMBER: FeelType = _simple("number", Decimal, Fraction)
STRING: FeelType = _simple("string", str)
LIST: FeelType = ListType(ANY)
CONTEXT: FeelType = ContextType(())
FUNCTION: FeelType = FunctionKind()
RANGE: FeelType = RangeType(ANY)
DATE: FeelType = _simple("date", Date)
TIME: FeelType = _simple("time", Time)
DATE_TIME: FeelType = _simple("date and time", DateTime)
DAYS_DURATION: FeelType = _simple("days and time duration", DaysDuration)
MONTHS_DURATION: FeelType = _simple("years and months duration", MonthsDuration)
DURATION: FeelType = _simple("duration", DaysDuration, MonthsDuration)

STANDARD_TYPES: dict[str, FeelType] = {
    "Any": ANY,
    "Null": NULL,
    "boolean": BOOLEAN,
    "number": NUMBER,
    "string": STRING,
    "list": LIST,
    "context": CONTEXT,
    "function": FUNCTION,
    "range": RANGE,
    "date": DATE,
    "time": TIME,
    "date and time": DATE_TIME,
    "days and time duration": DAYS_DURATION,
    "years and months duration": MONTHS_DURATION,
}


def is_instance_or_null(value: Value, wanted: FeelType, run: Run) -> bool:
    """Whether the value may stand where the type is asked for: an instance, or ``null``."""
    return value is None or wanted.accepts(value, run)


def convert(value: Value, wanted: FeelType, run: Run) -> Value:
    """The value as the type, by the implicit conversions of section 10.3.2.9.4, or ``None``.

    A list of one element becomes the element, an element a list of one, a date its midnight in UTC.
    """
    if wanted.accepts(value, run):
        return value
    if type(value) is list:
        if len(value) == 1 and wanted.accepts(value[0], run):
            return value[0]
    elif value is not None and wanted.accepts([value], run):
        return [value]
    if type(value) is Date and wanted == DATE_TIME:
        return DateTime(value, UTC_MIDNIGHT)
    return None
