"""DMN: decision tables, requirement graphs and boxed expressions over :mod:`engine.feel`.

Conformance level 3 of DMN 1.5, except for functions in Java and PMML; models of versions 1.1 to 1.5 are read.
See ``docs/reference/dmn.md``.
"""

from __future__ import annotations

from engine.decisions.compiler import Problem
from engine.decisions.errors import DecisionError, DecisionModelError, DecisionNotFoundError
from engine.decisions.model import DecisionInfo, DecisionModel, parse
from engine.decisions.results import CellTrace, Result, RuleTrace, TableTrace

__all__ = [
    "CellTrace",
    "DecisionError",
    "DecisionInfo",
    "DecisionModel",
    "DecisionModelError",
    "DecisionNotFoundError",
    "Problem",
    "Result",
    "RuleTrace",
    "TableTrace",
    "parse",
]
