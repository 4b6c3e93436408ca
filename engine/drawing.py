"""A process diagram as SVG, from the shapes and edges its author has drawn (BPMN DI).

For places without a browser: a page that is printed, a report, a document. Every element keeps its id as
``data-element`` and may be marked with a class of the caller's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from engine.xml import read_xml

_NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
_MARGIN, _LETTER, _LINE = 20, 12, 15  # the size of a letter and the distance of lines, in the diagram's units

STYLE = """
.shape,.flow{fill:none;stroke:#333;stroke-width:1.5}.task .shape,.event .shape,.gateway .shape{fill:#fff}
.pool .shape{stroke:#999}.bold .shape{stroke-width:3}.thin{stroke-width:1;fill:none;stroke:#333}
text{font:12px "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;fill:#222;text-anchor:middle}
"""

_KINDS = {"task": "task", "callActivity": "task", "subProcess": "task", "participant": "pool", "lane": "pool"}
_GATEWAYS = {
    "exclusiveGateway": "M-6,-6L6,6M6,-6L-6,6",
    "parallelGateway": "M0,-9L0,9M-9,0L9,0",
    "inclusiveGateway": "M0,-9A9,9,0,1,1,-0.01,-9Z",
    "eventBasedGateway": "M0,-9L9,-2L5,8L-5,8L-9,-2Z",
}
_EVENTS = {
    "timerEventDefinition": "M0,-8A8,8,0,1,1,-0.01,-8ZM0,-6L0,0L4,2",
    "messageEventDefinition": "M-8,-5L8,-5L8,5L-8,5ZM-8,-5L0,1L8,-5",
    "errorEventDefinition": "M-6,7L-2,-5L2,3L6,-7",
    "escalationEventDefinition": "M0,-8L6,7L0,1L-6,7Z",
    "signalEventDefinition": "M0,-8L8,6L-8,6Z",
    "conditionalEventDefinition": "M-6,-8L6,-8L6,8L-6,8ZM-4,-4L4,-4M-4,0L4,0M-4,4L4,4",
    "terminateEventDefinition": "M0,-8A8,8,0,1,1,-0.01,-8Z",
    "linkEventDefinition": "M-8,-3L2,-3L2,-7L8,0L2,7L2,3L-8,3Z",
}


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


def svg(bpmn: bytes, title: str, marks: Mapping[str, str] | None = None, style: str = "") -> str:
    """The picture; ``marks`` gives elements a class, ``style`` says how the classes look.

    Raises :class:`engine.xml.XmlRefused` for what is no XML.
    """
    root = read_xml(bpmn)
    elements: dict[str, Any] = {str(one.get("id")): one for one in root.iter() if one.get("id")}
    marks = marks or {}
    boxes = [_box(bounds) for bounds in _find(root, "//dc:Bounds")]
    points = [(float(p.get("x")), float(p.get("y"))) for p in _find(root, "//di:waypoint")]
    left = min([b.x for b in boxes] + [x for x, _ in points], default=0) - _MARGIN
    top = min([b.y for b in boxes] + [y for _, y in points], default=0) - _MARGIN
    right = max([b.x + b.width for b in boxes] + [x for x, _ in points], default=0) + _MARGIN
    bottom = max([b.y + b.height for b in boxes] + [y for _, y in points], default=0) + _MARGIN
    drawn = "".join(_drawn(root, elements, marks))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'width="{right - left:g}" height="{bottom - top:g}" '
        f'viewBox="{left:g} {top:g} {right - left:g} {bottom - top:g}">'
        f"<title>{escape(title)}</title><style>{STYLE}{style}</style>"
        '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0,0L10,5L0,10Z" fill="#333"/></marker></defs>{drawn}</svg>'
    )


def _drawn(root: Any, elements: Mapping[str, Any], marks: Mapping[str, str]) -> Iterator[str]:
    """Shapes from the outermost inwards, as they stand in the file, then the flows above them."""
    for shape in _find(root, "//bpmndi:BPMNShape"):
        if (element := elements.get(shape.get("bpmnElement"))) is not None:
            yield _group(element, marks, _shape(element, shape), _family(element))
    for edge in _find(root, "//bpmndi:BPMNEdge"):
        if (element := elements.get(edge.get("bpmnElement"))) is not None:
            yield _group(element, marks, _edge(element, edge), "edge")


def _group(element: Any, marks: Mapping[str, str], inside: str, family: str) -> str:
    mark = marks.get(element.get("id"), "")
    classes = " ".join(one for one in (family, mark) if one)
    return f'<g class="{escape(classes)}" data-element="{escape(element.get("id"))}">{inside}</g>'


def _family(element: Any) -> str:
    tag = _tag(element)
    if tag.endswith("Gateway"):
        return "gateway"
    if tag.endswith("Event"):
        return "event bold" if tag == "endEvent" else "event"
    return _KINDS.get(tag, "task" if tag.endswith("Task") else "other")


def _shape(element: Any, shape: Any) -> str:
    box = _box(_find(shape, "dc:Bounds")[0])
    family = _family(element)
    if family == "gateway":
        return _gateway(element, box) + _label(element, shape)
    if family.startswith("event"):
        return _event(element, box) + _label(element, shape)
    rounded = 8 if family == "task" else 0
    frame = (
        f'<rect class="shape" x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="{rounded}"/>'
    )
    if family == "pool":
        return frame + _sideways(element.get("name") or "", box)
    inner = box if _tag(element) != "subProcess" else _Box(box.x, box.y, box.width, 30)
    return frame + _text(element.get("name") or "", inner)


def _gateway(element: Any, box: _Box) -> str:
    x, y = box.middle
    half = box.width / 2
    diamond = f"M{x:g},{y - half:g}L{x + half:g},{y:g}L{x:g},{y + half:g}L{x - half:g},{y:g}Z"
    inside = _GATEWAYS.get(_tag(element), "")
    return f'<path class="shape" d="{diamond}"/><path class="thin" transform="translate({x:g} {y:g})" d="{inside}"/>'


def _event(element: Any, box: _Box) -> str:
    x, y = box.middle
    circles = f'<circle class="shape" cx="{x:g}" cy="{y:g}" r="{box.width / 2:g}"/>'
    if _tag(element) in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        dashes = ' stroke-dasharray="4 2"' if element.get("cancelActivity") == "false" else ""
        circles += f'<circle class="thin" cx="{x:g}" cy="{y:g}" r="{box.width / 2 - 3:g}"{dashes}/>'
    icons = [_EVENTS[_tag(child)] for child in element if _tag(child) in _EVENTS]
    return circles + "".join(
        f'<path class="thin" transform="translate({x:g} {y:g})" d="{d}"/>' for d in icons
    )


def _edge(element: Any, edge: Any) -> str:
    points = " ".join(f"{p.get('x')},{p.get('y')}" for p in _find(edge, "di:waypoint"))
    return f'<polyline class="flow" points="{points}" marker-end="url(#arrow)"/>' + _label(element, edge)


def _label(element: Any, drawn: Any) -> str:
    """The name where its author has put it; below the shape when that is nowhere."""
    name = element.get("name") or ""
    placed = _find(drawn, "bpmndi:BPMNLabel/dc:Bounds")
    if not name:
        return ""
    if placed:
        return _text(name, _box(placed[0]), least=60)
    bounds = _find(drawn, "dc:Bounds")
    if not bounds:
        points = [(float(p.get("x")), float(p.get("y"))) for p in _find(drawn, "di:waypoint")]
        (x, y), (to_x, to_y) = points[len(points) // 2 - 1 : len(points) // 2 + 1]
        return _text(name, _Box((x + to_x) / 2 - 45, (y + to_y) / 2 - 16, 90, _LINE))
    box = _box(bounds[0])
    return _text(name, _Box(box.x - 30, box.y + box.height + 4, box.width + 60, _LINE))


def _text(words: str, box: _Box, least: int = 0) -> str:
    """Words in the middle of a box, broken into lines that fit."""
    per_line = max(int(max(box.width, least) / _LETTER), 3)
    lines = [words[start : start + per_line] for start in range(0, len(words), per_line)]
    x, y = box.middle
    first = y - (len(lines) - 1) * _LINE / 2 + _LETTER / 3
    return "".join(
        f'<text x="{x:g}" y="{first + number * _LINE:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _sideways(words: str, box: _Box) -> str:
    x, y = box.x + 15, box.y + box.height / 2
    return f'<text x="{x:g}" y="{y:g}" transform="rotate(-90 {x:g} {y:g})">{escape(words)}</text>'


def _box(bounds: Any) -> _Box:
    return _Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


def _tag(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _find(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=_NAMESPACES)
    return found
