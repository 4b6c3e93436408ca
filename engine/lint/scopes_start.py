"""Every process and sub-process begins at one place: one none start, or one event in an event sub-process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import EventKind, ProcessModel
from engine.lint.ground import Ground

_STARTS_PROCESS = (EventKind.NONE, EventKind.MESSAGE, EventKind.TIMER)
_STARTS_EVENT_SUB_PROCESS = (
    EventKind.MESSAGE,
    EventKind.TIMER,
    EventKind.SIGNAL,
    EventKind.CONDITIONAL,
    EventKind.ERROR,
    EventKind.ESCALATION,
)


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    starts = model.start_events(model.process_id)
    if not starts:
        yield model.process_id, "流程没有开始事件，请添加一个。"
    for start in starts:
        if start.event is not None and start.event.kind not in _STARTS_PROCESS:
            yield start.id, "流程只能由人发起、由消息或定时启动，请改用无类型、消息或定时开始事件。"
    if sum(1 for s in starts if s.event is None or s.event.kind is EventKind.NONE) > 1:
        yield model.process_id, "流程有多个无类型开始事件，请只保留一个。"
    for node in model.nodes.values():
        if node.is_scope:
            yield from _sub_process(model, node.id, node.triggered_by_event)


def _sub_process(model: ProcessModel, scope: str, by_event: bool) -> Iterator[tuple[str, str]]:
    starts = model.start_events(scope)
    if len(starts) != 1:
        yield scope, f"子流程应当恰好有一个开始事件，现在有 {len(starts)} 个。"
        return
    kind = EventKind.NONE if starts[0].event is None else starts[0].event.kind
    if by_event and kind not in _STARTS_EVENT_SUB_PROCESS:
        yield starts[0].id, "事件子流程要由消息、定时、信号、条件、错误或升级事件启动。"
    if not by_event and kind is not EventKind.NONE:
        yield starts[0].id, "普通子流程的开始事件不能带事件类型。"
