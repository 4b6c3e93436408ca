"""What exists around a model at its deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """Is there such a form, decision table, process, service handler, role; what do they read and write?

    ``None`` for what cannot be told.
    """

    has_form: Callable[[str], bool]
    has_decision: Callable[[str], bool]
    has_process: Callable[[str], bool]
    has_handler: Callable[[str], bool]
    has_roster: Callable[[str], bool]
    has_role: Callable[[str], bool]
    form_writes: Callable[[str], frozenset[str] | None]
    job_writes: Callable[[str], frozenset[str] | None]
    decision_reads: Callable[[str], frozenset[str]]
