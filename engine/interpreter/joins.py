"""Gateways that wait for several tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from engine.interpreter.elements import ENTER, Element
from engine.interpreter.model import Flow, Node, NodeType
from engine.store import tables
from engine.store.statements import Query

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution

Arrivals = dict[str, int]

_table = tables.arrival
_ARRIVALS = Query(
    select(_table.c.flow_id, _table.c.tokens).where(
        _table.c.community == bindparam("community"),
        _table.c.scope_key == bindparam("scope"),
        _table.c.gateway_id == bindparam("gateway"),
    )
)


class Joins:
    """Tokens that have arrived before parallel and inclusive gateways, by scope and gateway."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._known: dict[tuple[int, str], Arrivals] = {}

    def arrive(self, flow: Flow, scope: Element) -> None:
        """A token comes over a flow: the target is entered, or waits for the others."""
        execution = self._execution
        node = execution.model.nodes[flow.target]
        if not self._is_join(node):
            execution.queue(ENTER, execution.elements.create(node.id, scope))
            return
        arrivals = self._arrivals(scope, node)
        self._write(scope, node, flow.id, arrivals.get(flow.id, 0) + 1)
        execution.elements.update(scope, tokens=scope.tokens + 1)
        if node.type is NodeType.PARALLEL and len(arrivals) == len(execution.model.incoming(node.id)):
            self._open(scope, node)

    def token_left(self, scope: Element) -> None:
        """A token of the scope has moved or ended: an inclusive gateway may have nobody left to wait for."""
        joins = self._inclusive_joins(scope)
        while ready := [n for n in joins if self._arrivals(scope, n) and not self._still_coming(scope, n)]:
            self._open(scope, self._innermost(ready))

    def _innermost(self, ready: list[Node]) -> Node:
        """Of several gateways that could open, one no other leads to: the others have to wait for its token."""
        reachable = self._execution.model.reachable

        def leads_to(node: Node) -> bool:
            return any(node.id in reachable[other.id] for other in ready if other is not node)

        return next((node for node in ready if not leads_to(node)), ready[0])

    def forget(self, scope: Element) -> None:
        """The scope is terminated; its waiting tokens go with it."""
        for key in [key for key in self._known if key[0] == scope.key]:
            del self._known[key]
        match = {"community": self._execution.work.community, "scope_key": scope.key}
        self._execution.work.changes.purge(tables.arrival, match)

    def _open(self, scope: Element, node: Node) -> None:
        """Consume one token from each flow that brought any and enter the gateway."""
        execution = self._execution
        arrivals = self._arrivals(scope, node)
        consumed = list(arrivals)
        for flow_id in consumed:
            self._write(scope, node, flow_id, arrivals[flow_id] - 1)
        execution.elements.update(scope, tokens=scope.tokens - len(consumed))
        execution.queue(ENTER, execution.elements.create(node.id, scope))

    def _is_join(self, node: Node) -> bool:
        joining = node.type in (NodeType.PARALLEL, NodeType.INCLUSIVE)
        return joining and len(self._execution.model.incoming(node.id)) > 1

    def _inclusive_joins(self, scope: Element) -> list[Node]:
        nodes = self._execution.model.inclusive_gateways
        return [node for node in nodes if node.scope == scope.element_id and self._is_join(node)]

    def _still_coming(self, scope: Element, node: Node) -> bool:
        reachable = self._execution.model.reachable
        arrived = set(self._arrivals(scope, node))
        missing = [f for f in self._execution.model.incoming(node.id) if f.id not in arrived]
        sources = {flow.source for flow in missing}
        for token in self._execution.elements.children(scope):
            if token.element_id in sources or reachable[token.element_id] & sources:
                return True
        return False

    def _arrivals(self, scope: Element, node: Node) -> Arrivals:
        key = (scope.key, node.id)
        if key not in self._known:
            work = self._execution.work
            place = {"community": work.community, "scope": scope.key, "gateway": node.id}
            self._known[key] = {row.flow_id: row.tokens for row in _ARRIVALS.all(work.connection, place)}
        return self._known[key]

    def _write(self, scope: Element, node: Node, flow_id: str, tokens: int) -> None:
        arrivals = self._arrivals(scope, node)
        changes = self._execution.work.changes
        key: dict[str, Any] = {
            "community": self._execution.work.community,
            "scope_key": scope.key,
            "gateway_id": node.id,
            "flow_id": flow_id,
        }
        if not tokens:
            del arrivals[flow_id]
            changes.delete(tables.arrival, key)
        elif flow_id in arrivals:
            arrivals[flow_id] = tokens
            changes.update(tables.arrival, key, {"tokens": tokens})
        else:
            arrivals[flow_id] = tokens
            changes.insert(tables.arrival, key | {"instance_key": self._execution.key, "tokens": tokens})
