"""The token net of a reduced graph: markings are bits of one integer, so that a state costs next to nothing.

Every firing of a non-interrupting boundary event has a colour of its own, below the colour of its host. It
is judged by itself: the event may fire again when the tokens of its last firing are gone, and its tokens
may pass others of its kind. But where a coloured token meets one of the colour it comes from, the same
work is done twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations

from engine.soundness.graph import Edge, Gate, Graph, Sweep, Vertex
from engine.soundness.verdict import BudgetSpent

Colour = tuple[int, ...]
Place = tuple[Vertex | Edge, Colour]  # a token in a vertex, or before a join

MAIN: Colour = ()
MAX_NESTING = 3
"""Non-interrupting events within what non-interrupting events start."""
MAX_CHOICE = 10
"""Ways of an inclusive split; more have too many combinations."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that can happen to a token; ``bits`` are set in this order unless one meets its ``conflict``."""

    source: Vertex
    edges: tuple[Edge, ...]
    clear: int = 0
    bits: tuple[tuple[int, int], ...] = ()
    guard: int = 0  # must be empty
    joins: tuple[Vertex, ...] = ()
    sweep: Sweep | None = None


class Collision(Exception):
    """Two tokens have come to one place."""

    def __init__(self, place: Vertex | Edge) -> None:
        self.element = place.element if isinstance(place, Vertex) else place.target.element


@dataclass(slots=True)
class _Slots:
    """The bits of one vertex or edge, by colour from the outermost inwards."""

    is_tolerant: bool
    bits: dict[Colour, int] = field(default_factory=dict)

    @property
    def mask(self) -> int:
        return sum(self.bits.values())

    def conflict(self, colour: Colour) -> int:
        """Bits of the colours this one comes from or that come from it, itself included."""
        if self.is_tolerant:
            return 0
        return sum(bit for other, bit in self.bits.items() if _related(colour, other))


