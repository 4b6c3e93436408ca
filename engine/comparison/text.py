"""A unified diff of what a file says, without what only the drawing needs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import unified_diff

from lxml import etree

from engine.schemas import read_schema
from engine.xml import XmlRefused, read_xml

CONTEXT = 2
MOST_LINES = 2000
"""A diff longer than this tells nobody anything; it is cut off."""

_DRAWINGS = ("{*}BPMNDiagram", "{*}DMNDI")


def diff(kind: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    """The lines of the diff, the heading left out."""
    before, after = (_lines(kind, content) for content in (old, new))
    for number, line in enumerate(unified_diff(before, after, n=CONTEXT, lineterm="")):
        if number >= MOST_LINES:
            yield "…"
            return
        if number >= 2:  # the first two name the files
            yield line


def _lines(kind: str, content: bytes | None) -> list[str]:
    if content is None:
        return []
    try:
        return (_json(content) if kind == "form" else _xml(content)).splitlines()
    except (ValueError, XmlRefused):
        return content.decode("utf-8", "replace").splitlines()


def _json(content: bytes) -> str:
    return json.dumps(read_schema(content), ensure_ascii=False, indent=2)


def _xml(content: bytes) -> str:
    root = read_xml(content)
    for drawing in [element for tag in _DRAWINGS for element in root.iter(tag)]:
        parent = drawing.getparent()
        if parent is not None:
            parent.remove(drawing)
    for element in root.iter():
        for side in ("text", "tail"):
            if not (getattr(element, side) or "").strip():
                setattr(element, side, None)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")
