"""The components of form-js (schemaVersion 19) and what becomes of each here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.forms import conversion
from web.forms.conversion import Converter
from web.forms.language import _l


@dataclass(frozen=True, slots=True)
class Component:
    """How a component is drawn and read.

    ``widget`` names the macro of ``forms/fields.html``; ``convert`` turns what was posted into a value and is
    absent where nothing is asked. ``many`` marks a value that is a list, ``chooses`` one taken from options,
    ``missing`` the sentence when it was left out; ``type`` is the FEEL type of the variable it becomes.
    """

    widget: str
    convert: Converter | None = None
    type: str = "Any"
    many: bool = False
    chooses: bool = False
    missing: str = ""


COMPONENTS: Mapping[str, Component] = {
    "textfield": Component("line", conversion.text, "string", missing="missing_text"),
    "textarea": Component("area", conversion.text, "string", missing="missing_text"),
    "number": Component("line", conversion.number, "number", missing="missing_number"),
    "datetime": Component("line", conversion.moment, "string", missing="missing_choice"),
    "checkbox": Component("tick", conversion.tick, "boolean", missing="tick"),
    "radio": Component("choices", conversion.choice, chooses=True, missing="missing_option"),
    "select": Component("select", conversion.choice, chooses=True, missing="missing_option"),
    "checklist": Component(
        "choices", conversion.choices, "list", many=True, chooses=True, missing="missing_options"
    ),
    "taglist": Component(
        "choices", conversion.choices, "list", many=True, chooses=True, missing="missing_options"
    ),
    "filepicker": Component("files", conversion.files, "list", many=True, missing="missing_files"),
    "group": Component("group", type="context"),
    "dynamiclist": Component("rows", type="list", many=True, missing="missing_rows"),
    "text": Component("prose"),
    "separator": Component("rule"),
    "spacer": Component("space"),
    "expression": Component("output"),
    "table": Component("table"),
}

IGNORED = frozenset({"button"})
"""Left out without a word: every form has our own submit bar."""

REFUSED: Mapping[str, Any] = {
    "html": _l("表单里不能放 HTML，请改用“文本”组件。"),
    "image": _l("表单里不能放图片，请改用附件。"),
    "iframe": _l("表单里不能嵌入网页，请去掉这个组件。"),
    "documentPreview": _l("表单里不能预览文档，请改用附件。"),
}
