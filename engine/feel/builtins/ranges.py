"""Functions that relate points and ranges, and ``range`` (DMN 1.5, tables 73 and 78).

A point stands for the closed range that holds it alone; so each relation is written once.
"""

from __future__ import annotations

import re

from engine.feel.builtins import conversion
from engine.feel.builtins.table import builtin
from engine.feel.errors import FeelSyntaxError
from engine.feel.operators import compare
from engine.feel.parser import Parser
from engine.feel.syntax import Call, Literal, Name, Node
from engine.feel.values import Range, Value

_POINTS = "(point1: Any, point2: Any): boolean"
_POINT_RANGE = "(point: Any, range: range): boolean"
_RANGE_POINT = "(range: range, point: Any): boolean"
_RANGES = "(range1: range, range2: range): boolean"

_RANGE_TEXT = re.compile(r"\s*([\[(\]])(.*?)\.\.(.*?)([\])\[])\s*", re.DOTALL)
_CONSTRUCTORS = {
    "date": conversion.date_from_text,
    "time": conversion.time_from_text,
    "date and time": conversion.date_time_from_text,
    "duration": conversion.duration_from_text,
}


def _ends(value: Value) -> Range:
    """A point as a range; raises ``ValueError`` for ``null`` and for ranges open to infinity."""
    found = value if isinstance(value, Range) else Range(value, value)
    if found.start is None or found.end is None:
        raise ValueError("区间要有两端")
    return found


def _less(left: Value, right: Value) -> bool:
    outcome = compare("<", left, right)
    if outcome is None:
        raise ValueError("两者不能比较")
    return outcome


def _same(left: Value, right: Value) -> bool:
    return not _less(left, right) and not _less(right, left)


def _starts_first(a: Range, b: Range) -> bool:
    """Whether a holds something before the start of b."""
    return _less(a.start, b.start) or (_same(a.start, b.start) and a.start_included and not b.start_included)


def _ends_last(a: Range, b: Range) -> bool:
    """Whether a holds something after the end of b."""
    return _less(b.end, a.end) or (_same(a.end, b.end) and a.end_included and not b.end_included)


def _reaches(a: Range, b: Range) -> bool:
    """Whether a reaches up to the start of b."""
    return _less(b.start, a.end) or (_same(b.start, a.end) and a.end_included and b.start_included)


@builtin(*(f"before{form}" for form in (_RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)))
def before(first: Value, second: Value) -> bool:
    """Whether all of the first is before all of the second."""
    return not _reaches(_ends(first), _ends(second))


@builtin(*(f"after{form}" for form in (_RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)))
def after(first: Value, second: Value) -> bool:
    """Whether all of the first is after all of the second."""
    return before(second, first)


@builtin(f"meets{_RANGES}")
def meets(first: Range, second: Range) -> bool:
    """Whether the first ends where the second starts."""
    a, b = _ends(first), _ends(second)
    return a.end_included and b.start_included and _same(a.end, b.start)


@builtin(f"met by{_RANGES}")
def met_by(first: Range, second: Range) -> bool:
    """Whether the first starts where the second ends."""
    return meets(second, first)


@builtin(f"overlaps{_RANGES}")
def overlaps(first: Range, second: Range) -> bool:
    """Whether the ranges have something in common."""
    a, b = _ends(first), _ends(second)
    return _reaches(a, b) and _reaches(b, a)


@builtin(f"overlaps before{_RANGES}")
def overlaps_before(first: Range, second: Range) -> bool:
    """Whether the first starts before the second and ends within it."""
    a, b = _ends(first), _ends(second)
    return _starts_first(a, b) and _reaches(a, b) and not _ends_last(a, b)


@builtin(f"overlaps after{_RANGES}")
def overlaps_after(first: Range, second: Range) -> bool:
    """Whether the first starts within the second and ends after it."""
    a, b = _ends(first), _ends(second)
    return _starts_first(b, a) and _reaches(b, a) and not _ends_last(b, a)


@builtin(*(f"finishes{form}" for form in (_RANGES, _POINT_RANGE)))
def finishes(first: Value, second: Range) -> bool:
    """Whether the first is the last part of the second."""
    a, b = _ends(first), _ends(second)
    return _same(a.end, b.end) and a.end_included == b.end_included and not _starts_first(a, b)


@builtin(*(f"finished by{form}" for form in (_RANGES, _RANGE_POINT)))
def finished_by(first: Range, second: Value) -> bool:
    """Whether the second is the last part of the first."""
    return finishes(second, first)


@builtin(*(f"includes{form}" for form in (_RANGES, _RANGE_POINT)))
def includes(first: Range, second: Value) -> bool:
    """Whether all of the second is in the first."""
    a, b = _ends(first), _ends(second)
    return not _starts_first(b, a) and not _ends_last(b, a)


@builtin(*(f"during{form}" for form in (_RANGES, _POINT_RANGE)))
def during(first: Value, second: Range) -> bool:
    """Whether all of the first is in the second."""
    return includes(second, first)


@builtin(*(f"starts{form}" for form in (_RANGES, _POINT_RANGE)))
def starts(first: Value, second: Range) -> bool:
    """Whether the first is the beginning of the second."""
    a, b = _ends(first), _ends(second)
    return _same(a.start, b.start) and a.start_included == b.start_included and not _ends_last(a, b)


@builtin(*(f"started by{form}" for form in (_RANGES, _RANGE_POINT)))
def started_by(first: Range, second: Value) -> bool:
    """Whether the second is the beginning of the first."""
    return starts(second, first)


@builtin(*(f"coincides{form}" for form in (_RANGES, _POINTS)))
def coincides(first: Value, second: Value) -> bool:
    """Whether both are the same point or range."""
    a, b = _ends(first), _ends(second)
    return (
        _same(a.start, b.start)
        and _same(a.end, b.end)
        and (a.start_included, a.end_included) == (b.start_included, b.end_included)
    )


@builtin("range(from: string): range")
def range_from_text(text: str) -> Range:
    """The range the text spells; its ends must be literals."""
    found = _RANGE_TEXT.fullmatch(text)
    if found is None:
        raise ValueError("区间写作 [1..5]")
    opening, start_text, end_text, closing = found.groups()
    start, end = _end(start_text), _end(end_text)
    if start is None and end is None:
        raise ValueError("区间至少要有一端")
    if start is not None and end is not None and compare("<=", start, end) is not True:
        raise ValueError("区间的两端不对")
    if (start is None and opening == "[") or (end is None and closing == "]"):
        raise ValueError("没有端点的一边要用圆括号")
    return Range(start, end, opening == "[", closing == "]")


def _end(text: str) -> Value:
    if not text.strip():
        return None
    try:
        return _literal_value(Parser(text, ("date and time",), {}).whole_expression())
    except FeelSyntaxError as error:
        raise ValueError(error.message) from error


def _literal_value(node: Node) -> Value:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        read = _CONSTRUCTORS.get(node.function.name)
        argument = node.arguments[0]
        if read is not None and isinstance(argument, Literal) and type(argument.value) is str:
            return read(argument.value)
    raise ValueError("区间的端点要写成数字、文字或日期")
