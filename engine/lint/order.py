"""What may have happened before a node: earlier nodes on some way to it, and nodes of tokens beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import combinations

from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel

Nodes = frozenset[str]
_JOINS = (NodeType.PARALLEL, NodeType.INCLUSIVE)
_SPLITS_OFF = (NodeType.EXCLUSIVE, NodeType.EVENT_BASED)


def end_of(scope: str) -> str:
    """The place where a sub-process (or the process) has come to its end."""
    return f"{scope} end"


class Order:
    """The order of a model's nodes, as far as the drawing settles it."""

    def __init__(self, model: ProcessModel) -> None:
        self._model = model
        self._next = self._successors()
        self._reach = {place: self._from(place) for place in self._next}

    def before(self, place: str) -> Nodes:
        """The places that may have been left when a token comes to this one."""
        on_the_way = (earlier for earlier, reach in self._reach.items() if place in reach)
        return frozenset(on_the_way).union(*(theirs for mine, theirs in self._ways if place in mine))

    # -- one after the other ---------------------------------------------------------------------------

    def _successors(self) -> Mapping[str, set[str]]:
        model = self._model
        places = [*model.nodes, *(end_of(scope) for scope in self._members), end_of(model.process_id)]
        found: dict[str, set[str]] = {place: set() for place in places}
        for flow in model.flows.values():
            found[self._left_at(flow.source)].add(flow.target)
        for node in model.nodes.values():
            found[self._left_at(node.id)].add(end_of(node.scope))
            found[node.id].update(start.id for start in model.start_events(node.id))
            for boundary in model.boundary_events(node.id):
                for place in (node.id, *self._members.get(node.id, ())):
                    found[self._left_at(place)].add(boundary.id)
            if node.type is NodeType.THROW and node.event and node.event.kind is EventKind.LINK:
                found[node.id].update(self._caught(node))
            if node.triggered_by_event:
                for place in self._members.get(node.scope, ()):
                    found[self._left_at(place)].add(node.id)
        return found

    def _caught(self, thrown: Node) -> Iterator[str]:
        """Where a link comes out; nowhere when its other end is missing, which another rule tells."""
        for node in self._model.nodes.values():
            if node.type is NodeType.CATCH and (node.event, node.scope) == (thrown.event, thrown.scope):
                yield node.id

    def _left_at(self, node_id: str) -> str:
        """A sub-process is left at its end."""
        return end_of(node_id) if node_id in self._members else node_id

    @cached_property
    def _members(self) -> Mapping[str, list[str]]:
        """Scope → the nodes that lie directly in it."""
        found: dict[str, list[str]] = {}
        for node in self._model.nodes.values():
            found.setdefault(node.scope, []).append(node.id)
            if node.is_scope:
                found.setdefault(node.id, [])
        return found

    def _from(self, start: str, stop: Nodes = frozenset()) -> Nodes:
        """Every place a token leaving ``start`` may come to without passing ``stop``."""
        seen: set[str] = set()
        waiting = list(self._next[start])
        while waiting:
            place = waiting.pop()
            if place not in seen and place not in stop:
                seen.add(place)
                waiting.extend(self._next[place])
        return frozenset(seen)

    # -- beside one another ----------------------------------------------------------------------------

    @cached_property
    def _ways(self) -> list[tuple[Nodes, Nodes]]:
        """For each split and each two of its ways, in both orders: the places of either, up to where they join."""
        found = []
        for one, other in self._splits():
            both = (self._reach[one] | {one}) & (self._reach[other] | {other})
            joins = frozenset(place for place in both if self._joins(place))
            ways = self._from(one, joins) | {one}, self._from(other, joins) | {other}
            found += [ways, (ways[1], ways[0])]
        return found

    def _splits(self) -> Iterator[tuple[str, str]]:
        """Where one token becomes two: the two places they go on from."""
        model = self._model
        for node in model.nodes.values():
            if node.type not in _SPLITS_OFF:
                yield from combinations([flow.target for flow in model.outgoing(node.id)], 2)
            if node.attached_to is not None and not node.interrupting:
                yield node.attached_to, node.id
            if node.triggered_by_event and not model.start(node.id).interrupting:
                yield from ((start.id, node.id) for start in model.start_events(node.scope))

    def _joins(self, place: str) -> bool:
        node: Node | None = self._model.nodes.get(place)
        return node is not None and node.type in _JOINS and len(self._model.incoming(place)) > 1
