"""Process models in a few lines of text, turned into BPMN and read by the engine's own parser.

Each line is a chain ``s -> t1 -> p1``. The letters before the digits say what a node is (:data:`LETTERS`); a
node may be followed by ``:kind`` or ``:kind=name`` (its event; ``~kind`` for a start that does not interrupt),
``@host`` or ``~host`` (attached to an activity, interrupting or not), ``*`` or ``#`` (multi-instance, parallel or
sequential). ``->?`` is a conditional flow, ``->!`` the default. Of exclusive and inclusive gateways with several
ways out the last is the default and the others are conditional (of an inclusive one, the last is both, so
that any of its ways may be taken together). ``u {`` … ``}`` holds the nodes of a sub-process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine import feel
from engine.expressions import Expressions
from engine.interpreter.model import ProcessModel
from engine.interpreter.parser import parse

LETTERS = {
    "s": "startEvent",
    "e": "endEvent",
    "t": "userTask",
    "v": "serviceTask",
    "a": "manualTask",
    "r": "receiveTask",
    "c": "intermediateCatchEvent",
    "h": "intermediateThrowEvent",
    "b": "boundaryEvent",
    "x": "exclusiveGateway",
    "p": "parallelGateway",
    "o": "inclusiveGateway",
    "g": "eventBasedGateway",
    "u": "subProcess",
    "w": "subProcess",  # an event sub-process
    "k": "callActivity",
}
_NODE = re.compile(
    r"(?P<id>(?P<letter>[a-z])\w*)"
    r"(?:(?P<mark>[:~])(?P<kind>timer|message|signal|conditional|error|escalation|link|terminate))?(?:=(?P<name>\w+))?"
    r"(?:(?P<attach>[@~])(?P<host>\w+))?(?P<loop>[*#])?"
)
_ARROW = re.compile(r"\s*->([?!]?)\s*")
_NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_DEFINITIONS = {
    "timer": '<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H'
    "</bpmn:timeDuration></bpmn:timerEventDefinition>",
    "message": '<bpmn:messageEventDefinition messageRef="m_{name}"/>',
    "signal": '<bpmn:signalEventDefinition signalRef="g_{name}"/>',
    "conditional": "<bpmn:conditionalEventDefinition>"
    '<bpmn:condition xsi:type="bpmn:tFormalExpression">=ready</bpmn:condition></bpmn:conditionalEventDefinition>',
    "error": '<bpmn:errorEventDefinition errorRef="r_{name}"/>',
    "escalation": '<bpmn:escalationEventDefinition escalationRef="l_{name}"/>',
    "link": '<bpmn:linkEventDefinition name="{name}"/>',
    "terminate": "<bpmn:terminateEventDefinition/>",
}
_ROOTS = {
    "message": '<bpmn:message id="m_{name}" name="{name}"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=matter_no"/></bpmn:extensionElements></bpmn:message>',
    "signal": '<bpmn:signal id="g_{name}" name="{name}"/>',
    "error": '<bpmn:error id="r_{name}" errorCode="{name}"/>',
    "escalation": '<bpmn:escalation id="l_{name}" escalationCode="{name}"/>',
}
_EXTENSIONS = {
    "t": '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="clerk"/>'
    '<zeebe:formDefinition formId="any"/>',
    "v": '<zeebe:taskDefinition type="work"/>',
    "k": '<zeebe:calledElement processId="{name}"/>',
}
_THROWN_MESSAGE = (
    '<zeebe:taskDefinition type="publish-message"/><zeebe:taskHeaders>'
    '<zeebe:header key="correlationKey" value="nobody"/></zeebe:taskHeaders>'
)


@dataclass
class _Element:
    id: str
    letter: str
    kind: str = ""
    name: str = "any"
    mark: str = ""
    host: str = ""
    interrupting: bool = True
    loop: str = ""


@dataclass
class _Scope:
    nodes: dict[str, _Element] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)  # source, target, mark
    inner: dict[str, _Scope] = field(default_factory=dict)


_GIVEN = (
    '<bpmn:extensionElements><zeebe:properties><zeebe:property name="gov.inputs" value="people: list, ready"/>'
    "</zeebe:properties></bpmn:extensionElements>"
)


def bpmn(text: str, process_id: str = "p", condition: str = "=true") -> bytes:
    """The BPMN file of a model; ``condition`` may name the flow it stands on as ``{flow}``."""
    scope = _read(iter(text.strip().splitlines()))
    roots = "".join(sorted({_root(node) for node in _all(scope)}))
    return (
        f'<bpmn:definitions {_NAMESPACES} id="d" targetNamespace="http://yishi/test">{roots}'
        f'<bpmn:process id="{process_id}" isExecutable="true">{_GIVEN}{_content(scope, condition)}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def model(text: str, process_id: str = "p") -> ProcessModel:
    """The model as the engine reads it."""
    found = parse(bpmn(text, process_id), "model.bpmn", Expressions(feel.FunctionRegistry()))
    return found[0]


# -- reading -------------------------------------------------------------------------------------------


def _read(lines: Iterator[str]) -> _Scope:
    scope = _Scope()
    for raw in lines:
        line = raw.split("//")[0].strip()
        if line == "}":
            return scope
        if line.endswith("{"):
            node = _node(scope, line[:-1].strip())
            scope.inner[node.id] = _read(lines)
        elif line:
            _chain(scope, line)
    return scope


def _chain(scope: _Scope, line: str) -> None:
    first, *rest = _ARROW.split(line)
    before = _node(scope, first)
    for mark, text in zip(rest[::2], rest[1::2], strict=True):
        node = _node(scope, text)
        scope.flows.append((before.id, node.id, mark))
        before = node


def _node(scope: _Scope, text: str) -> _Element:
    found = _NODE.fullmatch(text)
    assert found is not None, f"not a node: {text}"
    node = scope.nodes.setdefault(found["id"], _Element(found["id"], found["letter"]))
    node.kind = found["kind"] or node.kind
    node.name = found["name"] or node.name
    node.loop = found["loop"] or node.loop
    node.interrupting = node.interrupting and "~" not in (found["mark"], found["attach"])
    node.host = found["host"] or node.host
    return node


def _all(scope: _Scope) -> list[_Element]:
    return [*scope.nodes.values(), *(node for inner in scope.inner.values() for node in _all(inner))]


# -- writing -------------------------------------------------------------------------------------------


def _root(node: _Element) -> str:
    kind = "message" if node.letter == "r" else node.kind
    return _ROOTS.get(kind, "").format(name=node.name)


def _content(scope: _Scope, condition: str) -> str:
    flows = _flows(scope)
    defaults = {source: identity for identity, source, _, mark in flows if mark == "!"}
    nodes = [_xml(node, scope, defaults.get(node.id), condition) for node in scope.nodes.values()]
    return "".join(nodes) + "".join(_flow(*flow, condition) for flow in flows)


def _flows(scope: _Scope) -> list[tuple[str, str, str, str]]:
    """Identity, source, target and mark; deciding gateways get conditions and a default of their own."""
    found = []
    for number, (source, target, mark) in enumerate(scope.flows):
        identity = f"f{number}_{source}_{target}"
        ways = [i for i, (other, _, marked) in enumerate(scope.flows) if other == source and not marked]
        decides = source[0] in "xo" and len(ways) > 1 and not mark
        is_last = decides and number == ways[-1]
        if decides and (source[0] == "o" or not is_last):
            found.append((identity, source, target, "?"))
        else:
            found.append((identity, source, target, "!" if is_last else mark))
        if is_last and source[0] == "o":
            found.append((f"{identity}_else", source, target, "!"))
    return found


def _flow(identity: str, source: str, target: str, mark: str, condition: str) -> str:
    test = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition.format(flow=identity)}'
        "</bpmn:conditionExpression>"
    )
    return (
        f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">'
        f"{test if mark == '?' else ''}</bpmn:sequenceFlow>"
    )


def _xml(node: _Element, scope: _Scope, default: str | None, condition: str) -> str:
    tag = LETTERS[node.letter]
    attributes = f' id="{node.id}" name="{node.id}"'
    if default is not None:
        attributes += f' default="{default}"'
    if node.letter == "w":
        attributes += ' triggeredByEvent="true"'
    if node.letter == "r":
        attributes += f' messageRef="m_{node.name}"'
    if node.host:
        attributes += f' attachedToRef="{node.host}" cancelActivity="{str(node.interrupting).lower()}"'
    elif node.letter == "s" and node.kind:
        attributes += f' isInterrupting="{str(node.interrupting).lower()}"'
    extensions = _EXTENSIONS.get(node.letter, "").format(name=node.name)
    if node.kind == "message" and node.letter in "he":
        extensions = _THROWN_MESSAGE
    inner = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""
    inner += _DEFINITIONS.get(node.kind if node.letter != "k" else "", "").format(name=node.name)
    inner += _loop(node.loop)
    if node.id in scope.inner:
        inner += _content(scope.inner[node.id], condition)
    return f"<bpmn:{tag}{attributes}>{inner}</bpmn:{tag}>"


def _loop(mark: str) -> str:
    if not mark:
        return ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(mark == "#").lower()}"><bpmn:extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
