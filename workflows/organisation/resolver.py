"""Turns the role words of models into groups and persons, for the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.ports import Candidates, GroupResolver
from engine.runtime import Work
from workflows.moments import local_date
from workflows.organisation import rules, store
from workflows.organisation.model import Body
from workflows.organisation.rules import LANES, Lane, LaneKind

Variables = Mapping[str, Any]


class OrganisationResolver(GroupResolver):
    """Reads the lane table against the organisation as it stands in the work's transaction."""

    def known(self, role: str) -> bool:
        """Whether the lane table has the word."""
        return role in LANES

    def resolve(self, work: Work, role: str, variables: Variables) -> Candidates:
        """Who fills the lane for the matter; the lane's alternative when it yields nobody.

        A post nobody holds yields the community's group, so that the task is there for the next appointee.
        """
        lane = LANES[role]
        found = _WAYS[lane.kind](work, lane, variables)
        if lane.otherwise and not (found.groups or found.users):
            return self.resolve(work, lane.otherwise, variables)
        return found


def _by_seat(work: Work, lane: Lane, variables: Variables) -> Candidates:
    body = _body(work, variables)
    today = local_date(work.now)
    barred = rules.recused(variables)
    return Candidates(
        groups=[
            rules.seat_group(seat.body, seat.seat)
            for seat in rules.chosen_seats(lane, store.seats(work.connection, body.id))
            if seat.seat not in barred and rules.holder(seat, today)
        ]
    )


def _by_post(work: Work, lane: Lane, variables: Variables) -> Candidates:
    (role,) = lane.words
    inmost = variables.get("grid_id") or _place(work, variables)
    chain = store.place_chain(work.connection, inmost)
    today = local_date(work.now)
    nearest = store.nearest_post(work.connection, role, chain, today)
    inner = [] if variables.keys() & {"matter_no", "grid_id"} else _inside(work, role)
    return Candidates(groups=[rules.post_group(role, one) for one in [nearest or work.community, *inner]])


def _inside(work: Work, role: str) -> list[str]:
    """Where inside the community a post is held: before there is a matter, any grid's worker may begin one."""
    inner = [one.id for one in store.places(work.connection, work.community) if one.id != work.community]
    return store.places_with_post(work.connection, role, inner, local_date(work.now))


def _by_party(work: Work, lane: Lane, variables: Variables) -> Candidates:
    party = rules.party(lane, variables)
    if party is None:
        return Candidates()
    if store.is_organisation(work.connection, party):
        return Candidates(groups=[rules.organisation_group(party)])
    return Candidates(users=[party])


def _nobody(_work: Work, _lane: Lane, _variables: Variables) -> Candidates:
    return Candidates()


_WAYS: dict[LaneKind, Callable[[Work, Lane, Variables], Candidates]] = {
    LaneKind.SEAT: _by_seat,
    LaneKind.POST: _by_post,
    LaneKind.PARTY: _by_party,
    LaneKind.NOBODY: _nobody,
}


def _place(work: Work, variables: Variables) -> str:
    return _body(work, variables).place if variables.get("body_id") else work.community


def _body(work: Work, variables: Variables) -> Body:
    return store.body_of(work.connection, work.community, variables.get("body_id"))
