"""Messages find their matter: who waits has a correlation key, who sends says for which key."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from engine.lint.ground import Ground

_SENDING = (NodeType.THROW, NodeType.END, NodeType.SEND_TASK)


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.event is None or node.event.kind is not EventKind.MESSAGE:
            continue
        if node.type in _SENDING:
            if not node.headers.get("correlationKey"):
                yield node.id, "发出的消息没有关联键，请在任务头里填写 correlationKey。"
        elif node.event.correlation_key is None and not _starts_process(model, node):
            yield node.id, f"等待的消息“{node.event.name}”没有关联键，请填写 correlationKey。"


def _starts_process(model: ProcessModel, node: Node) -> bool:
    return node.type is NodeType.START and node.scope == model.process_id
