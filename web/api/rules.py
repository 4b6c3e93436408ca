"""Who may call what: one table of rules for every operation, and the scopes a token can be limited to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from engine.instances import OVERSEERS
from engine.runtime import Actor
from web.wiring import ADMINISTRATOR


class Scope(StrEnum):
    """What a token may be used for, within what its person may do."""

    READ = "read"
    WRITE = "write"
    JOBS = "jobs"
    ADMIN = "admin"


class Rule(StrEnum):
    """Who may call an operation at all; which objects they then reach is decided by each query."""

    EVERYBODY = "everybody"
    MEMBER = "member"
    OVERSEER = "overseer"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a person, with the scopes of the token they showed; all of them by password or by session."""

    actor: Actor
    community: str
    scopes: frozenset[Scope]
    by_token: bool
    by_session: bool = False

    @property
    def is_administrator(self) -> bool:
        return self.actor.holds([ADMINISTRATOR], self.community)

    @property
    def is_overseer(self) -> bool:
        """Administrators and auditors read everything of their community."""
        return self.actor.holds(OVERSEERS, self.community)


_FULFILLED: dict[Rule, Callable[[Caller], bool]] = {
    Rule.EVERYBODY: lambda caller: True,
    Rule.MEMBER: lambda caller: True,
    Rule.OVERSEER: lambda caller: caller.is_overseer,
    Rule.ADMINISTRATOR: lambda caller: caller.is_administrator,
}


def allows(rule: Rule, scope: Scope, caller: Caller) -> bool:
    """Whether the caller may use an operation of this rule that needs this scope."""
    return scope in caller.scopes and _FULFILLED[rule](caller)
