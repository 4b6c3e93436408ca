"""A call activity that names its process outright finds it; a version tag is given where one is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import Binding, ProcessModel
from engine.lint.ground import Ground


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        call = node.call
        if call is None:
            continue
        if call.binding is Binding.VERSION_TAG and not call.version_tag:
            yield node.id, "调用按版本标签绑定，却没有写版本标签(versionTag)。"
        if not call.process_id.is_literal:
            continue
        called = call.process_id.text
        if called == model.process_id:
            yield node.id, "流程不能调用它自己，请改用回退的顺序流或多实例。"
        elif ground.process(called) is None:
            yield node.id, f"没有编号为“{called}”的流程，请一并上传。"
