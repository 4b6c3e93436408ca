"""Reading form schemas that strangers typed: JSON of one object, bounded in size and depth."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from engine.xml import MAX_BYTES, MAX_DEPTH

MAX_VALUES = 20_000
"""Objects, lists, texts and numbers in one schema; our largest has a few hundred."""


class SchemaUnreadable(ValueError):
    """The bytes are not a schema we accept; the text is a Chinese sentence."""


def read_schema(content: bytes) -> dict[str, Any]:
    """The object, or :class:`SchemaUnreadable`."""
    if len(content) > MAX_BYTES:
        raise SchemaUnreadable("文件超过 2 MB，请精简后再上传。")
    try:
        schema = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as fault:
        raise SchemaUnreadable("表单不是有效的 form-js JSON。") from fault
    if not isinstance(schema, dict):
        raise SchemaUnreadable("表单不是有效的 form-js JSON。")
    _refuse_excess(schema)
    return schema


def components(part: dict[str, Any]) -> list[dict[str, Any]]:
    """The components directly inside a schema or a component; what is no component is left out."""
    found = part.get("components")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _refuse_excess(schema: dict[str, Any]) -> None:
    level: list[Any] = [schema]
    values = 0
    for _ in range(MAX_DEPTH):
        values += len(level)
        if values > MAX_VALUES:
            raise SchemaUnreadable("表单里的内容太多，请拆成几张表单。")
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise SchemaUnreadable(f"文件嵌套超过 {MAX_DEPTH} 层，请精简后再上传。")


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
