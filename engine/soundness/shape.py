"""Whether a model is drawn completely enough to be judged at all."""

from __future__ import annotations

from engine.interpreter.model import EventKind, NodeType, ProcessModel


def incomplete(model: ProcessModel) -> str | None:
    """The id of an element that hangs in the air; ``None`` if there is none."""
    return _nesting(model) or _flow(model) or _scope(model) or _attachment(model) or _link(model)


def _nesting(model: ProcessModel) -> str | None:
    """Every node lies in the process or, over any number of levels, in its sub-processes."""
    inside = {model.process_id}
    waiting = dict(model.nodes)
    while True:
        found = [node for node in waiting.values() if node.scope in inside]
        if not found:
            return next(iter(waiting), None)
        for node in found:
            if node.triggered_by_event and not node.is_scope:
                return node.id
            del waiting[node.id]
        inside = {node.id for node in found if node.is_scope}


def _flow(model: ProcessModel) -> str | None:
    for flow in model.flows.values():
        source, target = model.nodes.get(flow.source), model.nodes.get(flow.target)
        if source is None or target is None or source.scope != target.scope:
            return flow.id
        if target.triggered_by_event or source.triggered_by_event:
            return flow.id
    return None


def _scope(model: ProcessModel) -> str | None:
    scopes = [model.process_id, *(node.id for node in model.nodes.values() if node.is_scope)]
    return next((scope for scope in scopes if not model.start_events(scope)), None)


def _attachment(model: ProcessModel) -> str | None:
    for node in model.nodes.values():
        host = model.nodes.get(node.attached_to or "")
        if node.type is NodeType.BOUNDARY and (host is None or host.scope != node.scope):
            return node.id
    return None


def _link(model: ProcessModel) -> str | None:
    def end(node_type: NodeType) -> dict[tuple[str, str], str]:
        return {
            (node.scope, node.event.name): node.id
            for node in model.nodes.values()
            if node.type is node_type and node.event is not None and node.event.kind is EventKind.LINK
        }

    caught = end(NodeType.CATCH)
    return next((node_id for key, node_id in end(NodeType.THROW).items() if key not in caught), None)
