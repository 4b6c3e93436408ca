"""Small BPMN models written as text, and people to run them."""

from __future__ import annotations

from collections.abc import Iterable

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


def process(body: str, *, process_id: str = "p", extra: str = "", inputs: Iterable[str] = ()) -> bytes:
    """A BPMN file with one process around ``body``; ``extra`` stands beside the process (messages …).

    ``inputs`` are the variables a matter may be given.
    """
    declared = f"<bpmn:extensionElements>{declare('gov.inputs', inputs)}</bpmn:extensionElements>"
    return (
        f'<bpmn:definitions {NAMESPACES} id="d_{process_id}" targetNamespace="http://yishi/test">{extra}'
        f'<bpmn:process id="{process_id}" isExecutable="true">{declared if inputs else ""}{body}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def declare(what: str, names: Iterable[str]) -> str:
    """The extension that declares variables: ``gov.inputs``, ``gov.outputs``, ``gov.payload``."""
    value = ", ".join(names)
    return f'<zeebe:properties><zeebe:property name="{what}" value="{value}"/></zeebe:properties>'


def flow(source: str, target: str, condition: str = "", name: str = "") -> str:
    """A sequence flow named ``source_target``."""
    test = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    )
    inner = test if condition else ""
    identity = name or f"{source}_{target}"
    return f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def user_task(node: str, extensions: str = "", *, inner: str = "", writes: Iterable[str] = ()) -> str:
    """A task with the form ``any``, which declares no field: what is read of its answers is in ``writes``."""
    assigned = extensions or '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
    return (
        f'<bpmn:userTask id="{node}" name="{node}"><bpmn:extensionElements><zeebe:userTask/>{assigned}'
        f'<zeebe:formDefinition formId="any"/>{declare("gov.outputs", writes) if writes else ""}'
        f"</bpmn:extensionElements>{inner}</bpmn:userTask>"
    )


ANY_FORM = b'{"id": "any", "title": "any", "components": []}'
"""A form that takes whatever is submitted."""
