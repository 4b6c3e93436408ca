"""The process models are complete: everything drawn, everything assigned, everything referred to is there."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from engine.interpreter.model import EventKind, NodeType
from engine.rosters import is_roster
from tests.models.source import (
    BPMN_FILES,
    DMN_FILES,
    FLOW_NODES,
    FORM_FILES,
    MODELS,
    find,
    form,
    process,
    tree,
)

models = pytest.mark.parametrize("path", BPMN_FILES, ids=lambda path: path.stem)

COUNCIL = next(path for path in BPMN_FILES if path.stem == "deliberation_meeting")


@models
def test_a_model_declares_no_document_type(path: Path) -> None:
    assert tree(path).getroottree().docinfo.internalDTD is None


@models
def test_a_file_is_named_after_its_one_process(path: Path) -> None:
    assert process(path).process_id == path.stem == path.parent.name


@models
def test_every_node_has_a_name_in_chinese(path: Path) -> None:
    for node in process(path).nodes.values():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in node.name), node.id


@models
def test_every_node_has_a_shape_and_every_flow_an_edge(path: Path) -> None:
    root = tree(path)
    drawn = find(root, "//bpmndi:BPMNShape/@bpmnElement") + find(root, "//bpmndi:BPMNEdge/@bpmnElement")
    model = process(path)
    meant = {*model.nodes, *model.flows, *model.lanes, *find(root, "//bpmn:participant/@id")}
    assert set(drawn) == meant
    assert len(drawn) == len(meant)


@models
def test_every_outer_node_lies_in_exactly_one_lane(path: Path) -> None:
    root = tree(path)
    placed = [reference.text for reference in find(root, "//bpmn:flowNodeRef")]
    outer = [child.get("id") for child in find(root, "//bpmn:process/*") if child.tag in FLOW_NODES]
    assert sorted(placed) == sorted(outer)


def test_the_council_has_the_ten_lanes_of_its_rules() -> None:
    lanes = "proposer secretariat chair member moderator recorder teller executor supervisor system"
    assert set(process(COUNCIL).lanes) == set(lanes.split())


@models
def test_every_deciding_gateway_has_a_default_and_conditions_elsewhere(path: Path) -> None:
    model = process(path)
    for node in model.nodes.values():
        flows = model.outgoing(node.id)
        if node.type is NodeType.EXCLUSIVE and len(flows) > 1:
            assert node.default_flow in {flow.id for flow in flows}, node.id
            assert all((flow.condition is None) == (flow.id == node.default_flow) for flow in flows), node.id
            assert all(flow.name for flow in flows), f"{node.id}: 每个出口都要写明什么情况走这里"


@models
def test_a_parallel_gateway_either_splits_or_joins(path: Path) -> None:
    """One that does both waits for a way back that never comes in the first round."""
    model = process(path)
    for node in model.nodes.values():
        if node.type is NodeType.PARALLEL:
            assert 1 in (len(model.incoming(node.id)), len(model.outgoing(node.id))), node.id


@models
def test_every_user_task_has_a_form_somebody_to_do_it_and_words_for_them(path: Path) -> None:
    for node in process(path).nodes.values():
        if node.type is NodeType.USER_TASK:
            assert node.form_id is not None, node.id
            assert form(node.form_id)["id"] == node.form_id
            assert node.assignment is not None or is_roster(node.headers), node.id
            assert node.documentation.count("。") >= 3, node.id
            assert "依据：" in node.documentation, node.id


@models
def test_every_decision_that_is_asked_stands_in_a_table_of_its_name(path: Path) -> None:
    asked = {node.decision_id for node in process(path).nodes.values() if node.decision_id}
    assert asked <= {file.stem for file in DMN_FILES}


@models
def test_every_form_of_a_process_is_used_by_it_or_by_a_message_to_it(path: Path) -> None:
    by_message = {
        "deliberation_meeting.objection",
        "semiannual_review.roster_objection",
        "semiannual_review.duty_objection",
    }
    files = {f"{file.parent.name}.{file.stem}" for file in FORM_FILES if file.parent == path.parent}
    used = {node.form_id for node in process(path).nodes.values() if node.form_id}
    assert files - by_message == used


@models
def test_whoever_sends_a_message_names_the_matter_it_is_for(path: Path) -> None:
    for node in process(path).nodes.values():
        if (
            node.type in (NodeType.THROW, NodeType.END)
            and node.event
            and node.event.kind is EventKind.MESSAGE
        ):
            assert node.headers["correlationKey"].startswith("="), node.id
            assert any(mapping.target == "source_no" for mapping in node.inputs) or node.event.name == (
                "msg_ledger_closed"
            ), node.id


def test_every_end_of_the_council_that_answers_tells_its_source() -> None:
    ends = [
        node
        for node in process(COUNCIL).nodes.values()
        if node.event and node.event.name == "msg_deliberation_result"
    ]
    assert {node.name for node in ends} == {
        "不予受理（已书面告知）",
        "即时议办结",
        "已缓议，退回议题池",
        "已搁置，退回议题池",
        "未通过归档",
        "决议已落实归档",
    }


@models
def test_no_line_of_the_diagram_runs_through_a_shape(path: Path) -> None:
    root = tree(path)
    model = process(path)
    boxes = {
        shape.get("bpmnElement"): tuple(
            float(find(shape, "dc:Bounds")[0].get(k)) for k in ("x", "y", "width", "height")
        )
        for shape in find(root, "//bpmndi:BPMNShape")
    }
    for edge in find(root, "//bpmndi:BPMNEdge"):
        flow = model.flows[edge.get("bpmnElement")]
        around = {
            flow.source,
            flow.target,
            model.nodes[flow.source].attached_to,
            model.nodes[flow.source].scope,
        }
        points = [(float(p.get("x")), float(p.get("y"))) for p in find(edge, "di:waypoint")]
        for node in model.nodes.keys() - around:
            assert not any(_meets(a, b, boxes[node]) for a, b in pairwise(points)), f"{flow.id} 穿过 {node}"


def _meets(a: tuple[float, float], b: tuple[float, float], box: tuple[float, ...]) -> bool:
    x, y, width, height = box
    left, right = sorted((a[0], b[0]))
    top, bottom = sorted((a[1], b[1]))
    return left < x + width and right > x and top < y + height and bottom > y


def test_the_reference_speaks_of_every_step_of_the_council() -> None:
    reference = (MODELS.parent / "docs" / "reference" / "deliberation_meeting.md").read_text(encoding="utf-8")
    outer_ends = {NodeType.END, NodeType.START, NodeType.BOUNDARY}
    for node in process(COUNCIL).nodes.values():
        if node.type not in outer_ends:
            assert f"`{node.id}` {node.name}" in reference, node.id
