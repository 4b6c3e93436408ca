"""Two forms set against each other, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine.comparison.model import Change, How
from engine.comparison.values import differences
from engine.comparison.words import COMPONENTS, FORM_PROPERTIES
from engine.schemas import SchemaUnreadable, components, read_schema

_NOT_TOLD = ("components", "id", "layout", "path")


def compare(old: bytes, new: bytes) -> Iterator[Change]:
    """The form's own words, then fields added, removed and changed, then whether their order has changed."""
    try:
        first, second = read_schema(old), read_schema(new)
    except SchemaUnreadable:
        return
    before, after = (dict(_components(schema)) for schema in (first, second))
    words = tuple(differences(_words(first), _words(second)))
    if words:
        yield Change(How.CHANGED, str(second.get("id", "")), f"表单“{second.get('title', '')}”", words)
    yield from (Change(How.ADDED, name, _title(after[name])) for name in after if name not in before)
    yield from (Change(How.REMOVED, name, _title(before[name])) for name in before if name not in after)
    common = [name for name in after if name in before]
    for name in common:
        details = tuple(differences(_flat(before[name]), _flat(after[name])))
        if details:
            yield Change(How.CHANGED, name, _title(after[name]), details)
    if common != [name for name in before if name in after]:
        yield Change(How.CHANGED, "", "字段的先后次序", ("次序有调整",))


def _components(part: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for component in components(part):
        yield str(component.get("key") or component.get("path") or component.get("id")), component
        yield from _components(component)


def _words(schema: Mapping[str, Any]) -> dict[str, str]:
    labels = {"title": "标题", "description": "说明"}
    return {label: str(schema[name]) for name, label in labels.items() if schema.get(name)}


def _title(component: Mapping[str, Any]) -> str:
    kind = str(component.get("type", ""))
    name = component.get("label") or component.get("key") or str(component.get("text", ""))[:20]
    return f"{COMPONENTS.get(kind, kind)}“{name}”"


def _flat(component: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in component.items():
        path = f"{prefix}{name}"
        if path in _NOT_TOLD:
            continue
        if isinstance(value, Mapping):
            found |= _flat(value, f"{path}.")
        else:
            found[FORM_PROPERTIES.get(path, path)] = _said(value)
    return found


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_said(item) for item in value)
    if isinstance(value, Mapping):
        return (
            f"{value.get('label', '')}({value.get('value', '')})"
            if "value" in value
            else json.dumps(value, ensure_ascii=False)
        )
    return str(value)
