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

DRAWN: tuple[Rule, ...] = (flows_connected.check, scopes_start.check)
"""What makes a drawing a graph."""

RULES: tuple[Rule, ...] = (
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
)

FOLLOWING: tuple[Rule, ...] = (names_known.check,)
"""Rules that walk the graph, and so need one."""


def check(model: ProcessModel, ground: Ground, resource: str) -> list[Problem]:
    """All problems of a model, in the order of the rules."""

    def problems(rules: tuple[Rule, ...]) -> list[Problem]:
        return [
            Problem(resource, element, sentence, model.name_of(element))
            for rule in rules
            for element, sentence in rule(model, ground)
        ]

    loose = problems(DRAWN)
    return loose + problems(RULES) + ([] if loose else problems(FOLLOWING))
