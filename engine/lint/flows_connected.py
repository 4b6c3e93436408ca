"""Every flow joins two nodes of the same scope; only ends and boundary hosts may stand apart."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import NodeType, ProcessModel
from engine.lint.ground import Ground


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for flow in model.flows.values():
        source, target = model.nodes.get(flow.source), model.nodes.get(flow.target)
        if source is None or target is None:
            yield flow.id, "这条顺序流没有连到两个节点上，请重新连接。"
        elif source.scope != target.scope:
            yield flow.id, "顺序流不能穿过子流程的边界，请在同一层内连接。"
    for node in model.nodes.values():
        entered = node.type in (NodeType.START, NodeType.BOUNDARY) or node.triggered_by_event
        linked = node.event is not None and node.event.kind == "link"
        if not entered and not linked and not model.incoming(node.id):
            yield node.id, "没有任何顺序流走到这个节点，请连接或删除它。"
        if node.attached_to is not None and node.attached_to not in model.nodes:
            yield node.id, "边界事件没有附在任何活动上，请拖到活动的边上。"
