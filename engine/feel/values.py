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
    """Values between two ends; an end of ``None`` is open to infinity (DMN 1.5, section 10.3.2.7).

    ``negated`` marks what a test ``!= x`` stands for: everything but the one member.
    """

    start: Value
    end: Value
    start_included: bool = True
    end_included: bool = True
    negated: bool = False
