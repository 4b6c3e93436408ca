"""The flow graph of one scope: what a token may do in it, with every condition free to hold or not.

A vertex is a flow node, an edge a way a token may take. Interrupting boundary events are further ways out of
their host; what throws is bent to what catches. Sub-processes are single vertices: each scope is judged by
itself, the innermost first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from engine.interpreter.model import EventKind, Flow, Node, NodeType, ProcessModel
from engine.soundness.throws import OUTSIDE, Exits, Throws

EXTERNAL = frozenset({EventKind.TIMER, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.CONDITIONAL})
"""Events that come by themselves or from outside; nothing in the model has to throw them."""

_CHOOSING = frozenset({NodeType.EXCLUSIVE, NodeType.EVENT_BASED})
_DECIDING = frozenset({NodeType.EXCLUSIVE, NodeType.INCLUSIVE})


class Gate(Enum):
    """How many of its ways a vertex needs to be entered, or takes when it is left."""

    ONE = auto()
    ALL = auto()
    SOME = auto()


_JOINING = {NodeType.PARALLEL: Gate.ALL, NodeType.INCLUSIVE: Gate.SOME}


class Sweep(Enum):
    """What becomes of the scope when a vertex ends everything in it."""

    COMPLETED = auto()  # terminate end event, or an event sub-process takes over
    LEFT = auto()  # something around the scope has caught what was thrown


@dataclass(slots=True, eq=False)
class Vertex:
    """A flow node, or several that the reduction has made one.

    ``element`` is where a token enters, ``members`` are all elements inside, ``path`` is one way through.
    """

    element: str
    join: Gate = Gate.ONE
    split: Gate = Gate.ONE
    path: tuple[str, ...] = ()
    members: set[str] = field(default_factory=set)
    ins: list[Edge] = field(default_factory=list)
    outs: list[Edge] = field(default_factory=list)
    spawns: list[Edge] = field(default_factory=list)  # non-interrupting boundary events
    sweeps: set[Sweep] = field(default_factory=set)
    is_start: bool = False
    is_quiet: bool = False  # a none end event: a token that comes there is gone
    is_final: bool = False  # a terminate end event: the first token that comes there ends all
    is_stuck: bool = False  # a token that comes there stays for ever
    escapes: bool = False  # something thrown here may end the scope
    order: int = -1  # of an inclusive join: its place in the file
    beyond: frozenset[str] = frozenset()  # of an inclusive join: the elements it leads to

    @property
    def is_tolerant(self) -> bool:
        """Whether it does no harm that two tokens come here at the same time."""
        return self.is_quiet or self.is_final

    @property
    def is_plain(self) -> bool:
        """Whether a token here can only move on."""
        return not (self.spawns or self.sweeps or self.is_stuck)


@dataclass(slots=True, eq=False)
class Edge:
    """A way from vertex to vertex, with what the reduction has put on it; ``last`` is the element it leaves last."""

    source: Vertex
    target: Vertex
    last: str
    path: tuple[str, ...] = ()
    members: set[str] = field(default_factory=set)
    always: bool = False  # of the ways of a choice: taken in any case
    default: bool = False  # taken when no other is


@dataclass(frozen=True, slots=True)
class Graph:
    """The vertices of a scope, in the order of the file."""

    scope: str
    vertices: list[Vertex]

    @property
    def starts(self) -> list[Vertex]:
        return [vertex for vertex in self.vertices if vertex.is_start]


def build(model: ProcessModel, scope: str, throws: Throws, exits: Mapping[str, Exits]) -> Graph:
    """The graph of a scope whose sub-processes have been judged (``exits``)."""
    return _Builder(model, scope, throws, exits).build()


class _Builder:
    def __init__(self, model: ProcessModel, scope: str, throws: Throws, exits: Mapping[str, Exits]) -> None:
        self._model = model
        self._scope = scope
        self._throws = throws
        self._exits = exits
        self._vertices: dict[str, Vertex] = {}
        self._helpers: list[Vertex] = []

    def build(self) -> Graph:
        nodes = [
            node
            for node in self._model.nodes.values()
            if node.scope == self._scope and not node.triggered_by_event
        ]
        for node in nodes:
            self._vertices[node.id] = self._vertex(node)
        for node in nodes:
            self._leave(node, self._vertices[node.id])
        for start in self._starts():
            self._vertices[start.id].is_start = True
        self._order_inclusive_joins()
        return Graph(self._scope, [*self._vertices.values(), *self._helpers])

    def _starts(self) -> tuple[Node, ...]:
        is_root = self._scope == self._model.process_id
        return self._model.start_events(self._scope) if is_root else (self._model.start(self._scope),)

    def _vertex(self, node: Node) -> Vertex:
        joins = len(self._model.incoming(node.id)) > 1
        kind = node.event.kind if node.event else EventKind.NONE
        return Vertex(
            node.id,
            join=_JOINING.get(node.type, Gate.ONE) if joins else Gate.ONE,
            path=(node.id,),
            members={node.id},
            is_quiet=node.type is NodeType.END and kind is EventKind.NONE,
            is_final=kind is EventKind.TERMINATE,
            sweeps={Sweep.COMPLETED} if kind is EventKind.TERMINATE else set(),
        )

    # -- ways out ------------------------------------------------------------------------------------

    def _leave(self, node: Node, vertex: Vertex) -> None:
        interrupting, caught_here = self._boundary(node, vertex)
        completes, may_stick = self._throw(node, vertex, caught_here)
        if completes:
            self._complete(node, vertex, bool(interrupting) or may_stick)
        for event in interrupting:
            self._edge(vertex, event)
        if may_stick:
            self._edge(vertex, self._stuck(node))
        if not completes and not vertex.sweeps and not vertex.outs:
            vertex.is_stuck = True

    def _boundary(self, node: Node, vertex: Vertex) -> tuple[list[Vertex], set[str]]:
        """Boundary events that can happen: the interrupting ones, and all that catch what the node throws."""
        thrown = self._throws.of(node, self._exits)
        interrupting, caught = [], set()
        for boundary in self._model.boundary_events(node.id):
            external = boundary.event is not None and boundary.event.kind in EXTERNAL
            if not (self._listens(node) if external else boundary.id in thrown):
                continue
            if not external:
                caught.add(boundary.id)
            if boundary.interrupting:
                interrupting.append(self._vertices[boundary.id])
            else:
                edge = Edge(vertex, self._vertices[boundary.id], node.id)
                vertex.spawns.append(edge)
                edge.target.ins.append(edge)
        return interrupting, caught

    def _listens(self, node: Node) -> bool:
        """A task chosen by an event gateway is done when its event comes; its boundary events never wait."""
        sources = [self._model.nodes[flow.source] for flow in self._model.incoming(node.id)]
        return not sources or any(source.type is not NodeType.EVENT_BASED for source in sources)

    def _throw(self, node: Node, vertex: Vertex, caught_here: set[str]) -> tuple[bool, bool]:
        """Bend what the node throws to what catches it; whether the node can complete, and can get stuck."""
        thrown = self._throws.of(node, self._exits)
        sweeps = {self._sweep(catch) for catch in thrown - caught_here if self._interrupts(catch)}
        left_waiting = self._errors_left_waiting(node, thrown)
        if node.type is NodeType.SUB_PROCESS:
            completes = self._exits[node.id].by_itself or node.loop is not None
        elif node.type in (NodeType.END, NodeType.THROW):
            completes = not thrown or not (sweeps or left_waiting)
        else:
            completes = True
        if vertex.is_final:
            return False, False
        if completes:
            vertex.escapes = bool(sweeps)
        else:
            vertex.sweeps = sweeps
        return completes, completes and left_waiting

    def _errors_left_waiting(self, node: Node, thrown: frozenset[str]) -> bool:
        """An error caught without interrupting leaves the one that threw it waiting for ever."""
        if node.type is NodeType.SUB_PROCESS:
            return False
        caught = [self._model.nodes[catch].event for catch in thrown if not self._interrupts(catch)]
        return any(event is not None and event.kind is EventKind.ERROR for event in caught)

    def _interrupts(self, catch: str) -> bool:
        return catch == OUTSIDE or self._model.nodes[catch].interrupting

    def _sweep(self, catch: str) -> Sweep:
        if catch == OUTSIDE:
            return Sweep.LEFT
        node = self._model.nodes[catch]
        inner = self._model.nodes.get(node.scope)  # the event sub-process it starts, if it starts one
        taken_over = node.type is NodeType.START and inner is not None and inner.scope == self._scope
        return Sweep.COMPLETED if taken_over else Sweep.LEFT

    # -- flows ---------------------------------------------------------------------------------------

    def _complete(self, node: Node, vertex: Vertex, alternatives: bool) -> None:
        flows = self._model.outgoing(node.id)
        if node.type is NodeType.THROW and node.event and node.event.kind is EventKind.LINK:
            self._edge(vertex, self._vertices[self._model.link_target(self._scope, node.event.name).id])
            return
        split, may_fail = _split(node, flows), _may_fail(node, flows)
        if split is not Gate.ONE and (alternatives or may_fail):
            helper = Vertex(node.id)
            self._helpers.append(helper)
            self._edge(vertex, helper)
            self._flows(node, helper, flows, split)
        elif flows or not alternatives:
            self._flows(node, vertex, flows, split)
        else:
            end = Vertex(node.id, is_quiet=True)
            self._helpers.append(end)
            self._edge(vertex, end)
        if may_fail:
            self._edge(vertex, self._stuck(node))

    def _flows(self, node: Node, vertex: Vertex, flows: tuple[Flow, ...], split: Gate) -> None:
        vertex.split = split
        mixed = split is Gate.SOME and node.type is not NodeType.INCLUSIVE
        for flow in flows:
            edge = self._edge(vertex, self._vertices[flow.target])
            edge.default = flow.id == node.default_flow
            edge.always = mixed and flow.condition is None and not edge.default

    def _edge(self, source: Vertex, target: Vertex) -> Edge:
        edge = Edge(source, target, source.element)
        source.outs.append(edge)
        target.ins.append(edge)
        return edge

    def _stuck(self, node: Node) -> Vertex:
        stuck = Vertex(node.id, is_stuck=True)
        self._helpers.append(stuck)
        return stuck

    # -- inclusive joins -----------------------------------------------------------------------------

    def _order_inclusive_joins(self) -> None:
        """Of inclusive joins that could open the engine opens one that no other leads to, else the first drawn."""
        joins = [v for v in self._vertices.values() if v.join is Gate.SOME]
        for order, join in enumerate(joins):
            join.order = order
            join.beyond = self._model.reachable[join.element]


def _split(node: Node, flows: tuple[Flow, ...]) -> Gate:
    if len(flows) < 2 or node.type in _CHOOSING:
        return Gate.ONE
    if node.type is NodeType.INCLUSIVE or any(flow.condition for flow in flows):
        return Gate.SOME
    return Gate.ALL


def _may_fail(node: Node, flows: tuple[Flow, ...]) -> bool:
    """Whether no way out may be open. Of gateways with several ways a rule of its own demands a default."""
    if node.type in _DECIDING and len(flows) > 1:
        return False
    return bool(flows) and all(flow.condition and flow.id != node.default_flow for flow in flows)
