"""Walks through every state of a net and says what is wrong with it, if anything."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.soundness.components import components
from engine.soundness.graph import Edge, Sweep, Vertex
from engine.soundness.net import Collision, Move, Net
from engine.soundness.verdict import BudgetSpent, Kind

BROAD = 300
"""States walked breadth first, for the shortest trace; after that the walk goes deep, to where tokens get stuck."""


class Budget:
    """Moves a judgement may try; the bound is a number of steps, so that the same model always gets the same."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise BudgetSpent


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: with which elements, on which way there; ``missing`` are ways a join waits for in vain."""

    kind: Kind
    elements: tuple[str, ...]
    trace: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Exploration:
    """What was seen of one net."""

    fault: Fault | None = None
    by_itself: bool = False
    visited: set[str] = field(default_factory=set)


def explore(net: Net, budget: Budget, *, rescued: bool) -> Exploration:
    """All states from the initial ones; ``rescued`` when a deadline or the like around it ends an endless loop."""
    return _Walk(net, budget, rescued).walk()


class _Walk:
    def __init__(self, net: Net, budget: Budget, rescued: bool) -> None:
        self._net = net
        self._budget = budget
        self._rescued = rescued
        self._found = Exploration()
        self._origin: dict[int, tuple[int, Move] | None] = dict.fromkeys(net.initial)
        self._following: dict[int, dict[int, Move]] = {}

    def walk(self) -> Exploration:
        todo = deque(self._origin)
        while todo:
            is_deep = len(self._origin) >= BROAD
            state = todo.pop() if is_deep else todo.popleft()
            following = self._step(state)
            if is_deep and state and not following and self._found.fault is None:
                self._found.fault = self._waiting(frozenset([state]), state)
            if self._found.fault is not None:
                return self._found
            for target, move in following.items():
                if target not in self._origin:
                    self._origin[target] = (state, move)
                    todo.append(target)
        self._note_visited()
        self._found.fault = self._judge()
        return self._found

    def _step(self, state: int) -> dict[int, Move]:
        following: dict[int, Move] = {}
        for move in self._net.moves(state):
            self._budget.spend()
            try:
                target = self._net.fire(state, move)
            except Collision as collision:
                self._found.fault = self._doubled(state, move, collision.element)
                break
            following.setdefault(target, move)
            self._note_move(move)
            if not target and move.sweep in (None, Sweep.COMPLETED):
                self._found.by_itself = True
        self._following[state] = following
        return following

    # -- what was passed ---------------------------------------------------------------------------------

    def _note_move(self, move: Move) -> None:
        for edge in move.edges:
            self._found.visited |= edge.members
            if edge.target.is_quiet:
                self._found.visited |= edge.target.members

    def _note_visited(self) -> None:
        seen = 0
        for state in self._origin:
            seen |= state
        for place in self._net.places(seen):
            if isinstance(place, Vertex):
                self._found.visited |= place.members

    # -- what is wrong -----------------------------------------------------------------------------------

    def _doubled(self, state: int, move: Move, element: str) -> Fault:
        return Fault(Kind.UNSAFE, (element,), (*self._trace(state), *_passed(move), element))

    def _judge(self) -> Fault | None:
        """The first set of states from which no way leads to the end, unless somebody ends it from outside."""
        lost = self._lost()
        closed = components(lost, lambda state: self._following[state])
        bottoms = [c for c in closed if all(target in c for state in c for target in self._following[state])]
        rank = {state: index for index, state in enumerate(self._origin)}
        for bottom in sorted(bottoms, key=lambda c: min(rank[s] for s in c)):
            first = min(bottom, key=lambda s: rank[s])
            fault = self._waiting(bottom, first) or self._circling(bottom, first)
            if fault is not None:
                return fault
        return None

    def _lost(self) -> list[int]:
        before: dict[int, list[int]] = {}
        for state, following in self._following.items():
            for target in following:
                before.setdefault(target, []).append(state)
        good = {0}
        todo = [0]
        while todo:
            for state in before.get(todo.pop(), ()):
                if state not in good:
                    good.add(state)
                    todo.append(state)
        return [state for state in self._origin if state not in good]

    def _waiting(self, bottom: frozenset[int], first: int) -> Fault | None:
        """Tokens that never move again: before a parallel join, or where nothing can go on."""
        kept = first
        for state in bottom:
            kept &= state
        still = list(self._net.places(kept))
        stuck = [place.element for place in still if isinstance(place, Vertex) and place.is_stuck]
        arrived = [place for place in still if isinstance(place, Edge)]
        joins = list(dict.fromkeys(edge.target for edge in arrived))
        if not stuck and not joins:
            return None
        elements = (*stuck, *(join.element for join in joins))
        missing = tuple(e.last for join in joins[:1] for e in join.ins if e not in arrived)
        trace = (*self._trace(first), elements[0])
        return Fault(Kind.DEADLOCK, elements, trace, () if stuck else missing)

    def _circling(self, bottom: frozenset[int], first: int) -> Fault | None:
        places = {place for state in bottom for place in self._net.places(state)}
        vertices = [place for place in places if isinstance(place, Vertex)]
        if self._rescued or any(vertex.escapes for vertex in vertices):
            return None
        elements = {e for vertex in vertices for e in vertex.members}
        for state in bottom:
            for move in self._following[state].values():
                elements.update(e for edge in move.edges for e in edge.members)
        return Fault(Kind.LIVELOCK, tuple(sorted(elements)), self._trace(first))

    def _trace(self, state: int) -> tuple[str, ...]:
        """Each element once, in the order of the first pass."""
        moves = []
        origin = self._origin[state]
        while origin is not None:
            state, move = origin
            moves.append(move)
            origin = self._origin[state]
        passed = (element for move in reversed(moves) for element in _passed(move))
        return tuple(dict.fromkeys(passed))


def _passed(move: Move) -> Iterator[str]:
    yield from move.source.path
    for edge in move.edges:
        yield from edge.path
