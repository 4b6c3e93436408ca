"""A user task that names a form finds it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.interpreter.model import ProcessModel
from engine.lint.ground import Ground


def check(model: ProcessModel, ground: Ground) -> Iterator[tuple[str, str]]:
    for node in model.nodes.values():
        if node.form_id is not None and not ground.has_form(node.form_id):
            yield node.id, f"没有编号为“{node.form_id}”的表单，请一并上传或改用已有的表单。"
