"""Which variables exist at which place of a model, and of what type.

What is known of forms, decisions, handlers and called processes comes from :class:`~engine.lint.ground.Ground`;
what comes from outside counts only where it is declared (:mod:`engine.declarations`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.declarations import NO_NAMES, Names
from engine.expressions import Expression
from engine.feel.types import ANY, LIST, NULL, NUMBER, STRING, ContextType, FeelType
from engine.instances import GIVEN
from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from engine.lint.ground import Ground
from engine.lint.order import Nodes, Order, end_of

MATTER = ""
"""The home of variables that are visible everywhere."""

COUNTS: Names = dict.fromkeys(
    (
        "numberOfInstances",
        "numberOfCompletedInstances",
        "numberOfActiveInstances",
        "numberOfTerminatedInstances",
    ),
    NUMBER,
)
"""What only a completion condition reads."""

_CARRYING = (EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION)
_THROWS = (NodeType.THROW, NodeType.END, NodeType.SEND_TASK)


@dataclass(frozen=True, slots=True)
class Product:
    """A variable a node writes: it exists behind the place ``at``, inside the node ``home`` alone.

    Its type is the ``type``, or that of the value of ``source``.
    """

    name: str
    node: Node
    at: str
    home: str
    type: FeelType = ANY
    source: Expression | None = None


class Production:
    """Everything the nodes of a model write."""

    def __init__(self, model: ProcessModel, ground: Ground, callers: frozenset[str] = frozenset()) -> None:
        self.model = model
        self._ground = ground
        self._callers = callers | {model.process_id}
        self._order = Order(model)
        self.given: Names = {**dict.fromkeys(GIVEN, STRING), **model.inputs}
        self.products = [product for node in model.nodes.values() for product in self._of(node)]

    # -- what exists where -----------------------------------------------------------------------------

    def before(self, node: Node) -> Names:
        """When a token comes to the node."""
        return self._behind(self._order.before(node.id), self._homes(node))

    def inside(self, node: Node) -> Names:
        """While the node is active."""
        return {**self.before(node), **self._typed(self._locals(node))}

    def done(self, node: Node) -> Names:
        """When its work is done, before its output mappings."""
        results = {name: self._type(name, kind) for name, kind in self.results(node).items()}
        if node.is_scope:
            return self._behind(self._order.before(end_of(node.id)), {*self._homes(node), node.id})
        return {**self.inside(node), **results}

    def after(self, node: Node) -> Names:
        """When the token leaves it."""
        return {**self.done(node), **self._typed(self._published(node))}

    def beginning(self, scope: str) -> Names:
        """When a scope begins to listen for its event sub-processes."""
        node = self.model.nodes.get(scope)
        if node is not None:
            return self.inside(node)
        starts = (self.results(start) for start in self.model.start_events(scope))
        return {**self.given, **{name: kind for names in starts for name, kind in names.items()}}

    @cached_property
    def everything(self) -> Names:
        """Every name that exists for the whole matter at some time."""
        return self._behind(frozenset(p.at for p in self.products), {MATTER})

    def _behind(self, places: Nodes, homes: set[str]) -> Names:
        found = (p for p in self.products if p.at in places and p.home in homes)
        return {**self.given, **self._typed(found)}

    def _homes(self, node: Node) -> set[str]:
        """Where variables the node can see may live: the matter and everything the node lies in."""
        found = {MATTER}
        scope = self.model.nodes.get(node.scope)
        while scope is not None:
            found.add(scope.id)
            scope = self.model.nodes.get(scope.scope)
        return found

    # -- what is written -------------------------------------------------------------------------------

    def _of(self, node: Node) -> Iterator[Product]:
        yield from self._locals(node)
        yield from self._published(node)
        home = self._home_of_results(node)
        if home is not None:
            for name, kind in self.results(node).items():
                source = node.script if name == node.result_variable else None
                yield Product(name, node, node.id, home, kind, source)

    def _locals(self, node: Node) -> Iterator[Product]:
        if node.loop is not None:
            yield Product("loopCounter", node, node.id, node.id, NUMBER)
            if node.loop.element is not None:
                yield Product(node.loop.element, node, node.id, node.id)
        for mapping in node.inputs:
            yield Product(mapping.target, node, node.id, node.id, source=mapping.source)

    def _published(self, node: Node) -> Iterator[Product]:
        at, home = end_of(node.id) if node.is_scope else node.id, self._home(node)
        for mapping in node.outputs:
            yield Product(mapping.target, node, at, home, source=mapping.source)
        if node.loop is not None and node.loop.output_collection is not None:
            yield Product(node.loop.output_collection, node, at, home, LIST)

    def _home_of_results(self, node: Node) -> str | None:
        """Where results go as they are; ``None`` where output mappings pick from them."""
        scope = self.model.nodes.get(node.scope)
        if scope is not None and scope.triggered_by_event and node.type is NodeType.START:
            return scope.id
        if node.outputs:
            return None
        return self._home(node) if node.loop is None else node.id

    def _home(self, node: Node) -> str:
        """Where what leaves a node goes: the iteration around it, else the matter."""
        scope = self.model.nodes.get(node.scope)
        if scope is None:
            return MATTER
        return scope.id if scope.loop is not None else self._home(scope)

    def results(self, node: Node) -> Names:
        """What a node's work yields, before its output mappings."""
        return {**self._worked(node), **node.declared}

    def _worked(self, node: Node) -> Names:
        ground = self._ground
        match node.type:
            case NodeType.USER_TASK:
                kept = ground.task_writes(node.headers)
                return kept if kept is not None else ground.form_writes(node.form_id or "")
            case NodeType.SERVICE_TASK:
                return ground.job_writes(node.job_type or "")
            case NodeType.SCRIPT_TASK:
                return {node.result_variable: ANY} if node.result_variable else NO_NAMES
            case NodeType.BUSINESS_RULE_TASK:
                return _decided(node, ground.decision_type(node.decision_id or ""))
            case NodeType.CALL_ACTIVITY:
                return self._returned(node)
        return NO_NAMES if node.type in _THROWS else self._brought(node)

    def _brought(self, node: Node) -> Names:
        """What comes with the event a node waits for."""
        event = node.event
        if event is None or event.kind not in _CARRYING:
            starts = node.type is NodeType.START and node.scope == self.model.process_id
            timed = starts and event is not None and event.kind is EventKind.TIMER
            return {"scheduled_at": STRING} if timed else NO_NAMES
        thrown = (
            {mapping.target: mapping.source.type(NO_NAMES) for mapping in other.inputs}
            for other in self.model.nodes.values()
            if other.type in _THROWS and other.event is not None and other.event.kind is event.kind
            if event.name in ("", other.event.name)
        )
        return {**{name: kind for names in thrown for name, kind in names.items()}, **event.payload}

    def _returned(self, node: Node) -> Names:
        """What a called process hands back: all it writes for its whole matter."""
        call = node.call
        if call is None or not (node.outputs or call.returns_all) or not call.process_id.is_literal:
            return NO_NAMES
        called = self._ground.process(call.process_id.text)
        if called is None or called.process_id in self._callers:
            return NO_NAMES
        written = Production(called, self._ground, self._callers).everything
        return {name: kind for name, kind in written.items() if name not in GIVEN}

    # -- types -----------------------------------------------------------------------------------------

    def _typed(self, products: Iterable[Product]) -> Names:
        return {product.name: self._type(product.name, product.type) for product in products}

    def _type(self, name: str, otherwise: FeelType) -> FeelType:
        return self._types.get(name, otherwise)

    @cached_property
    def _types(self) -> Names:
        """The type of each name: the one all that write it agree on.

        Assume what the telling ones say, then widen until no mapping contradicts it.
        """
        known = self._joined({}, cautious=False)
        while (wider := self._joined(known, cautious=True)) != known:
            known = wider
        return known

    def _joined(self, known: Names, *, cautious: bool) -> dict[str, FeelType]:
        found: dict[str, FeelType] = {**self.given, **known}
        for product in self.products:
            kind = product.type if product.source is None else product.source.type(known)
            if cautious or kind is not ANY or product.source is None:
                found[product.name] = _join(found.get(product.name), kind)
        return found


def _decided(node: Node, kind: FeelType) -> Names:
    """The result variable of a decision, or without one each output."""
    if node.result_variable is not None:
        return {node.result_variable: kind}
    return dict(kind.entries) if isinstance(kind, ContextType) else NO_NAMES


def _join(one: FeelType | None, other: FeelType) -> FeelType:
    if one is None or one in (NULL, other):
        return other
    return one if other == NULL else ANY
