"""Who throws errors and escalations, and which event catches them, by the rules of the running engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel

ANY_CODE = "\0"
"""A code that no event of the model names; only an event that catches every code catches it."""

OUTSIDE = ""
"""Stands for whoever called the process, in place of the id of a catching event."""

_THROWN = (EventKind.ERROR, EventKind.ESCALATION)


@dataclass(frozen=True, slots=True)
class Exits:
    """How a sub-process can end: by its own end, or because an event (by id) around it catches something."""

    by_itself: bool
    caught_by: frozenset[str]


class Throws:
    """Errors and escalations of one model."""

    def __init__(self, model: ProcessModel) -> None:
        self._model = model
        self._codes = {
            kind: {n.event.name for n in model.nodes.values() if n.event and n.event.kind is kind}
            | {ANY_CODE}
            for kind in _THROWN
        }

    def of(self, node: Node, exits: Mapping[str, Exits]) -> frozenset[str]:
        """The events that may catch what the node throws; :data:`OUTSIDE` for an error end nothing catches.

        An escalation nobody catches is no more; an error of a service nobody catches is an incident.
        """
        if node.type is NodeType.SUB_PROCESS:
            return exits[node.id].caught_by
        found = frozenset(self._catcher(node, kind, code) for kind, code in self._thrown(node))
        ends_in_error = node.type is NodeType.END and _kind(node) is EventKind.ERROR
        return found if ends_in_error else found - {OUTSIDE}

    def _thrown(self, node: Node) -> Iterator[tuple[EventKind, str]]:
        kind = _kind(node)
        if node.type in (NodeType.END, NodeType.THROW) and kind in _THROWN:
            assert node.event is not None
            yield kind, node.event.name
        elif node.type is NodeType.SERVICE_TASK:
            yield from ((EventKind.ERROR, code) for code in self._codes[EventKind.ERROR])
        elif node.type is NodeType.CALL_ACTIVITY:
            yield from ((kind, code) for kind in _THROWN for code in self._codes[kind])

    def _catcher(self, source: Node, kind: EventKind, code: str) -> str:
        for candidates in self._outwards(source):
            events = [n for n in candidates if n.event is not None and n.event.kind is kind]
            exact = [n for n in events if n.event is not None and n.event.name == code]
            every = [n for n in events if n.event is not None and not n.event.name]
            if exact or every:
                return (exact + every)[0].id
        return OUTSIDE

    def _outwards(self, source: Node) -> Iterator[tuple[Node, ...]]:
        """Starts of event sub-processes and boundary events, in the order the engine asks them.

        Of each scope its event sub-processes are asked first, but not the one the search comes out of.
        """
        model = self._model
        inside, current = "", model.nodes.get(source.id)
        while current is not None:
            yield self._starts(current.id, inside)
            yield model.boundary_events(current.id)
            inside, current = current.id, model.nodes.get(current.scope)
        yield self._starts(model.process_id, inside)

    def _starts(self, scope: str, inside: str) -> tuple[Node, ...]:
        model = self._model
        return tuple(
            start
            for sub_process in model.event_sub_processes(scope)
            if sub_process.id != inside
            for start in model.start_events(sub_process.id)
        )


def _kind(node: Node) -> EventKind:
    return EventKind.NONE if node.event is None else node.event.kind
