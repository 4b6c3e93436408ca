"""FEEL, the expression language of DMN 1.5 (OMG formal/2024), for text that is typed by administrators.

Nothing typed is ever executed as Python; each evaluation has a budget; numbers are exact; the clock is the
caller's. See ``docs/reference/feel.md``.

>>> evaluate('count(票[选择="同意"]) >= 应到数 * 2/3', {"票": [{"选择": "同意"}], "应到数": 1})
True
"""

from __future__ import annotations

from engine.feel.border import from_json, from_python, to_json
from engine.feel.builtins import BUILTINS
from engine.feel.checker import Finding
from engine.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError, FeelValueError
from engine.feel.expression import (
    Evaluation,
    Expression,
    compile_unary_tests,
    evaluate,
    unary_test,
)
from engine.feel.expression import compile_expression as compile  # noqa: A004 - the name everybody looks for
from engine.feel.functions import Function
from engine.feel.registry import FeelFunction, FunctionRegistry
from engine.feel.runtime import FeelWarning
from engine.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from engine.feel.values import Range

__all__ = [
    "BUILTINS",
    "Date",
    "DateTime",
    "DaysDuration",
    "Evaluation",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelFunction",
    "FeelSyntaxError",
    "FeelValueError",
    "FeelWarning",
    "Finding",
    "Function",
    "FunctionRegistry",
    "MonthsDuration",
    "Range",
    "Time",
    "compile",
    "compile_unary_tests",
    "evaluate",
    "from_json",
    "from_python",
    "to_json",
    "unary_test",
]
