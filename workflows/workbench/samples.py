"""What a draft can begin from: a blank page or a worked example, with ids of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from xml.sax.saxutils import quoteattr

from engine import documents
from engine.deployments import Resource

_FOLDER = resources.files(__package__) / "templates"


@dataclass(frozen=True, slots=True)
class Template:
    """A process to begin from; ``stem`` is the id its files use, replaced by the new process's own."""

    title: str
    description: str
    stem: str
    files: tuple[str, ...]


TEMPLATES: Mapping[str, Template] = {
    "blank": Template("空白流程", "只有一个开始事件，其余自己画。", "blank", ("blank.bpmn",)),
    "application": Template(
        "申请与答复",
        "居民填写申请，秘书处审核，同意或不同意都有结果；带两张表单。",
        "application",
        ("application.bpmn", "application.apply.form", "application.review.form"),
    ),
}


def begun(template: Template, process_id: str, name: str) -> list[Resource]:
    """The files of a template as those of a new process."""
    found = []
    for file in template.files:
        content = _read(file).replace(template.stem, process_id).encode()
        if file.endswith(".bpmn"):
            content = documents.renamed(content, process_id, name)
        found.append(Resource(f"{process_id}/{file.replace(template.stem, process_id)}", content))
    return found


def blank_form(process_id: str, form_id: str, title: str) -> Resource:
    """A form with one field."""
    schema = {**json.loads(_read("blank.form")), "id": form_id, "title": title}
    return Resource(f"{process_id}/{form_id}.form", json.dumps(schema, ensure_ascii=False, indent=2).encode())


def blank_table(process_id: str, decision_id: str, name: str) -> Resource:
    """A decision table with one rule."""
    text = _read("blank.dmn").replace('"新决策表"', quoteattr(name)).replace("blank", decision_id)
    return Resource(f"{process_id}/{decision_id}.dmn", text.encode())


def _read(file: str) -> str:
    return (_FOLDER / file).read_text(encoding="utf-8")
