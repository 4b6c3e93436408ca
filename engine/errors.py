"""What can go wrong, in the three channels of the house.

* a :class:`Refusal` goes back to the caller (a sentence, a status);
* a :class:`BpmnError` is a business outcome the model knows (error boundary event);
* any other exception inside a step is a technical failure and becomes an incident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


class Refusal(Exception):
    """The engine will not do what was asked; ``str(refusal)`` is a Chinese sentence saying what to do."""


class NotFound(Refusal):
    """It is not there, or it does not concern the one who asks: nobody can tell which."""

    def __init__(self, what: str = "内容") -> None:
        super().__init__(f"没有找到这项{what},或者它与您无关。请从“待办”重新进入。")


class NotAllowed(Refusal):
    """The person may see it but may not do this with it."""


class WrongState(NotAllowed):
    """It has gone on meanwhile: what was asked no longer fits, whoever asks."""


class AlreadyCompleted(Refusal):
    """Somebody else (or the same person, earlier) has done it."""

    def __init__(self, by: str, by_name: str, at: datetime) -> None:
        super().__init__(f"这项任务已由{by_name}办结，不需要再次提交。")
        self.by = by
        self.by_name = by_name
        self.at = at


class FormInvalid(Refusal):
    """A submission does not satisfy its form.

    ``errors`` maps a dotted field path (``agenda.0.minutes``) to Chinese sentences.
    """

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("填写的内容有误，请按提示修改后再提交。")
        self.errors = {field: list(sentences) for field, sentences in errors.items()}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a resource cannot be deployed: where (file, element) and why (a Chinese sentence).

    ``name`` is what the element is called in the drawing, empty when it has no name of its own; ``trace`` are the
    elements a token passes on its way to the fault, when the fault is one of the whole course.
    """

    resource: str
    element: str
    message: str
    name: str = ""
    trace: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The element for readers: its id, and its name behind it."""
        return f"{self.element}({self.name})" if self.name else self.element


class DeploymentRefused(Refusal):
    """Nothing was deployed; ``problems`` names every culprit."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = [f"{p.resource} · {p.label}:{p.message}" for p in problems]
        super().__init__("流程没有部署，请先改正:\n" + "\n".join(lines))
        self.problems = tuple(problems)


class BpmnError(Exception):
    """Thrown by a service task handler: a business outcome, caught by an error event with this code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class ModelFault(Exception):
    """The model cannot go on here (unknown name, no default flow, budget spent); becomes an incident.

    The text is a Chinese sentence for the administrator.
    """
