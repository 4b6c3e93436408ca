"""Events say what they wait for or throw; links find their other end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from engine.lint.ground import Ground

_WAITING = (EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL)
_RUNS: dict[NodeType, frozenset[EventKind]] = {
    NodeType.CATCH: frozenset({*_WAITING, EventKind.LINK}),
    NodeType.THROW: frozenset(
        {EventKind.NONE, EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION, EventKind.LINK}
    ),
    NodeType.BOUNDARY: frozenset({*_WAITING, EventKind.ERROR, EventKind.ESCALATION}),
    NodeType.END: frozenset(set(EventKind) - {EventKind.TIMER, EventKind.CONDITIONAL, EventKind.LINK}),
}
_NAMED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.LINK})


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        runs = _RUNS.get(node.type)
        if node.event is None:
            continue
        if runs is not None and node.event.kind not in runs:
            yield node.id, f"引擎不执行这个位置上的“{node.event.kind.value}”事件，请换一种事件。"
        if node.event.kind in _NAMED and not node.event.name:
            yield node.id, "事件没有名称，请指定它的消息、信号或链接名称。"
        if node.event.kind is EventKind.ERROR and not node.interrupting:
            yield node.id, "接住错误的事件必须是中断的：出错的活动不能继续，请改为中断。"
        if node.event.kind is EventKind.LINK and node.type is NodeType.THROW:
            yield from _link(model, node)


def _link(model: ProcessModel, node: Node) -> Iterator[tuple[str, str]]:
    assert node.event is not None
    targets = [
        other
        for other in model.nodes.values()
        if other.type is NodeType.CATCH and other.event == node.event and other.scope == node.scope
    ]
    if len(targets) != 1:
        yield node.id, f"链接“{node.event.name}”应当恰好有一个同名的捕获链接事件，现在有 {len(targets)} 个。"
