"""Soundness: proves that a drawn process cannot hang, circle, or do the same work twice.

Every path can end, nothing waits for ever, nothing runs twice by accident, no element is dead; with
deadlines, sub-processes, multi-instance and inclusive gateways as the engine runs them. Conditions are
free: each may hold or not. After van der Aalst, The Application of Petri Nets to Workflow Management
(1998), with BPMN's own end: a scope is done when no token is left in it.

The checker is pure: it reads a model and nothing else, and its bound is a number of steps.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.interpreter.model import ProcessModel
from engine.soundness import calls, sentences, shape
from engine.soundness.judge import Judge
from engine.soundness.verdict import BudgetSpent, Kind, Verdict

__all__ = ["STEPS", "Kind", "Verdict", "check"]

STEPS = 50_000
"""Moves tried before a model is given up as unknown; about a second."""


def check(
    model: ProcessModel, others: Mapping[str, ProcessModel] | None = None, *, steps: int = STEPS
) -> Verdict:
    """Judge a model; ``others`` are the processes it may call, by id, to find call cycles through them.

    The first fault found is reported. ``UNKNOWN`` means that the model is not proven sound, be it too
    tangled for ``steps`` or not drawn completely; the caller must refuse it.
    """
    incomplete = shape.incomplete(model)
    if incomplete is not None:
        return Verdict(Kind.UNKNOWN, (incomplete,), (), sentences.malformed(model, incomplete))
    circle = calls.cycle(model, others or {})
    if circle is not None:
        element, processes = circle
        return Verdict(Kind.CALL_CYCLE, (element,), (element,), sentences.call_cycle(processes))
    try:
        fault = Judge(model, steps).judge()
    except BudgetSpent:
        return Verdict(Kind.UNKNOWN, (model.process_id,), (), sentences.unknown(model))
    if fault is None:
        return Verdict(Kind.SOUND)
    return Verdict(fault.kind, fault.elements, fault.trace, sentences.sentence(model, fault))
