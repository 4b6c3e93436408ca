"""Whom a review asks by the hundred: the invited, and those who evaluate. One task each, answered once by everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.errors import NotAllowed
from engine.registry import Registry
from engine.runtime import Work
from engine.user_tasks import UserTask
from workflows.ballots import store as ballots
from workflows.organisation import store as organisation
from workflows.reviews import store
from workflows.reviews.errors import NotOnPanel
from workflows.reviews.model import Candidate, Rating, Standing, Way

Variables = Mapping[str, Any]
ACCEPTS = "参加"
SHOWN = "own_grid: string, own_category: string"
"""What each person sees on the form beside what all see."""


def register(registry: Registry, hand_over: Callable[[str], None]) -> None:
    """Make both rosters known; ``hand_over`` gets each receipt code, to show it once and store it nowhere."""
    registry.roster("review_invitations", Invitations(), shows=SHOWN)
    registry.roster("review_panel", Evaluations(hand_over), shows=SHOWN)


class _Everybody:
    """Asks until everybody has answered; a deadline in the model ends it before."""

    def shown(self, work: Work, variables: Variables) -> Variables:
        """The grid whose work the actor is asked to judge, and as what they sit on its panel."""
        own = _found(work, variables)
        if own is None:  # somebody who only looks at the matter
            return {"own_grid": None, "own_category": None}
        names = {place.id: place.name for place in organisation.places(work.connection, work.community)}
        return {"own_grid": names.get(own.grid, own.grid), "own_category": str(own.category)}

    def conclude(
        self, work: Work, task: UserTask, variables: Variables, *, asked: int, answered: int
    ) -> Variables | None:
        return {} if answered == asked else None


class Invitations(_Everybody):
    """Asks those who were drawn, or came up for somebody else, whether they come."""

    def members(self, work: Work, variables: Variables) -> Iterable[str]:
        return [one.person for one in _of(work, variables, Standing.INVITED)]

    def answer(self, work: Work, task: UserTask, data: Variables, variables: Variables) -> None:
        comes = data["accept"] == ACCEPTS
        help_wanted = "、".join(data.get("need_help") or [])
        changes = {
            "standing": str(Standing.ACCEPTED if comes else Standing.DECLINED),
            "note": (help_wanted if comes else data.get("reason")) or "",
            "needs_paper": bool(comes and data.get("need_paper")),
        }
        own = _own(work, variables)
        store.update_members(work.connection, work.community, variables["matter_no"], [own.person], changes)


class Evaluations(_Everybody):
    """Asks those who signed in and evaluate on their phones. What they say goes into the box of their grid."""

    def __init__(self, hand_over: Callable[[str], None]) -> None:
        self._hand_over = hand_over

    def members(self, work: Work, variables: Variables) -> Iterable[str]:
        open_grids = set(variables["open_grids"])
        present = _of(work, variables, Standing.ACCEPTED)
        return [one.person for one in present if one.way is Way.PHONE and one.grid in open_grids]

    def answer(self, work: Work, task: UserTask, data: Variables, variables: Variables) -> None:
        given = {row["indicator"]: Rating(row["rating"]) for row in data["scores"]}
        own = _own(work, variables)
        if own.way is not Way.PHONE:
            raise NotAllowed("您签到时领的是纸质票，请填写纸质票交给监票计票人；一人只能评一次。")
        box = ballots.get(work.connection, work.community, box_id(variables["matter_no"], own.grid))
        receipt = ballots.cast(
            work.connection, work.community, box.id, own.person, own.person, Rating(data["overall"])
        )
        store.hand_in(work.connection, box, receipt, given, data.get("suggestion") or "")
        self._hand_over(receipt)


def box_id(matter_no: str, grid: str) -> str:
    """The ballot box of one grid in a review."""
    return f"{matter_no}/{grid}"


def _of(work: Work, variables: Variables, standing: Standing) -> list[Candidate]:
    return store.pool(work.connection, work.community, variables["matter_no"], [standing])


def _own(work: Work, variables: Variables) -> Candidate:
    found = _found(work, variables)
    if found is None:
        raise NotOnPanel
    return found


def _found(work: Work, variables: Variables) -> Candidate | None:
    return store.member(work.connection, work.community, variables["matter_no"], work.actor.id)
