"""A diagram is drawn as its author has placed it, and names what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine import drawing
from engine.xml import XmlRefused
from tests.models.source import BPMN_FILES, find, tree

SVG = {"svg": "http://www.w3.org/2000/svg"}


def drawn(path: Path, marks: dict[str, str] | None = None) -> etree._Element:
    return etree.fromstring(drawing.svg(path.read_bytes(), "流程图", marks).encode())


@pytest.mark.parametrize("path", BPMN_FILES, ids=lambda path: path.stem)
def test_everything_with_a_place_is_drawn_once(path: Path) -> None:
    placed = find(tree(path), "//bpmndi:BPMNShape/@bpmnElement | //bpmndi:BPMNEdge/@bpmnElement")
    shown = drawn(path).xpath("//svg:g/@data-element", namespaces=SVG)
    assert sorted(shown) == sorted(placed)


def test_marks_and_the_title_are_told_to_those_who_do_not_see_the_picture() -> None:
    (path,) = (one for one in BPMN_FILES if one.stem == "deliberation_meeting")
    root = drawn(path, {"sign_in": "walked"})
    assert (root.get("role"), root.get("aria-label")) == ("img", "流程图")
    (group,) = root.xpath("//svg:g[@data-element='sign_in']", namespaces=SVG)
    assert group.get("class") == "task walked"
    assert "".join(group.itertext()) == "签到"


def test_names_are_text_and_never_markup() -> None:
    bpmn = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
        '<process id="p"><task id="t" name="&lt;script&gt;1&lt;/script&gt;"/></process><bpmndi:BPMNDiagram>'
        '<bpmndi:BPMNPlane><bpmndi:BPMNShape bpmnElement="t"><dc:Bounds x="0" y="0" width="400" height="80"/>'
        "</bpmndi:BPMNShape></bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>"
    )
    picture = drawing.svg(bpmn.encode(), "<b>", {"t": '"><i>'})
    assert "<script>" not in picture
    assert "<i>" not in picture
    etree.fromstring(picture.encode())


def test_a_file_that_is_no_xml_is_refused_with_a_sentence() -> None:
    with pytest.raises(XmlRefused, match="不是有效的 XML"):
        drawing.svg(b"<definitions", "流程图")
