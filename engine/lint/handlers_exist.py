"""A service task names a handler the product has; a script task says what it computes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import NodeType, ProcessModel
from engine.lint.ground import Ground

EXTERNAL = "由外部程序办理的，请加任务头 gov.worker=external。"


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.type is NodeType.SERVICE_TASK:
            if not node.job_type:
                yield node.id, "服务任务没有指定类型(zeebe:taskDefinition type)。"
            elif node.retries is not None and node.retries.is_literal and not _is_count(node.retries.text):
                yield node.id, f"重试次数“{node.retries.text}”不是正整数，请改正。"
            elif not node.is_external and not ground.has_handler(node.job_type):
                sentence = f"没有能办理“{node.job_type}”的服务程序，请核对类型名称；{EXTERNAL}"
                yield node.id, sentence
        if node.type is NodeType.SCRIPT_TASK and (node.script is None or not node.result_variable):
            yield node.id, "脚本任务缺少表达式或结果变量。"


def _is_count(text: str) -> bool:
    return text.isdecimal() and int(text) > 0
