"""A business rule task finds its decision table."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import NodeType, ProcessModel
from engine.lint.ground import Ground


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.type is not NodeType.BUSINESS_RULE_TASK:
            continue
        if not node.decision_id:
            yield node.id, "业务规则任务没有指定决策表，请选择一张。"
        elif not ground.has_decision(node.decision_id):
            yield node.id, f"没有编号为“{node.decision_id}”的决策表，请一并上传。"
