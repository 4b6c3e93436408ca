"""Turns the elements of a BPMN file, with their ``zeebe:`` extensions, into :class:`ProcessModel`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.declarations import NO_NAMES, Names, declared
from engine.errors import Problem
from engine.expressions import Expression, ExpressionFault, Expressions
from engine.interpreter.model import (
    Assignment,
    Binding,
    Call,
    Event,
    EventKind,
    Flow,
    IoMapping,
    Loop,
    Node,
    NodeType,
    ProcessModel,
    TimerKind,
)

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

_EVENT_KINDS = {f"{kind.value}EventDefinition": kind for kind in EventKind if kind is not EventKind.NONE}


class ModelRefused(Exception):
    """The file cannot be run; ``problems`` says where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class Reader:
    """Turns the specifications of one process into a model; collects every problem before it refuses."""

    def __init__(self, resource: str, expressions: Expressions) -> None:
        self._resource = resource
        self._expressions = expressions
        self._problems: list[Problem] = []

    def model(self, process: etree._Element, spec: BpmnProcessSpec) -> ProcessModel:
        nodes: dict[str, Node] = {}
        flows: dict[str, Flow] = {}
        lanes = {
            (ref.text or "").strip(): lane
            for lane in process.iter(f"{BPMN}lane")
            for ref in lane.iter(f"{BPMN}flowNodeRef")
        }
        lane_ids = {node_id: lane.get("id", "") for node_id, lane in lanes.items()}
        self._scope(process, spec, lane_ids, nodes, flows)
        inputs = self._declared(process, "gov.inputs", process)
        if self._problems:
            raise ModelRefused(self._problems)
        return ProcessModel(
            process_id=process.get("id", ""),
            name=process.get("name") or process.get("id") or "",
            nodes=nodes,
            flows=flows,
            documentation=_documentation(process),
            version_tag=_attribute(process, "versionTag", "value") or "",
            properties=_properties(process),
            inputs=inputs,
            lanes={lane.get("id", ""): lane.get("name", "") for lane in process.iter(f"{BPMN}lane")},
        )

    def _scope(
        self,
        scope: etree._Element,
        spec: BpmnProcessSpec,
        lanes: dict[str, str],
        nodes: dict[str, Node],
        flows: dict[str, Flow],
    ) -> None:
        scope_id = scope.get("id", "")
        for task_spec in spec.task_specs.values():
            element = (getattr(task_spec, "extensions", None) or {}).get("node")
            if element is None:
                continue  # SpiffWorkflow's own Start and End markers
            node = self._node(element, scope_id, lanes)
            nodes[node.id] = node
            inner = task_spec.extensions.get("process")
            if inner is not None:
                self._scope(element, inner, lanes, nodes, flows)
        for element in scope.iterchildren(f"{BPMN}sequenceFlow"):
            flow = self._flow(element)
            flows[flow.id] = flow

    # -- one element ---------------------------------------------------------------------------

    def _node(self, element: etree._Element, scope: str, lanes: dict[str, str]) -> Node:
        task = _extension(element, "taskDefinition")
        decision = _extension(element, "calledDecision")
        script = _extension(element, "script")
        return Node(
            id=element.get("id", ""),
            name=element.get("name") or element.get("id") or "",
            type=NodeType(etree.QName(element).localname),
            scope=scope,
            lane=lanes.get(element.get("id", ""), ""),
            documentation=_documentation(element),
            event=self._event(element),
            attached_to=element.get("attachedToRef"),
            interrupting=element.get("cancelActivity", element.get("isInterrupting", "true")) != "false",
            default_flow=element.get("default"),
            triggered_by_event=element.get("triggeredByEvent") == "true",
            assignment=self._assignment(element),
            form_id=_attribute(element, "formDefinition", "formId"),
            due_date=self._attribute_expression(element, "taskSchedule", "dueDate"),
            priority=self._attribute_expression(element, "priorityDefinition", "priority"),
            job_type=None if task is None else task.get("type"),
            retries=None if task is None else self._expression(element, task.get("retries")),
            decision_id=None if decision is None else decision.get("decisionId"),
            call=self._call(element),
            script=None if script is None else self._expression(element, script.get("expression")),
            result_variable=next(
                (e.get("resultVariable") for e in (decision, script) if e is not None), None
            ),
            headers={
                h.get("key", ""): h.get("value", "") for h in _extensions(element, "taskHeaders/header")
            },
            inputs=self._mappings(element, "ioMapping/input"),
            outputs=self._mappings(element, "ioMapping/output"),
            loop=self._loop(element),
            declared=self._declared(element, "gov.outputs", element),
        )

    def _flow(self, element: etree._Element) -> Flow:
        condition = element.find(f"{BPMN}conditionExpression")
        return Flow(
            id=element.get("id", ""),
            source=element.get("sourceRef", ""),
            target=element.get("targetRef", ""),
            condition=None if condition is None else self._expression(element, condition.text),
            name=element.get("name", ""),
        )

    def _assignment(self, element: etree._Element) -> Assignment | None:
        found = _extension(element, "assignmentDefinition")
        if found is None:
            return None
        return Assignment(
            assignee=self._expression(element, found.get("assignee")),
            candidate_groups=self._expression(element, found.get("candidateGroups")),
            candidate_users=self._expression(element, found.get("candidateUsers")),
        )

    def _call(self, element: etree._Element) -> Call | None:
        found = _extension(element, "calledElement")
        process_id = None if found is None else self._expression(element, found.get("processId"))
        if found is None or process_id is None:
            if etree.QName(element).localname == NodeType.CALL_ACTIVITY:
                self._problem(element, "调用活动没有指定要调用的流程(zeebe:calledElement processId)。")
            return None
        binding = found.get("bindingType", Binding.LATEST)
        if binding not in tuple(Binding):
            self._problem(
                element, f"不认识调用的版本绑定“{binding}”，请用 latest、deployment 或 versionTag。"
            )
            return None
        return Call(
            process_id=process_id,
            binding=Binding(binding),
            version_tag=found.get("versionTag", ""),
            takes_all=found.get("propagateAllParentVariables") != "false",
            returns_all=found.get("propagateAllChildVariables") != "false",
        )

    def _mappings(self, element: etree._Element, path: str) -> tuple[IoMapping, ...]:
        mappings = []
        for found in _extensions(element, path):
            source = self._expression(element, found.get("source"))
            if source is not None:
                mappings.append(IoMapping(source, found.get("target", "")))
        return tuple(mappings)

    def _loop(self, element: etree._Element) -> Loop | None:
        standard = element.find(f"{BPMN}standardLoopCharacteristics")
        if standard is not None:
            self._problem(element, "引擎不执行标准循环，请改用多实例或回退的顺序流。")
        found = element.find(f"{BPMN}multiInstanceLoopCharacteristics")
        if found is None:
            return None
        loop = _extension(found, "loopCharacteristics")
        collection = None if loop is None else self._expression(element, loop.get("inputCollection"))
        if loop is None or collection is None:
            self._problem(element, "多实例缺少输入集合(zeebe:loopCharacteristics inputCollection)。")
            return None
        completion = found.find(f"{BPMN}completionCondition")
        return Loop(
            sequential=found.get("isSequential") == "true",
            collection=collection,
            element=loop.get("inputElement"),
            output_collection=loop.get("outputCollection"),
            output_element=self._expression(element, loop.get("outputElement")),
            completion=None if completion is None else self._expression(element, completion.text),
        )

    # -- events --------------------------------------------------------------------------------

    def _event(self, element: etree._Element) -> Event | None:
        tag = etree.QName(element).localname
        if tag in (NodeType.RECEIVE_TASK, NodeType.SEND_TASK):
            return self._message(element.get("messageRef"), element)
        definitions = [child for child in element if str(child.tag).endswith("EventDefinition")]
        if len(definitions) > 1:
            self._problem(element, "一个事件只能有一种事件定义。")
        if not definitions:
            return Event(EventKind.NONE) if tag.endswith("Event") else None
        definition = definitions[0]
        kind = _EVENT_KINDS.get(etree.QName(definition).localname)
        if kind is None:
            self._problem(element, f"引擎不执行“{etree.QName(definition).localname}”事件。")
            return None
        return self._EVENTS[kind](self, definition, element)

    def _message(self, reference: str | None, element: etree._Element) -> Event:
        found = self._root_element("message", reference, element)
        if found is None:
            return Event(EventKind.MESSAGE)
        subscription = _extension(found, "subscription")
        key = None if subscription is None else self._expression(element, subscription.get("correlationKey"))
        name, payload = found.get("name", ""), self._payload(found, element)
        return Event(EventKind.MESSAGE, name, correlation_key=key, payload=payload)

    def _message_event(self, definition: etree._Element, element: etree._Element) -> Event:
        return self._message(definition.get("messageRef"), element)

    def _timer_event(self, definition: etree._Element, element: etree._Element) -> Event:
        for kind in TimerKind:
            found = definition.find(f"{BPMN}{kind.value}")
            if found is not None:
                return Event(EventKind.TIMER, timer=kind, expression=self._expression(element, found.text))
        self._problem(element, "定时事件没有写时间(timeDate、timeDuration 或 timeCycle)。")
        return Event(EventKind.TIMER)

    def _signal_event(self, definition: etree._Element, element: etree._Element) -> Event:
        found = self._root_element("signal", definition.get("signalRef"), element)
        if found is None:
            return Event(EventKind.SIGNAL)
        return Event(EventKind.SIGNAL, found.get("name", ""), payload=self._payload(found, element))

    def _conditional_event(self, definition: etree._Element, element: etree._Element) -> Event:
        found = definition.find(f"{BPMN}condition")
        condition = None if found is None else self._expression(element, found.text)
        if condition is None or condition.is_literal:
            self._problem(element, "条件事件没有写条件，请填写以等号开头的表达式。")
        return Event(EventKind.CONDITIONAL, expression=condition)

    def _error_event(self, definition: etree._Element, element: etree._Element) -> Event:
        return self._coded(EventKind.ERROR, definition.get("errorRef"), element)

    def _escalation_event(self, definition: etree._Element, element: etree._Element) -> Event:
        return self._coded(EventKind.ESCALATION, definition.get("escalationRef"), element)

    def _link_event(self, definition: etree._Element, element: etree._Element) -> Event:
        return Event(EventKind.LINK, definition.get("name", ""))

    def _terminate_event(self, definition: etree._Element, element: etree._Element) -> Event:
        return Event(EventKind.TERMINATE)

    _EVENTS: ClassVar = {
        EventKind.MESSAGE: _message_event,
        EventKind.TIMER: _timer_event,
        EventKind.SIGNAL: _signal_event,
        EventKind.CONDITIONAL: _conditional_event,
        EventKind.ERROR: _error_event,
        EventKind.ESCALATION: _escalation_event,
        EventKind.LINK: _link_event,
        EventKind.TERMINATE: _terminate_event,
    }

    def _coded(self, kind: EventKind, reference: str | None, element: etree._Element) -> Event:
        """An error or escalation; without a reference it catches every code."""
        found = None if reference is None else self._root_element(kind.value, reference, element)
        if found is None:
            return Event(kind)
        return Event(kind, found.get(f"{kind.value}Code", ""), payload=self._payload(found, element))

    def _payload(self, found: etree._Element, element: etree._Element) -> Names:
        """The variables a message, signal, error or escalation declares to bring."""
        return self._declared(found, "gov.payload", element)

    def _declared(self, found: etree._Element, name: str, element: etree._Element) -> Names:
        try:
            return declared(_properties(found).get(name))
        except ValueError as fault:
            self._problem(element, f"声明 {name} 读不懂：{fault}。")
            return NO_NAMES

    def _root_element(
        self, tag: str, reference: str | None, element: etree._Element
    ) -> etree._Element | None:
        root = element.getroottree().getroot()
        found = next((e for e in root.iterchildren(f"{BPMN}{tag}") if e.get("id") == reference), None)
        if found is None:
            self._problem(element, f"没有引用到已定义的 {tag}(编号 {reference or '空'})。")
        return found

    # -- expressions -----------------------------------------------------------------------------

    def _attribute_expression(
        self, element: etree._Element, extension: str, attribute: str
    ) -> Expression | None:
        return self._expression(element, _attribute(element, extension, attribute))

    def _expression(self, element: etree._Element, text: str | None) -> Expression | None:
        if text is None or not text.strip():
            return None
        try:
            return self._expressions.parse(text)
        except ExpressionFault as fault:
            self._problem(element, f"表达式“{text.strip()}”读不懂：{fault}")
            return None

    def _problem(self, element: etree._Element, message: str) -> None:
        problem = Problem(self._resource, element.get("id", ""), message, element.get("name", ""))
        self._problems.append(problem)


def _documentation(element: etree._Element) -> str:
    return "\n".join(d.text.strip() for d in element.iterchildren(f"{BPMN}documentation") if d.text)


def _properties(element: etree._Element) -> dict[str, str]:
    return {p.get("name", ""): p.get("value", "") for p in _extensions(element, "properties/property")}


def _extensions(element: etree._Element, path: str) -> Iterator[etree._Element]:
    steps = "/".join(f"{ZEEBE}{step}" for step in path.split("/"))
    found: Iterable[Any] = element.iterfind(f"{BPMN}extensionElements/{steps}")
    return iter(found)


def _extension(element: etree._Element, name: str) -> etree._Element | None:
    return next(_extensions(element, name), None)


def _attribute(element: etree._Element, extension: str, attribute: str) -> str | None:
    found = _extension(element, extension)
    return None if found is None else found.get(attribute)
