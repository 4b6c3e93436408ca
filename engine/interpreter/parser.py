"""Reads BPMN with SpiffWorkflow and turns its specifications into :class:`ProcessModel`.

SpiffWorkflow brings the BPMN 2.0 schema, the document's messages, signals, errors and escalations and
the tree of process specifications. Its own task parsers follow the flows recursively and wrap tasks for
its own token walk; ours (:class:`ElementParser`) keep one specification per flow node, with the
``zeebe:`` extensions beside it. Why the tokens are stepped by us stands in ADR 0002.
"""

from __future__ import annotations

from typing import ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.errors import Problem
from engine.expressions import Expressions
from engine.interpreter.model import NodeType, ProcessModel
from engine.interpreter.reader import BPMN, ModelRefused, Reader
from engine.xml import XmlRefused, read_xml

__all__ = ["ModelRefused", "parse"]

_FLOW_NODE_TAGS = frozenset(node_type.value for node_type in NodeType)
_NOT_FLOW_NODES = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "sequenceFlow",
        "incoming",
        "outgoing",
        "textAnnotation",
        "association",
        "group",
        "multiInstanceLoopCharacteristics",
    }
)
_VALIDATOR = BpmnValidator()


class ElementParser(TaskParser):
    """One SpiffWorkflow specification per flow node, without following its flows."""

    def parse_node(self) -> BpmnTaskSpec:
        spec = BpmnTaskSpec(self.spec, self.bpmn_id, **self.bpmn_attributes)
        spec.extensions = {"node": self.node}
        if etree.QName(self.node).localname == NodeType.SUB_PROCESS:
            self.process_parser.parser.create_parser(self.node, filename=self.filename, lane=self.lane)
            spec.extensions["process"] = self.process_parser.parser.get_spec(self.bpmn_id)
        return spec


class FlatProcessParser(ProcessParser):
    """Takes every flow node that lies directly in a process or sub-process."""

    def add_tasks(self) -> None:
        for child in self.node:
            if isinstance(child.tag, str) and etree.QName(child).localname in _FLOW_NODE_TAGS:
                self.parse_node(child)


class ModelParser(BpmnParser):
    """SpiffWorkflow's parser with our element parser for every flow node the engine runs."""

    PROCESS_PARSER_CLASS = FlatProcessParser
    OVERRIDE_PARSER_CLASSES: ClassVar = {
        full_tag(tag): (ElementParser, BpmnTaskSpec) for tag in _FLOW_NODE_TAGS
    }


def parse(content: bytes, resource: str, expressions: Expressions) -> list[ProcessModel]:
    """All executable processes of a BPMN file.

    Raises :class:`ModelRefused` naming each element that is not well-formed BPMN, that the engine
    does not run, or whose expression cannot be read.
    """
    try:
        root = read_xml(content)
        _refuse_unknown(root, resource)
        parser = ModelParser(validator=_VALIDATOR)
        parser.add_bpmn_xml(root, resource)
        specs = [(parser.process_parsers[i], parser.get_spec(i)) for i in parser.get_process_ids()]
    except XmlRefused as refusal:
        raise ModelRefused([Problem(resource, "", str(refusal))]) from refusal
    except ValidationException as invalid:
        raise ModelRefused(
            [Problem(resource, str(invalid.id or ""), f"不是有效的 BPMN:{invalid}")]
        ) from invalid
    if not specs:
        raise ModelRefused([Problem(resource, "", "文件里没有可执行的流程(isExecutable 须为 true)。")])
    return [Reader(resource, expressions).model(process.node, spec) for process, spec in specs]


def _refuse_unknown(root: etree._Element, resource: str) -> None:
    """Name every element inside a process that the engine does not run."""
    problems = []
    for scope in root.iter(f"{BPMN}process", f"{BPMN}subProcess"):
        for child in scope:
            if not isinstance(child.tag, str) or not child.tag.startswith(BPMN):
                continue
            tag = etree.QName(child).localname
            if tag in _FLOW_NODE_TAGS and not child.get("id"):
                problems.append(Problem(resource, tag, "节点没有编号（id），请在建模器里补上。"))
            if tag not in _FLOW_NODE_TAGS and tag not in _NOT_FLOW_NODES:
                problems.append(
                    Problem(resource, child.get("id", tag), f"引擎不执行“{tag}”元素，请换成支持的元素。")
                )
    if problems:
        raise ModelRefused(problems)
