"""The line under a label: the form's own words and the limits, told before anybody runs into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from web.forms import sentences
from web.forms.language import _

if TYPE_CHECKING:
    from web.forms.nodes import Node


def hint(node: Node) -> str:
    """Everything that helps to answer, as one line; empty when there is nothing to say."""
    own = node.field.hint.value(node.level).strip()
    limits = "" if node.readonly else _limits(node)
    return f"{own.rstrip('。；，')}；{limits}" if own and limits else own or limits


def _limits(node: Node) -> str:
    describe = _LIMITS.get(node.field.type)
    return describe(node) if describe else ""


def length_limits(node: Node) -> tuple[int | None, int | None]:
    """The shortest and longest text allowed, in characters."""
    rules = node.field.rules
    low, high = rules.min_length.value(node.level), rules.max_length.value(node.level)
    return (None if low is None else int(low)), (None if high is None else int(high))


def _length(node: Node) -> str:
    return sentences.lengths(*length_limits(node))


def _items(node: Node) -> str:
    low, high = node.field.rules.min_items, node.field.rules.max_items
    if low and high:
        return (
            _("选 %(low)d 到 %(high)d 项", low=low, high=high) if low != high else _("选 %(low)d 项", low=low)
        )
    if low:
        return _("至少选 %(low)d 项", low=low)
    return _("最多选 %(high)d 项", high=high) if high else _("可选多项")


def _files(node: Node) -> str:
    rules = node.field.rules
    kinds = "、".join(extension[1:] for extension in rules.accept.extensions() if rules.accept.tokens)
    parts = [
        _("至少 %(low)d 个", low=rules.min_items) if rules.min_items else "",
        _("最多 %(high)d 个", high=rules.max_items) if rules.max_items else "",
        _("每个不超过 %(size)s", size=sentences.size(rules.max_bytes)),
        _("格式：%(kinds)s", kinds=kinds) if kinds else "",
    ]
    return "，".join(part for part in parts if part)


_LIMITS: Mapping[str, Callable[[Node], str]] = {
    "textfield": _length,
    "textarea": _length,
    "checklist": _items,
    "taglist": _items,
    "filepicker": _files,
}
