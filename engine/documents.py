"""What a model file says about itself, read without deploying it, and the few changes made to it without an editor."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from engine.interpreter.reader import BPMN, ZEEBE
from engine.schemas import SchemaUnreadable, read_schema
from engine.xml import XmlRefused, read_xml

DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file defines: a ``process``, ``decision`` or ``form`` by its id, with the name people know it by."""

    kind: str
    id: str
    name: str


def identities(file_name: str, content: bytes) -> list[Identity]:
    """What a file defines; nothing when it cannot be read, which the inspection complains of."""
    if file_name.endswith(".form"):
        return _form(content)
    root = _root(content)
    if root is None:
        return []
    kind = "process" if file_name.endswith(".bpmn") else "decision"
    found = [(element.get("id", ""), element.get("name", "")) for element in root.iterchildren("{*}" + kind)]
    return [Identity(kind, id_, name or id_) for id_, name in found if id_]


def references(content: bytes) -> frozenset[tuple[str, str]]:
    """The forms and decisions a BPMN file names, as (``form`` or ``decision``, id); nothing when it cannot be read."""
    root = _root(content)
    if root is None:
        return frozenset()
    forms = {("form", e.get("formId", "")) for e in root.iter(f"{ZEEBE}formDefinition")}
    return frozenset(
        forms | {("decision", e.get("decisionId", "")) for e in root.iter(f"{ZEEBE}calledDecision")}
    )


def outputs(content: bytes) -> list[Identity]:
    """The output columns of the decision tables in a DMN file: name written, label, and FEEL type as the kind."""
    root = _root(content)
    found = [] if root is None else list(root.iter("{*}output"))
    return [
        Identity(column.get("typeRef", "string"), name, column.get("label") or name)
        for column in found
        if (name := column.get("name", ""))
    ]


def renamed(content: bytes, process_id: str, name: str) -> bytes:
    """The same BPMN file with another name for one of its processes."""
    root = read_xml(content)
    for process in _processes(root, process_id):
        process.set("name", name)
    return _written(root)


def renumbered(content: bytes, process_id: str, new_id: str) -> bytes:
    """The same BPMN file with another id for one of its processes, in the drawing as well."""
    root = read_xml(content)
    for process in _processes(root, process_id):
        process.set("id", new_id)
    places = [(f"{BPMN}participant", "processRef"), (f"{DIAGRAM}BPMNPlane", "bpmnElement")]
    for tag, attribute in places:
        for element in root.iter(tag):
            if element.get(attribute) == process_id:
                element.set(attribute, new_id)
    return _written(root)


def _processes(root: etree._Element, process_id: str) -> list[etree._Element]:
    return [process for process in root.iterchildren(f"{BPMN}process") if process.get("id") == process_id]


def _form(content: bytes) -> list[Identity]:
    try:
        schema = read_schema(content)
    except SchemaUnreadable:
        return []
    if not isinstance(schema.get("id"), str):
        return []
    return [Identity("form", schema["id"], str(schema.get("title") or schema["id"]))]


def _root(content: bytes) -> etree._Element | None:
    try:
        return read_xml(content)
    except XmlRefused:
        return None


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
