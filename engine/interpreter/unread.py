"""What a file may say that the engine does not run: named and refused, never passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.errors import Problem
from engine.interpreter.model import NodeType
from engine.interpreter.reader import BPMN, ZEEBE

CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"

FLOW_NODES = frozenset(node_type.value for node_type in NodeType)
_BESIDE_FLOW_NODES = frozenset(
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
_EXTENSIONS = frozenset(
    {
        "assignmentDefinition",
        "calledDecision",
        "calledElement",
        "formDefinition",
        "ioMapping",
        "loopCharacteristics",
        "priorityDefinition",
        "properties",
        "script",
        "subscription",
        "taskDefinition",
        "taskHeaders",
        "taskSchedule",
        "userTask",
        "versionTag",
    }
)
_ATTRIBUTES = {
    "isForCompensation": ("false", "引擎不执行补偿，请去掉“用于补偿”。"),
    "instantiate": ("false", "引擎不由任务或网关启动流程，请改用消息开始事件。"),
    "parallelMultiple": ("false", "引擎不执行并行多重事件，请改用并行网关。"),
    "eventGatewayType": ("Exclusive", "引擎不执行并行的事件网关，请改用并行网关。"),
    "startQuantity": ("1", "引擎不等几个令牌才开始，请改用并行网关。"),
    "completionQuantity": ("1", "引擎不由一个活动产生几个令牌，请改用并行网关。"),
    "behavior": ("All", "引擎不执行多实例的中途事件，请改用中间抛出事件。"),
}
"""Attributes with the only value the engine runs, and what to say of any other."""

_EXTENSION_ATTRIBUTES: dict[str, dict[str, tuple[str, ...]]] = {
    "formDefinition": {"externalReference": (), "formKey": (), "bindingType": ("latest", "deployment")},
    "calledDecision": {"bindingType": ("latest", "deployment")},
}
"""Attributes of extensions with the values the engine runs."""


def count_nodes(root: etree._Element) -> int:
    """How many flow nodes a file draws."""
    return sum(1 for _ in root.iter(*(f"{BPMN}{tag}" for tag in FLOW_NODES)))


def problems(root: etree._Element, resource: str) -> list[Problem]:
    """Every element, extension and attribute inside a process that the engine would not run."""
    found: list[tuple[etree._Element, str]] = []
    for process in root.iterchildren(f"{BPMN}process"):
        found += _elements(process)
        for node in process.iter(f"{BPMN}*"):
            found += _details(node)
    return [Problem(resource, node.get("id") or etree.QName(node).localname, why) for node, why in found]


def _elements(process: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for scope in process.iter(f"{BPMN}process", f"{BPMN}subProcess"):
        for child in scope.iterchildren(f"{BPMN}*"):
            tag = etree.QName(child).localname
            if tag in FLOW_NODES and not child.get("id"):
                yield child, "节点没有编号（id），请在建模器里补上。"
            if tag not in FLOW_NODES and tag not in _BESIDE_FLOW_NODES:
                yield child, f"引擎不执行“{tag}”元素，请换成支持的元素。"


def _details(node: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    for attribute, (runs, sentence) in _ATTRIBUTES.items():
        if node.get(attribute, runs) != runs:
            yield node, sentence
    for attribute in node.attrib:
        if etree.QName(attribute).namespace == CAMUNDA_7:
            yield node, f"引擎不读 Camunda 7 的属性“{etree.QName(attribute).localname}”，请用 zeebe 扩展。"
    extensions = [
        child
        for holder in node.iterchildren(f"{BPMN}extensionElements")
        for child in holder.iterchildren("*")
    ]
    for extension in extensions:
        name = etree.QName(extension)
        known = name.localname in _EXTENSIONS
        if name.namespace == CAMUNDA_7 or (name.namespace == ZEEBE.strip("{}") and not known):
            yield node, f"引擎不执行扩展“{name.localname}”，请去掉它。"
        for attribute, run in _EXTENSION_ATTRIBUTES.get(name.localname, {}).items():
            if extension.get(attribute) not in (None, *run):
                yield (
                    node,
                    f"引擎不执行“{name.localname}”的 {attribute}“{extension.get(attribute)}”，请改掉。",
                )
    is_ours = any(extension.tag == f"{ZEEBE}userTask" for extension in extensions)
    if node.tag == f"{BPMN}{NodeType.USER_TASK}" and not is_ours:
        yield node, "用户任务缺少 zeebe:userTask，请在建模器里把实现方式选为 Camunda user task。"
