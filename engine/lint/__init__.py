"""What forbids a deployment: one rule, one file, each naming the element it is about.

A rule is a function ``check(model, ground)`` that yields ``(element id, Chinese sentence)``; ``ground``
(:class:`~engine.lint.ground.Ground`) tells what exists around the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.errors import Problem
from engine.interpreter.model import ProcessModel
from engine.lint import (
    calls_exist,
    events_complete,
    flows_connected,
    forms_exist,
    gateways_decide,
    handlers_exist,
    messages_keyed,
    names_known,
    roles_known,
    scopes_start,
    steps_named,
    tables_exist,
    timers_readable,
)
from engine.lint.ground import Ground

Rule = Callable[[ProcessModel, Ground], Iterator[tuple[str, str]]]

RULES: tuple[Rule, ...] = (
    flows_connected.check,
    scopes_start.check,
    gateways_decide.check,
    events_complete.check,
    timers_readable.check,
    messages_keyed.check,
    forms_exist.check,
    tables_exist.check,
    calls_exist.check,
    handlers_exist.check,
    roles_known.check,
    steps_named.check,
    names_known.check,
)


def check(model: ProcessModel, ground: Ground, resource: str) -> list[Problem]:
    """All problems of a model, in the order of the rules."""
    return [
        Problem(resource, element, sentence, model.name_of(element))
        for rule in RULES
        for element, sentence in rule(model, ground)
    ]
