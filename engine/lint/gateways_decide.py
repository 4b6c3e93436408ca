"""A token never gets stuck or lost at a gateway: conditions on all ways but the default, and a default."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import NodeType, ProcessModel
from engine.lint.ground import Ground

_DECIDING = (NodeType.EXCLUSIVE, NodeType.INCLUSIVE)
_CATCHING = (NodeType.CATCH, NodeType.RECEIVE_TASK)


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        flows = model.outgoing(node.id)
        if node.type in _DECIDING and len(flows) > 1:
            if node.default_flow is None:
                yield node.id, "网关有多个出口却没有默认出口；都不满足时流程会停住，请指定默认流。"
            for flow in flows:
                if flow.id != node.default_flow and flow.condition is None:
                    yield flow.id, f"网关“{node.name}”的这个出口没有条件，请填写条件或设为默认流。"
        elif flows and node.default_flow is None and all(flow.condition is not None for flow in flows):
            yield node.id, "这里的每个出口都有条件；都不满足时流程会停住，请去掉一个条件或指定默认流。"
        if node.type is NodeType.EVENT_BASED:
            for flow in flows:
                target = model.nodes.get(flow.target)
                if target is not None and target.type not in _CATCHING:
                    yield flow.id, "事件网关之后只能接捕获事件或接收任务。"
