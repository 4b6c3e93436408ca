"""The functions of the standard (DMN 1.5, section 10.3.4), one module for each family."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel.builtins import contexts, conversion, dates, lists, numeric, ranges, statistics, strings
from engine.feel.builtins.table import functions_of
from engine.feel.functions import Function

BUILTINS: Mapping[str, Function] = functions_of(
    conversion, strings, lists, statistics, numeric, contexts, dates, ranges
)
"""All functions of the standard by name."""
