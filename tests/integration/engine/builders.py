"""Small BPMN models written as text, and people to run them."""

from __future__ import annotations

from engine.runtime import Actor

PLACE = "jsjy"

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def person(name: str, *groups: str) -> Actor:
    return Actor(name, name, frozenset({name, *(f"{group}@{PLACE}" for group in groups)}))


CLERK = person("柏明远", "clerk")


def process(body: str, *, process_id: str = "p", extra: str = "") -> bytes:
    """A BPMN file with one process around ``body``; ``extra`` stands beside the process (messages …)."""
    return (
        f'<bpmn:definitions {NAMESPACES} id="d_{process_id}" targetNamespace="http://yishi/test">{extra}'
        f'<bpmn:process id="{process_id}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    """A sequence flow named ``source_target``."""
    test = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    )
    inner = test if condition else ""
    identity = name or f"{source}_{target}"
    return f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def user_task(node: str, extensions: str = "", *, inner: str = "") -> str:
    assigned = extensions or '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
    return (
        f'<bpmn:userTask id="{node}" name="{node}"><bpmn:extensionElements><zeebe:userTask/>{assigned}'
        '<zeebe:formDefinition formId="any"/>'
        f"</bpmn:extensionElements>{inner}</bpmn:userTask>"
    )


ANY_FORM = b'{"id": "any", "title": "any", "components": []}'
"""A form that takes whatever is submitted."""
