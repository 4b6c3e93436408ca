"""What stands in bpmn/, read once for the tests of the models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from engine.expressions import Expressions
from engine.feel import FunctionRegistry
from engine.interpreter import parser
from engine.interpreter.model import NodeType, ProcessModel
from engine.registry import Registry
from web.wiring import teach
from workflows.calendar.model import Calendar

MODELS = Path(__file__).parents[2] / "bpmn"
BPMN_FILES = sorted(MODELS.rglob("*.bpmn"))
DMN_FILES = sorted(MODELS.rglob("*.dmn"))
FORM_FILES = sorted(MODELS.rglob("*.form"))

NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
}

FLOW_NODES = frozenset(f"{{{NAMESPACES['bpmn']}}}{node_type.value}" for node_type in NodeType)


@cache
def registry() -> Registry:
    """What the product teaches the engine, on a calendar of plain weeks."""
    registry = Registry()
    teach(registry, Calendar)
    return registry


@cache
def functions() -> FunctionRegistry:
    """The FEEL functions of the product."""
    return registry().functions()


@cache
def process(path: Path) -> ProcessModel:
    """The one process of a file, as the engine reads it (schema-valid, every expression compiled)."""
    (model,) = parser.parse(path.read_bytes(), path.name, Expressions(functions()))
    return model


@cache
def tree(path: Path) -> Any:
    """The XML of a model."""
    return etree.parse(
        path, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    ).getroot()


@cache
def form(form_id: str) -> dict[str, Any]:
    """A form by its id, ``<process>.<form>``."""
    directory, name = form_id.split(".")
    schema: dict[str, Any] = json.loads((MODELS / directory / f"{name}.form").read_text(encoding="utf-8"))
    return schema


def components(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every component of a form, rows included."""
    for component in schema["components"]:
        yield component
        if "components" in component:
            yield from components(component)


def find(element: Any, path: str) -> list[Any]:
    """XPath with the namespaces of the models."""
    found: list[Any] = element.xpath(path, namespaces=NAMESPACES)
    return found