class Net:
    """All moves of a graph."""

    def __init__(self, graph: Graph, reachable: Mapping[str, frozenset[str]]) -> None:
        self._slots: dict[Vertex | Edge, _Slots] = {}
        self._places: list[Place] = []
        self._events: dict[Edge, int] = {}
        self._reachable = reachable
        self._blockers: dict[tuple[Vertex, frozenset[Edge]], int] = {}
        for start in graph.starts:
            self._bit(start, MAIN)
        for vertex, colour in self._places:  # grows while it is walked
            if isinstance(vertex, Vertex):
                self._spread(vertex, colour)
        self._inclusive = sorted(
            {v for v, _ in self._places if isinstance(v, Vertex) and v.join is Gate.SOME},
            key=lambda vertex: vertex.order,
        )
        self._moves = [self._moves_of(v, c) if isinstance(v, Vertex) else () for v, c in self._places]
        self.initial = [self._slots[start].bits[MAIN] for start in graph.starts]

    # -- places --------------------------------------------------------------------------------------

    def _bit(self, thing: Vertex | Edge, colour: Colour) -> int:
        is_tolerant = isinstance(thing, Vertex) and thing.is_tolerant
        slots = self._slots.setdefault(thing, _Slots(is_tolerant))
        if colour not in slots.bits:
            slots.bits[colour] = 1 << len(self._places)
            self._places.append((thing, colour))
        return slots.bits[colour]

    def _spread(self, vertex: Vertex, colour: Colour) -> None:
        """Give bits to all places a token of this colour can come to from here."""
        for edge in vertex.outs:
            if edge.target.join is not Gate.ONE:
                self._bit(edge, colour)
            if not edge.target.is_quiet:
                self._bit(edge.target, colour)
        for edge in vertex.spawns:
            event = self._events.setdefault(edge, len(self._events))
            if event not in colour and len(colour) < MAX_NESTING and not edge.target.is_quiet:
                self._bit(edge.target, (*colour, event))

    def places(self, state: int) -> Iterator[Vertex | Edge]:
        """Where the tokens of a state are."""
        return (self._places[index][0] for index in _indices(state))

    # -- moves ---------------------------------------------------------------------------------------

    def moves(self, state: int) -> Iterator[Move]:
        for index in _indices(state):
            for move in self._moves[index]:
                if not state & move.guard:
                    yield move

    def _moves_of(self, vertex: Vertex, colour: Colour) -> tuple[Move, ...]:
        own = self._slots[vertex].bits[colour]
        swept = [Move(vertex, (), sweep=sweep) for sweep in sorted(vertex.sweeps, key=lambda s: s.value)]
        stays = vertex.is_stuck or (vertex.sweeps and not vertex.outs)
        leaving = [] if stays else [self._leave(vertex, edges, colour, own) for edges in _choices(vertex)]
        return (*swept, *leaving, *self._spawning(vertex, colour))

    def _leave(self, vertex: Vertex, edges: tuple[Edge, ...], colour: Colour, own: int) -> Move:
        arriving: list[Vertex | Edge] = []
        for edge in edges:
            if edge.target.join is not Gate.ONE:
                arriving.append(edge)
            elif not edge.target.is_quiet:
                arriving.append(edge.target)
        joins = dict.fromkeys(edge.target for edge in edges if edge.target.join is Gate.ALL)
        return Move(vertex, edges, own, self._landing(arriving, colour), joins=tuple(joins))

    def _landing(self, things: Iterable[Vertex | Edge], colour: Colour) -> tuple[tuple[int, int], ...]:
        return tuple(
            (self._slots[thing].bits[colour], self._slots[thing].conflict(colour)) for thing in things
        )

    def _spawning(self, vertex: Vertex, colour: Colour) -> Iterator[Move]:
        for edge in vertex.spawns:
            own = (*colour, self._events[edge])
            if edge.target in self._slots and own in self._slots[edge.target].bits:
                alive = sum(1 << i for i, (_, c) in enumerate(self._places) if c[: len(own)] == own)
                yield Move(vertex, (edge,), 0, self._landing([edge.target], own), guard=alive)

    # -- firing --------------------------------------------------------------------------------------

    def fire(self, state: int, move: Move) -> int:
        """The state after a move and after the joins it opens; raises :class:`Collision`."""
        if move.sweep is not None:
            return 0
        state &= ~move.clear
        for bit, conflict in move.bits:
            if state & conflict:
                raise Collision(self._places[bit.bit_length() - 1][0])
            state |= bit
        for join in move.joins:
            state = self._open_parallel(state, join)
        while ready := [join for join in self._inclusive if self._is_ready(state, join)]:
            state = self._open_inclusive(state, _innermost(ready))
        return state

    def _open_parallel(self, state: int, join: Vertex) -> int:
        """A parallel join takes one token from each way; of one colour, or else of colours that descend from it."""
        for colour in self._slots[join].bits:
            taken = [self._arrived(state, edge, colour) for edge in join.ins]
            if all(taken) and any(
                bit and bit == self._own(edge, colour) for bit, edge in zip(taken, join.ins, strict=True)
            ):
                return self._enter(state & ~sum(taken), join, colour)
        return state

    def _own(self, edge: Edge, colour: Colour) -> int:
        slots = self._slots.get(edge)
        return slots.bits.get(colour, 0) if slots else 0

    def _arrived(self, state: int, edge: Edge, colour: Colour) -> int:
        """The token of this colour before a join, or the first of a colour below it; 0 if there is none."""
        slots = self._slots.get(edge)
        if slots is None:
            return 0
        found = (bit for c, bit in sorted(slots.bits.items(), key=_depth) if c[: len(colour)] == colour)
        return next((bit for bit in found if state & bit), 0)

    def _arrivals(self, state: int, join: Vertex) -> dict[Edge, int]:
        return {edge: self._slots[edge].mask & state for edge in join.ins if edge in self._slots}

    def _is_ready(self, state: int, join: Vertex) -> bool:
        """An inclusive join opens when no token of its scope can come to one of the ways that are empty."""
        arrived = self._arrivals(state, join)
        missing = frozenset(edge for edge in join.ins if not arrived.get(edge))
        return any(arrived.values()) and not state & self._blocking(join, missing)

    def _open_inclusive(self, state: int, join: Vertex) -> int:
        colours = []
        for edge, bits in self._arrivals(state, join).items():
            if bits:
                colour, bit = min(((c, b) for c, b in self._slots[edge].bits.items() if b & bits), key=_depth)
                colours.append(colour)
                state &= ~bit
        return self._enter(state, join, min(colours, key=lambda c: (len(c), c)))

    def _enter(self, state: int, join: Vertex, colour: Colour) -> int:
        slots = self._slots[join]
        if state & slots.conflict(colour):
            raise Collision(join)
        return state | slots.bits[colour]

    def _blocking(self, join: Vertex, missing: frozenset[Edge]) -> int:
        key = (join, missing)
        if key not in self._blockers:
            sources = {edge.last for edge in missing}
            self._blockers[key] = sum(
                1 << index
                for index, (thing, _) in enumerate(self._places)
                if isinstance(thing, Vertex) and self._may_reach(thing, sources)
            )
        return self._blockers[key]

    def _may_reach(self, vertex: Vertex, sources: set[str]) -> bool:
        elements = {vertex.element, *vertex.members}
        return any(e in sources or self._reachable[e] & sources for e in elements)


def _choices(vertex: Vertex) -> list[tuple[Edge, ...]]:
    """The sets of ways a token may take when it leaves."""
    if vertex.split is Gate.ALL or not vertex.outs:
        return [tuple(vertex.outs)]
    if vertex.split is Gate.ONE:
        return [(edge,) for edge in vertex.outs]
    always = [edge for edge in vertex.outs if edge.always]
    free = [edge for edge in vertex.outs if not edge.always and not edge.default]
    if len(free) > MAX_CHOICE:
        raise BudgetSpent
    subsets = chain.from_iterable(combinations(free, size) for size in range(len(free) + 1))
    chosen: list[tuple[Edge, ...]] = [(*always, *subset) for subset in subsets if always or subset]
    if not always:
        chosen += [(edge,) for edge in vertex.outs if edge.default]
    return chosen


def _related(one: Colour, other: Colour) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _depth(item: tuple[Colour, int]) -> tuple[int, Colour]:
    return len(item[0]), item[0]


def _indices(state: int) -> Iterator[int]:
    while state:
        lowest = state & -state
        yield lowest.bit_length() - 1
        state ^= lowest


def _innermost(ready: list[Vertex]) -> Vertex:
    """A join no other of them leads to; in a circle of joins the first drawn."""
    for join in ready:
        if not any(join.element in other.beyond for other in ready if other is not join):
            return join
    return ready[0]
