"""A time that is written out can be read; a start's time counts on nothing but the community."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from engine.errors import ModelFault
from engine.interpreter.model import EventKind, Node, NodeType, ProcessModel
from engine.lint.ground import Ground
from engine.timing import plan

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        event = node.event
        if event is None or event.kind is not EventKind.TIMER or event.expression is None:
            continue
        if event.timer is not None and event.expression.is_literal:
            try:
                plan(event.timer, event.expression.text, _SOME_DAY)
            except ModelFault as fault:
                yield node.id, str(fault)
        if _starts_process(model, node) and event.expression.names - {"community_id"}:
            yield node.id, "定时开始时还没有流程变量，时间只能由社区(community_id)和日历算出。"


def _starts_process(model: ProcessModel, node: Node) -> bool:
    return node.type is NodeType.START and node.scope == model.process_id
