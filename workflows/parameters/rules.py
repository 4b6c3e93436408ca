"""Which figures a person has to answer for."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.parameters.model import Confirmation, Grade, Parameter

WEAK = frozenset({Grade.MEMORY, Grade.DESIGN})
NOTE_LENGTH = 500


def needs_confirmation(parameter: Parameter, confirmations: Iterable[Confirmation]) -> bool:
    """A figure from memory or of our own choice stands only when somebody has confirmed that very value."""
    if not WEAK.intersection(parameter.grades):
        return False
    return all(one.value != parameter.value for one in confirmations if one.key == parameter.key)
