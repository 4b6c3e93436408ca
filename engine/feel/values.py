"""The values of FEEL that are not Python's own and not temporal, and what is common to all values.

``None``, ``bool``, ``str``, ``Decimal``/``Fraction``, ``list`` and ``dict`` are Python's own; temporal values
come from :mod:`engine.feel.temporal`, functions from :mod:`engine.feel.functions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Value = Any
"""A FEEL value; open, because Python cannot spell the recursive union."""


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two ends (DMN 1.5, section 10.3.2.7).

    ``symbol`` is that of a range made by a comparison, such as ``(< 5)`` or ``(!= 5)``: its missing end is open
    to infinity, while an end of ``null`` in ``[1..null]`` admits no answer. ``!=`` means all but the one member.
    """

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    symbol: str = ""
