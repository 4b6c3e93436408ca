"""Texts that are FEEL but hardly what was meant."""

from __future__ import annotations

from engine.feel import syntax as s
from engine.feel.numbers import is_number


def bare_date(node: s.Arithmetic) -> str | None:
    """``2026-11-22`` without quotes, which FEEL reads as a subtraction."""
    first = node.left
    if node.symbol != "-" or not isinstance(first, s.Arithmetic) or first.symbol != "-":
        return None
    parts = [part.value for part in (first.left, first.right, node.right) if isinstance(part, s.Literal)]
    if len(parts) < 3 or not all(map(is_number, parts)):
        return None
    year, month, day = parts
    if not (1900 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{int(year)}-{int(month):02d}-{int(day):02d}"


def is_number_in_quotes(node: s.Node) -> bool:
    """``"20"``: ordered as text, so that "9" is greater."""
    return isinstance(node, s.Literal) and type(node.value) is str and node.value.strip().isdecimal()
