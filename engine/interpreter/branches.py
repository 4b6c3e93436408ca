"""Which branches of a process run beside each other: what must be known before a token is put back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel

Branch = tuple[str, str]
"""The node that splits and the node a branch begins with."""

ONE_WAY = (NodeType.EXCLUSIVE, NodeType.EVENT_BASED)
"""Nodes whose token leaves over one flow only, however many there are."""


def branches(model: ProcessModel) -> dict[str, frozenset[Branch]]:
    """For each node the concurrent branches it lies in.

    Two nodes of one scope with the same branches are passed by the same token; a node that several branches
    of a split lead to lies in none of them: there they have met again.
    """
    found: dict[str, set[Branch]] = {node_id: set() for node_id in model.nodes}
    for node in model.nodes.values():
        for begin, inside in _concurrent(model, node):
            for node_id in inside:
                found[node_id].add((node.id, begin))
    return {node_id: frozenset(those) for node_id, those in found.items()}


def between(model: ProcessModel, start: str, end: str) -> frozenset[str]:
    """The nodes on the ways from one node to another, both left out."""
    reachable = model.reachable
    return frozenset(one for one in reachable[start] if end in reachable[one]) - {start, end}


def _concurrent(model: ProcessModel, node: Node) -> Iterator[tuple[str, frozenset[str]]]:
    """The branches that begin at a node, each with what lies in it alone."""
    ahead = [flow.target for flow in model.outgoing(node.id)]
    if len(ahead) > 1 and node.type not in ONE_WAY:
        reached = {begin: _reached(model, begin, node.id) for begin in ahead}
        for begin, inside in reached.items():
            yield begin, inside - frozenset().union(*(r for other, r in reached.items() if other != begin))
    main = frozenset().union(*(_reached(model, begin, node.id) for begin in ahead))
    for event in model.boundary_events(node.id):
        if not event.interrupting:
            yield event.id, _reached(model, event.id, node.id) - main


def _reached(model: ProcessModel, begin: str, stop: str) -> frozenset[str]:
    """What a token at ``begin`` can come to without passing ``stop``."""
    seen: set[str] = set()
    waiting = [begin]
    while waiting:
        node_id = waiting.pop()
        if node_id not in seen and node_id != stop:
            seen.add(node_id)
            waiting += _next(model, model.nodes[node_id])
    return frozenset(seen)


def _next(model: ProcessModel, node: Node) -> Iterable[str]:
    yield from (flow.target for flow in model.outgoing(node.id))
    yield from (event.id for event in model.boundary_events(node.id))
    if node.type is NodeType.THROW and node.event and node.event.kind is EventKind.LINK:
        yield model.link_target(node.scope, node.event.name).id
