"""The models our figures are measured with.

``ballot``: a parallel multi-instance user task, open at once for as many people as the variable ``seats`` names,
then the end. The peers run the same shape, written in :mod:`bench.peers` in what each of them understands: with
``loopCardinality``, and without assignees.
"""

from __future__ import annotations

from itertools import pairwise

PROCESS = "p"
SUBMISSION = {"choice": "同意", "reason": "改善出行", "households": 3}
"""What each completion submits: three fields."""

FORM = b"""{"id": "ballot", "type": "default", "schemaVersion": 16, "components": [
 {"type": "textfield", "id": "f1", "key": "choice", "label": "\xe9\x80\x89\xe6\x8b\xa9"},
 {"type": "textfield", "id": "f2", "key": "reason", "label": "\xe7\x90\x86\xe7\x94\xb1"},
 {"type": "number", "id": "f3", "key": "households", "label": "\xe6\x88\xb7\xe6\x95\xb0"}]}"""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 id="d" targetNamespace="http://yishi/bench"><bpmn:process id="p" isExecutable="true">
 <bpmn:extensionElements><zeebe:properties><zeebe:property name="gov.inputs" value="seats: list, due: string"/>
 </zeebe:properties></bpmn:extensionElements><bpmn:startEvent id="s"/>"""
_FOOT = "</bpmn:process></bpmn:definitions>"


def _file(body: str) -> bytes:
    return f"{_HEAD}{body}{_FOOT}".encode()


def _flow(source: str, target: str) -> str:
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'


def _task(node: str, assignee: str, *, form: bool, loop: str = "") -> str:
    definition = '<zeebe:formDefinition formId="ballot"/>' if form else ""
    return (
        f'<bpmn:userTask id="{node}" name="{node}"><bpmn:extensionElements><zeebe:userTask/>{definition}'
        f'<zeebe:assignmentDefinition assignee="{assignee}"/></bpmn:extensionElements>{loop}</bpmn:userTask>'
    )


def ballot() -> bytes:
    """As many open tasks as the variable ``seats`` has entries."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=seats" inputElement="seat" outputCollection="choices"'
        ' outputElement="=choice"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
    )
    task = _task("vote", "=seat", form=True, loop=loop)
    return _file(task + '<bpmn:endEvent id="e"/>' + _flow("s", "vote") + _flow("vote", "e"))


def sequence(length: int) -> bytes:
    """So many user tasks one after the other, all for one person."""
    names = ["s", *(f"t{i}" for i in range(length)), "e"]
    tasks = "".join(_task(name, "u0", form=True) for name in names[1:-1])
    flows = "".join(_flow(*pair) for pair in pairwise(names))
    return _file(tasks + '<bpmn:endEvent id="e"/>' + flows)


def timer() -> bytes:
    """One timer that comes due at once when ``due`` is past, then a task."""
    catch = (
        '<bpmn:intermediateCatchEvent id="w"><bpmn:timerEventDefinition>'
        '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">=due</bpmn:timeDate>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    rest = '<bpmn:endEvent id="e"/>' + _flow("s", "w") + _flow("w", "t") + _flow("t", "e")
    return _file(catch + _task("t", "u0", form=True) + rest)


def blocks(count: int, width: int) -> bytes:
    """Parallel gateways in a row, each over so many tasks: what a stock prediction multiplies out."""
    parts, before = [], "s"
    for block in range(count):
        fork, join = f"f{block}", f"j{block}"
        parts += [f'<bpmn:parallelGateway id="{gate}"/>' for gate in (fork, join)]
        parts.append(_flow(before, fork))
        for index in range(width):
            task = f"t{block}_{index}"
            parts += [_task(task, "u0", form=True), _flow(fork, task), _flow(task, join)]
        before = join
    return _file("".join(parts) + '<bpmn:endEvent id="e"/>' + _flow(before, "e"))
