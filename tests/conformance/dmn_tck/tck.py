"""Running the DMN Technology Compatibility Kit, which stands beside the checkout in ``../shared/dmn-tck``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine import feel
from engine.decisions import DecisionError, DecisionModel, parse
from engine.decisions.xml import Element, attribute, child, children, read, tag
from engine.feel import temporal_text
from engine.feel.numbers import as_decimal, is_number
from engine.feel.temporal import DateTime, Time

TCK = Path(__file__).resolve().parents[4] / "shared" / "dmn-tck"

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TOLERANCE = Decimal("1E-8")

_READERS: Mapping[str, Any] = {
    "string": lambda text: text,
    "boolean": lambda text: text in ("true", "1"),
    "decimal": Decimal,
    "double": Decimal,
    "integer": Decimal,
    "date": temporal_text.read_date,
    "time": temporal_text.read_time,
    "dateTime": temporal_text.read_date_time,
    "duration": temporal_text.read_duration,
}


@dataclass(frozen=True)
class Case:
    """One expected result of one test case."""

    level: int
    model: Path
    test: str
    kind: str
    invocable: str
    inputs: Mapping[str, Any]
    node: str
    expected: Any

    @property
    def id(self) -> str:
        """A name for reports: the model, the case and the node asked for."""
        return f"{self.model.stem}/{self.test}/{self.node}"

    @property
    def needs_java(self) -> bool:
        """Whether the case calls a Java method, which this engine never will."""
        return "external-java" in self.model.stem


@dataclass(frozen=True)
class Outcome:
    """What the engine answered."""

    case: Case
    got: Any
    passed: bool
    notes: str


def cases() -> Iterator[Case]:
    """All results the kit expects."""
    for level in (2, 3):
        for path in sorted((TCK / f"compliance-level-{level}").glob("*/*.xml")):
            yield from _cases_of(path, level)


def _cases_of(path: Path, level: int) -> Iterator[Case]:
    root = read(path.read_bytes())
    if tag(root) != "testCases":
        return
    named = child(root, "modelName")
    model = path.with_name((named.text or "").strip() if named is not None else "")
    for test in children(root, "testCase"):
        inputs = {attribute(node, "name"): _value(node) for node in children(test, "inputNode")}
        for node in children(test, "resultNode"):
            yield Case(
                level,
                model,
                attribute(test, "id"),
                attribute(test, "type") or "decision",
                attribute(test, "invocableName"),
                inputs,
                attribute(node, "name"),
                _value(child(node, "expected")),
            )


def _value(element: Element | None) -> Any:
    """The FEEL value an element of the kit spells."""
    if element is None or element.get(_NIL) == "true":
        return None
    listed = child(element, "list")
    if listed is not None:
        return [_value(item) for item in children(listed, "item")]
    components = list(children(element, "component"))
    if components:
        return {attribute(item, "name"): _value(item) for item in components}
    found = child(element, "value")
    if found is None or found.get(_NIL) == "true":
        return None
    kind = (found.get(_TYPE) or "xsd:string").rpartition(":")[2]
    return _READERS[kind](found.text or "")


@cache
def _models_in(folder: Path) -> Mapping[str, bytes]:
    """The models of a folder by file name and by namespace: imports of the kit give either."""
    found = {}
    for path in folder.glob("*.dmn"):
        content = path.read_bytes()
        found[path.name] = content
        found[attribute(read(content), "namespace")] = content
    return found


@cache
def model(path: Path) -> DecisionModel:
    """The parsed model of a file."""

    def resolve(location: str) -> bytes:
        return _models_in(path.parent)[location]

    return parse(path.read_bytes(), resolve=resolve)


def run(case: Case) -> Outcome:
    """Let the engine answer a case."""
    try:
        result = _answer(case)
    except (DecisionError, feel.FeelError) as error:
        return Outcome(case, None, case.expected is None, f"{type(error).__name__}: {error}")
    value = result.value
    if case.invocable and isinstance(value, dict) and case.kind == "decisionService" and case.node in value:
        value = value[case.node]
    notes = "; ".join(f"{w} ({w.message_en})" for w in result.warnings[:3])
    return Outcome(case, value, same(case.expected, value), notes)


def _answer(case: Case) -> Any:
    loaded = model(case.model)
    if case.invocable and case.kind in ("bkm", "decisionService"):
        return loaded.invoke(case.invocable, case.inputs)
    return loaded.evaluate(case.node, case.inputs)


def same(expected: Any, got: Any) -> bool:
    """Equality as the kit's runners have it: numbers to eight places, instants by their text or moment."""
    if is_number(expected) and is_number(got):
        return abs(as_decimal(expected) - as_decimal(got)) <= _TOLERANCE * max(1, abs(as_decimal(expected)))
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(same, expected, got))
    if isinstance(expected, dict) and isinstance(got, dict):
        return expected.keys() == got.keys() and all(same(expected[k], got[k]) for k in expected)
    if isinstance(expected, (Time, DateTime)) and type(expected) is type(got):
        return expected == got or (expected.is_local == got.is_local and _moment(expected) == _moment(got))
    return type(expected) is type(got) and bool(expected == got)


def _moment(value: Time | DateTime) -> Decimal:
    return value.instant if isinstance(value, DateTime) else value.utc_seconds
