"""Two drawings set against each other, element by element."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.comparison.model import Change, How
from engine.comparison.values import differences
from engine.comparison.words import ELEMENTS, PROPERTIES
from engine.interpreter.reader import BPMN
from engine.xml import XmlRefused, read_xml

_NAMED_BY = ("key", "name", "target")
"""The attribute that tells one header, property or mapping from the next."""

_NOT_TOLD = {"id", "incoming", "outgoing", "flowNodeRef", "laneSet", "modelerTemplate"}
_REFERENCES = {
    "sourceRef",
    "targetRef",
    "default",
    "attachedToRef",
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
}
"""Attributes that name another element, told by that element's name."""

_TOLD_BY_NAME = {PROPERTIES[attribute] for attribute in _REFERENCES}


def compare(old: bytes, new: bytes) -> Iterator[Change]:
    """Elements added, removed, changed in what they do; then how many are only drawn elsewhere."""
    try:
        before, after = _Drawing(read_xml(old)), _Drawing(read_xml(new))
    except XmlRefused:
        return
    yield from (
        Change(How.ADDED, id_, after.title(id_)) for id_ in after.elements if id_ not in before.elements
    )
    yield from (
        Change(How.REMOVED, id_, before.title(id_)) for id_ in before.elements if id_ not in after.elements
    )
    for id_ in after.elements:
        if id_ in before.elements:
            details = tuple(
                differences(before.properties(id_), after.properties(id_), before.tell, after.tell)
            )
            if details:
                yield Change(How.CHANGED, id_, after.title(id_), details)
    common = [id_ for id_ in after.places if id_ in before.places]
    for id_ in common:
        if before.places[id_] != after.places[id_] and id_ in after.elements:
            yield Change(How.MOVED, id_, after.title(id_))


class _Drawing:
    """The elements of a BPMN file by id, and where they are drawn."""

    def __init__(self, root: etree._Element) -> None:
        self.elements = _elements(root)
        self._lanes = {
            (reference.text or "").strip(): str(lane.get("name") or lane.get("id"))
            for lane in root.iter(f"{BPMN}lane")
            for reference in lane.iterchildren(f"{BPMN}flowNodeRef")
        }
        self.places = {
            shape.get("bpmnElement", ""): tuple(
                sorted(b.attrib.items()) for b in shape.iter("{*}Bounds", "{*}waypoint")
            )
            for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge")
        }

    def title(self, id_: str) -> str:
        """What an element is and is called: 用户任务“销号”."""
        element = self.elements.get(id_)
        if element is None:
            return f"“{id_}”"
        tag = etree.QName(element).localname
        if tag == "sequenceFlow" and not element.get("name"):
            ends = (self.name(element.get(end, "")) for end in ("sourceRef", "targetRef"))
            return f"顺序流“{' → '.join(ends)}”"
        return f"{ELEMENTS.get(tag, tag)}“{self.name(id_)}”"

    def name(self, id_: str) -> str:
        element = self.elements.get(id_)
        return id_ if element is None else element.get("name") or id_

    def tell(self, label: str, value: str) -> str:
        return self.name(value) if label in _TOLD_BY_NAME else value

    def properties(self, id_: str) -> dict[str, str]:
        """Everything an element says about itself, under Chinese labels."""
        found: dict[str, str] = {}
        self._collect(self.elements[id_], "", found)
        if id_ in self._lanes:
            found[PROPERTIES["lane"]] = self._lanes[id_]
        return found

    def _collect(self, element: etree._Element, path: str, found: dict[str, str]) -> None:
        for name, value in element.attrib.items():
            local = etree.QName(name).localname
            names_the_step = path.endswith("]") and local in _NAMED_BY
            if local not in _NOT_TOLD and not names_the_step:
                found[_label(f"{path}@{local}" if path else local)] = value
        text = (element.text or "").strip()
        if text and path:
            found[_label(path)] = text
        for child in element.iterchildren("*"):
            local = etree.QName(child).localname
            if local not in _NOT_TOLD and child.get("id") not in self.elements:
                self._collect(child, _step(path, local, child), found)


def _elements(root: etree._Element) -> dict[str, etree._Element]:
    """Everything with a part of its own in the process, by id: root elements, flow nodes, flows, lanes."""
    found = root.iter(*(f"{BPMN}{tag}" for tag in ELEMENTS))
    return {element.get("id", ""): element for element in found if element.get("id")}


def _step(path: str, local: str, element: etree._Element) -> str:
    if local == "extensionElements":
        return path
    key = next((element.get(name) for name in _NAMED_BY if element.get(name)), None)
    step = f"{local}[{key}]" if key is not None else local
    return f"{path}/{step}" if path else step


def _label(path: str) -> str:
    """The Chinese label of a property; one nobody has named is called by its path."""
    step = path.rsplit("/", 1)[-1]
    base, _, rest = step.partition("[")
    key, _, attribute = rest.partition("]")
    if rest and base in PROPERTIES:
        return f"{PROPERTIES[base]}“{key}”"
    return PROPERTIES.get(step) or PROPERTIES.get(f"{base}{attribute}") or PROPERTIES.get(base) or path
