"""What exists around a model at its deployment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.declarations import Names
from engine.expressions import Expression
from engine.feel.types import FeelType
from engine.interpreter.model import ProcessModel


@dataclass(frozen=True, slots=True)
class Ground:
    """Is there such a form, decision table, process, service handler, role; what do they read and write?

    ``task_writes`` is about a user task with these headers, ``None`` where its form is what it writes, and
    ``task_shows`` what it shows to each person beside the variables;
    ``expression`` reads an expression or raises :class:`~engine.expressions.ExpressionFault`.
    """

    has_form: Callable[[str], bool]
    has_decision: Callable[[str], bool]
    has_handler: Callable[[str], bool]
    has_roster: Callable[[str], bool]
    has_role: Callable[[str], bool]
    process: Callable[[str], ProcessModel | None]
    form_reads: Callable[[str], frozenset[str]]
    form_writes: Callable[[str], Names]
    task_writes: Callable[[Mapping[str, str]], Names | None]
    task_shows: Callable[[Mapping[str, str]], Names]
    job_reads: Callable[[str], Names]
    job_writes: Callable[[str], Names]
    decision_reads: Callable[[str], Names]
    decision_type: Callable[[str], FeelType]
    expression: Callable[[str], Expression]
