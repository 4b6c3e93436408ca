"""Judges a process scope by scope, the innermost first."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import EventKind, Node, ProcessModel
from engine.soundness.exploration import Budget, Exploration, Fault, explore
from engine.soundness.graph import EXTERNAL, build
from engine.soundness.net import Net
from engine.soundness.reduction import reduce
from engine.soundness.throws import Exits, Throws
from engine.soundness.verdict import Kind

_THROWN = (EventKind.ERROR, EventKind.ESCALATION)


class Judge:
    """One judgement of one model."""

    def __init__(self, model: ProcessModel, steps: int) -> None:
        self._model = model
        self._budget = Budget(steps)
        self._throws = Throws(model)
        self._exits: dict[str, Exits] = {}
        self._visited: set[str] = set()

    def judge(self) -> Fault | None:
        """The first fault, or ``None``."""
        for scope in self._scopes():
            explored = self._explore(scope)
            if explored.fault is not None:
                return explored.fault
            self._visited |= explored.visited
            self._exits[scope] = self._exits_of(scope, explored)
        return self._dead()

    def _scopes(self) -> Iterator[str]:
        """All scopes, the inner before the outer, event sub-processes before the scope they may take over."""
        inner: dict[str, list[Node]] = {}
        for node in self._model.nodes.values():
            if node.is_scope:
                inner.setdefault(node.scope, []).append(node)
        order = [self._model.process_id]
        for scope in order:  # grows while it is walked
            order += [node.id for node in inner.get(scope, ())]
        return reversed(order)

    def _explore(self, scope: str) -> Exploration:
        graph = reduce(build(self._model, scope, self._throws, self._exits))
        inclusive = any(node.scope == scope for node in self._model.inclusive_gateways)
        net = Net(graph, self._model.reachable if inclusive else {})
        return explore(net, self._budget, rescued=self._is_rescued(scope))

    def _is_rescued(self, scope: str) -> bool:
        """Whether an endless loop in the scope is meant to be ended from outside.

        By an interrupting boundary event of the sub-process it lies in, or by the deadline of the scope
        itself (an interrupting event sub-process with a timer). A message that withdraws the whole matter
        is no way on for a matter nobody withdraws.
        """
        for start in self._event_starts(scope):
            if start.interrupting and start.event and start.event.kind is EventKind.TIMER:
                return True
        node = self._model.nodes.get(scope)
        while node is not None:
            for event in self._model.boundary_events(node.id):
                if event.interrupting and event.event and event.event.kind in EXTERNAL:
                    return True
            node = self._model.nodes.get(node.scope)
        return False

    def _event_starts(self, scope: str) -> tuple[Node, ...]:
        model = self._model
        return tuple(s for sub in model.event_sub_processes(scope) for s in model.start_events(sub.id))

    def _exits_of(self, scope: str, explored: Exploration) -> Exits:
        """How the scope can end, its event sub-processes included."""
        model = self._model
        caught: set[str] = set()
        for node in model.nodes.values():
            if node.scope == scope and (node.id in explored.visited or node.triggered_by_event):
                caught |= self._throws.of(node, self._exits)
        here = {n.id for n in model.nodes.values() if n.scope == scope}
        here |= {start.id for start in self._event_starts(scope)}
        taken_over = any(
            start.interrupting
            and start.event
            and start.event.kind in EXTERNAL
            and self._exits[start.scope].by_itself
            for start in self._event_starts(scope)
        )
        return Exits(explored.by_itself or taken_over, frozenset(caught - here))

    # -- dead elements ---------------------------------------------------------------------------------

    def _dead(self) -> Fault | None:
        """Elements no token ever comes to; what lies in a dead sub-process goes without saying."""
        model = self._model
        thrown = {
            c for n in model.nodes.values() if n.id in self._visited for c in self._throws.of(n, self._exits)
        }
        idle = {
            sub.id
            for sub in model.nodes.values()
            if sub.triggered_by_event
            and not any(self._can_start(s, thrown) for s in model.start_events(sub.id))
        }
        asleep = {n.id for n in model.nodes.values() if not n.triggered_by_event} - self._visited
        dead = [
            n for n in model.nodes.values() if n.id in asleep | idle and not self._within(n, asleep | idle)
        ]
        if not dead:
            return None
        return Fault(Kind.DEAD, tuple(n.id for n in sorted(dead, key=lambda n: self._follows(n, asleep))))

    def _can_start(self, start: Node, thrown: set[str]) -> bool:
        kind = start.event.kind if start.event else EventKind.NONE
        return start.id in thrown if kind in _THROWN else True

    def _within(self, node: Node, dead: set[str]) -> bool:
        scope = self._model.nodes.get(node.scope)
        while scope is not None:
            if scope.id in dead:
                return True
            scope = self._model.nodes.get(scope.scope)
        return False

    def _follows(self, node: Node, dead: set[str]) -> bool:
        """Whether the node is dead only because what leads to it is."""
        sources = [flow.source for flow in self._model.incoming(node.id)]
        return node.attached_to in dead or (bool(sources) and all(source in dead for source in sources))
