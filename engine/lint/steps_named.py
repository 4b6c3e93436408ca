"""Steps that a task names in its headers are tasks of the process: a misspelt one would bar or reach nobody."""

from __future__ import annotations

from collections.abc import Iterator

from engine.duties import NOT_BY
from engine.expressions import as_names
from engine.interpreter.model import NodeType, ProcessModel
from engine.lint.ground import Ground
from engine.returning import RETURN_TO


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    tasks = {node.id for node in model.nodes.values() if node.type is NodeType.USER_TASK}
    for node in model.nodes.values():
        for header in (NOT_BY, RETURN_TO):
            for name in as_names(node.headers.get(header)):
                if name not in tasks:
                    yield (
                        node.id,
                        f"任务头 {header} 里的“{name}”不是这个流程的用户任务，请改成已有任务的编号。",
                    )
