"""What the checker finds, in words for whoever drew the model."""

from __future__ import annotations

from collections.abc import Iterable

from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from engine.soundness.exploration import Fault
from engine.soundness.verdict import Kind

_MOST_NAMED = 5


def sentence(model: ProcessModel, fault: Fault) -> str:
    """One or two Chinese sentences: what is wrong, what to do."""
    return _SENTENCES[fault.kind](model, fault)


def call_cycle(processes: Iterable[str]) -> str:
    way = " → ".join(processes)
    return f"流程互相调用成了环:{way}。这样的调用一执行就会停住，请去掉环上的一次调用。"


def unknown(model: ProcessModel) -> str:
    return (
        f"流程“{model.name}”的并行分支交错太多，在限定的步数内判断不出每条路能否走到结束。"
        "请把并行的部分成对地拆分和汇合，或放进子流程。"
    )


def malformed(model: ProcessModel, element: str) -> str:
    return (
        f"{_name(model, element)}没有画完整，无法判断流程能否走到结束，请先补好连线、开始事件或附着的活动。"
    )


def _deadlock(model: ProcessModel, fault: Fault) -> str:
    name = _name(model, fault.elements[0])
    if fault.missing:
        missing = _names(model, fault.missing)
        return (
            f"{name}要等齐所有分支才继续，可是从{missing}来的那一路可能永远不来，流程会停在这里。"
            "请让拆分和汇合用同一种网关，或改用排他网关汇合。"
        )
    node = model.nodes[fault.elements[0]]
    if node.type is NodeType.END:
        return f"{name}抛出的错误被一个非中断事件接住，抛出的一方会永远停住，请把接住它的事件改为中断。"
    if model.boundary_events(node.id) and not any(flow.condition for flow in model.outgoing(node.id)):
        return f"{name}报告的错误被一个非中断事件接住，它自己会永远停住，请把接住它的事件改为中断。"
    return f"{name}的出口都有条件，又没有默认出口；条件都不成立时流程会停在这里，请指定默认流。"


def _livelock(model: ProcessModel, fault: Fault) -> str:
    return (
        f"流程走进{_names(model, fault.elements)}以后只能在里面打转，到不了任何结束事件。"
        "请从其中一步画一条出口，或加上到期中断的边界事件。"
    )


def _unsafe(model: ProcessModel, fault: Fault) -> str:
    split = _last_split(model, fault)
    name = _name(model, fault.elements[0])
    origin = f"在{_name(model, split)}分成的几路" if split else "并行的几路"
    return f"{origin}会先后走到{name}，使它和后面的步骤各办两次。请在它之前用同一种网关把几路汇合起来，或改成只走一路。"


def _dead(model: ProcessModel, fault: Fault) -> str:
    node = model.nodes[fault.elements[0]]
    names = _names(model, fault.elements)
    thrown = node.event is not None and node.event.kind in (EventKind.ERROR, EventKind.ESCALATION)
    if node.type is NodeType.BOUNDARY and thrown:
        return f"{names}永远不会发生：它所附的活动里没有谁抛出这个错误或升级。请补上抛出的一方，或删掉它。"
    if node.triggered_by_event:
        return f"{names}永远不会启动：这一层里没有谁抛出它等的错误或升级。请补上抛出的一方，或删掉它。"
    return f"{names}永远走不到。请检查它前面的网关和连线，或删掉它。"


_SENTENCES = {
    Kind.DEADLOCK: _deadlock,
    Kind.LIVELOCK: _livelock,
    Kind.UNSAFE: _unsafe,
    Kind.DEAD: _dead,
}


def _last_split(model: ProcessModel, fault: Fault) -> str | None:
    """Where the tokens that meet have parted last."""
    return next((e for e in reversed(fault.trace[:-1]) if _splits(model, model.nodes[e])), None)


def _splits(model: ProcessModel, node: Node) -> bool:
    several = node.type is not NodeType.EXCLUSIVE and node.type is not NodeType.EVENT_BASED
    aside = node.type is NodeType.BOUNDARY and not node.interrupting
    return aside or (several and len(model.outgoing(node.id)) > 1)


def _names(model: ProcessModel, elements: Iterable[str]) -> str:
    names = list(dict.fromkeys(_name(model, element) for element in elements))
    more = f"等 {len(names)} 处" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


def _name(model: ProcessModel, element: str) -> str:
    if element in model.nodes:
        return f"“{model.nodes[element].name}”"
    if element in model.flows:
        return f"顺序流“{model.flows[element].name or element}”"
    return f"流程“{model.name}”"
