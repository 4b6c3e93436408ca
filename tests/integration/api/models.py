"""Small models for programs to run: a request somebody approves, a job for a worker, a table, a message."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def process(process_id: str, body: str, *, name: str = "", extra: str = "", inputs: str = "") -> bytes:
    """A BPMN file with one process, which may be given the variables ``inputs``."""
    declared = f'<zeebe:properties><zeebe:property name="gov.inputs" value="{inputs}"/></zeebe:properties>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="d_{process_id}" '
        f'targetNamespace="http://yishi/test">{extra}<bpmn:process id="{process_id}" name="{name or process_id}" '
        f'isExecutable="true"><bpmn:extensionElements>{declared}</bpmn:extensionElements>{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def chain(*nodes: str) -> str:
    """Flows that lead from each node to the next."""
    return "".join(
        f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(nodes)
    )


def element(tag: str, identity: str, extensions: str = "", inner: str = "", **attributes: str) -> str:
    """A flow node."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    around = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    return f'<bpmn:{tag} id="{identity}" name="{identity}"{more}>{around}{inner}</bpmn:{tag}>'


FORM: dict[str, Any] = {
    "id": "approval",
    "type": "default",
    "schemaVersion": 18,
    "components": [
        {"id": "f1", "type": "textfield", "key": "opinion", "label": "意见", "validate": {"required": True}},
        {"id": "f2", "type": "number", "key": "amount", "label": "金额", "validate": {"min": 0, "max": 100}},
    ],
}
APPROVAL_FORM = json.dumps(FORM, ensure_ascii=False).encode()

APPROVAL = process(
    "approval",
    element("startEvent", "start")
    + element(
        "userTask",
        "approve",
        '<zeebe:userTask/><zeebe:formDefinition formId="approval"/>'
        '<zeebe:assignmentDefinition candidateGroups="secretariat"/>'
        '<zeebe:taskHeaders><zeebe:header key="hint" value="看附件"/></zeebe:taskHeaders>',
    )
    + element("endEvent", "end")
    + chain("start", "approve", "end"),
    name="审批",
)

JOB = process(
    "job",
    element("startEvent", "start")
    + element(
        "serviceTask",
        "send",
        '<zeebe:taskDefinition type="letters.send"/>'
        '<zeebe:taskHeaders><zeebe:header key="gov.worker" value="external"/>'
        '<zeebe:header key="paper" value="A4"/></zeebe:taskHeaders>',
    )
    + element(
        "boundaryEvent", "refused", inner='<bpmn:errorEventDefinition errorRef="e1"/>', attachedToRef="send"
    )
    + element("endEvent", "end")
    + element("endEvent", "returned")
    + chain("start", "send", "end")
    + chain("refused", "returned"),
    extra='<bpmn:error id="e1" errorCode="REFUSED"/>',
)

MESSAGE = process(
    "waiting",
    element("startEvent", "start")
    + element("receiveTask", "wait", messageRef="m1")
    + element("endEvent", "end")
    + chain("start", "wait", "end"),
    extra='<bpmn:message id="m1" name="answer"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case_no"/></bpmn:extensionElements></bpmn:message>',
    inputs="case_no",
)

AT_ONCE = process(
    "at_once",
    element("startEvent", "start")
    + element("scriptTask", "add", '<zeebe:script expression="=a + b" resultVariable="sum"/>')
    + element("endEvent", "end")
    + chain("start", "add", "end"),
    inputs="a: number, b: number",
)

DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="fees" name="费用" namespace="http://yishi/test">
  <inputData id="people_data" name="people"/>
  <decision id="fee" name="收费">
    <informationRequirement id="r1"><requiredInput href="#people_data"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i1" label="人数"><inputExpression id="e1" typeRef="number"><text>people</text></inputExpression></input>
      <output id="o1" name="price" typeRef="number"/><output id="o2" name="why" typeRef="string"/>
      <rule id="few"><inputEntry id="a"><text>&lt; 10</text></inputEntry>
        <outputEntry id="b"><text>100</text></outputEntry><outputEntry id="c"><text>"少"</text></outputEntry></rule>
      <rule id="many"><inputEntry id="d"><text>-</text></inputEntry>
        <outputEntry id="f"><text>50</text></outputEntry><outputEntry id="g"><text>"多"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>""".encode()

BALLOT_FORM = json.dumps(
    {
        "id": "paper",
        "type": "default",
        "schemaVersion": 18,
        "components": [
            {
                "id": "c",
                "type": "radio",
                "key": "choice",
                "label": "意见",
                "values": [{"label": v, "value": v} for v in ("同意", "反对", "弃权")],
                "validate": {"required": True},
            }
        ],
    },
    ensure_ascii=False,
).encode()

BALLOT = process(
    "vote",
    element("startEvent", "start")
    + element(
        "userTask",
        "ballot",
        '<zeebe:userTask/><zeebe:formDefinition formId="paper"/>'
        '<zeebe:assignmentDefinition assignee="=voter.person"/>'
        '<zeebe:taskHeaders><zeebe:header key="gov.kind" value="ballot"/></zeebe:taskHeaders>',
    )
    + element("endEvent", "end")
    + chain("start", "ballot", "end"),
    inputs="voter: context",
)
