"""What the engine asks of the product around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from engine.runtime import Work
    from engine.user_tasks import UserTask


@dataclass(frozen=True, slots=True)
class Candidates:
    """Concrete groups (``secretariat@jsjy``) and persons (``u0102``) that may do a task."""

    groups: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)


class GroupResolver(Protocol):
    """Turns the role words of models into groups and persons of a place."""

    def known(self, role: str) -> bool:
        """Whether a model may use this word; asked at deployment."""
        ...

    def resolve(self, work: Work, role: str, variables: Mapping[str, Any]) -> Candidates:
        """Who fills the role for the matter with these variables."""
        ...


class FormValidator(Protocol):
    """The one implementation of form-js schemas."""

    def check(self, schema: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Problems that forbid deployment, as (field, Chinese sentence)."""
        ...

    def writes(self, schema: Mapping[str, Any]) -> Mapping[str, str]:
        """The variables a submission writes, each with the FEEL name of its type, ``Any`` if it is open."""
        ...

    def reads(self, schema: Mapping[str, Any]) -> frozenset[str]:
        """The variables of the matter its expressions look at, its own earlier answers left out."""
        ...

    def validate(
        self, schema: Mapping[str, Any], submission: Any, context: Mapping[str, Any], now: datetime
    ) -> dict[str, Any]:
        """The submission as JSON-ready variables, or :class:`~engine.errors.FormInvalid`."""
        ...


class Roster(Protocol):
    """The people one roster task asks, their answers, and the rule by which these are enough.

    All of them share the variables of the task; what differs from person to person comes from :meth:`shown`.
    """

    def members(self, work: Work, variables: Mapping[str, Any]) -> Iterable[str]:
        """The persons to ask, when the task is opened."""
        ...

    def shown(self, work: Work, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the form shows to the actor alone, beside the variables."""
        ...

    def answer(
        self, work: Work, task: UserTask, data: Mapping[str, Any], variables: Mapping[str, Any]
    ) -> None:
        """Keep what the actor answered; it goes neither to variables nor to history."""
        ...

    def conclude(
        self, work: Work, task: UserTask, variables: Mapping[str, Any], *, asked: int, answered: int
    ) -> Mapping[str, Any] | None:
        """The variables the task completes with, or ``None`` while answers are missing."""
        ...


Communities = Callable[["Work"], Iterable[str]]
"""The communities in which processes with a timer start event start by themselves."""

Numbering = Callable[["Work", str], str]
"""Gives a new matter of a process its number, inside the transaction that starts it."""
