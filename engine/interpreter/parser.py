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
from engine.interpreter import unread
from engine.interpreter.model import NodeType, ProcessModel
from engine.interpreter.reader import ModelRefused, Reader
from engine.xml import XmlRefused, read_xml

__all__ = ["ModelRefused", "parse"]

MAX_NODES = 2000
"""Flow nodes in one file; what has more belongs into several processes."""

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
            if isinstance(child.tag, str) and etree.QName(child).localname in unread.FLOW_NODES:
                self.parse_node(child)


class ModelParser(BpmnParser):
    """SpiffWorkflow's parser with our element parser for every flow node the engine runs."""

    PROCESS_PARSER_CLASS = FlatProcessParser
    OVERRIDE_PARSER_CLASSES: ClassVar = {
        full_tag(tag): (ElementParser, BpmnTaskSpec) for tag in unread.FLOW_NODES
    }


def parse(content: bytes, resource: str, expressions: Expressions) -> list[ProcessModel]:
    """All executable processes of a BPMN file.

    Raises :class:`ModelRefused` naming each element that is not well-formed BPMN, that the engine
    does not run, or whose expression cannot be read.
    """
    try:
        root = read_xml(content)
        if unread.count_nodes(root) > MAX_NODES:
            raise ModelRefused([Problem(resource, "", f"流程超过 {MAX_NODES} 个节点，请拆成几个流程。")])
        found = unread.problems(root, resource)
        if found:
            raise ModelRefused(found)
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
