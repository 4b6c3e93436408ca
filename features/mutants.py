"""Small changes to the rules of the models, each of which some scenario has to notice.

Every line of a diagram can be walked and still nobody may know whether 三分之二 means “at least” or “more than”.
So each border, number, base, duration, kind of day and role in a model is changed, one at a time; a change that no
scenario notices is a question to the community.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from engine.feel import tokens
from engine.xml import read_xml

NAMESPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "dmn": "https://www.omg.org/spec/DMN/20191111/MODEL/",
}

BORDERS = {">=": (">", -1), ">": (">=", 1), "<": ("<=", -1), "<=": ("<", 1)}
"""Comparison → the one that differs at the border itself, and the way to the nearest border that judges otherwise."""
DAYS = {"工作日后": "自然日后", "自然日后": "工作日后", "工作日前": "自然日后"}
JOINED = {"and": "or", "or": "and"}
_INTERVAL = re.compile(r"([\[(])(.+)\.\.(.+)([\])])")
_DURATION = re.compile(r"(?<=[PTDHM])(\d+)(?=[DHMS])|(?<=P)(\d+)(?=[DYM])")

NO_DIFFERENCE: Mapping[tuple[str, str], str] = {
    ("gw_outcome_to_second_tie", '=outcome = "tie" and tie_times >= 0'): "第一次平票由前面的线接走",
    (
        "gw_returned_to_to_joint_meeting",
        "=count(returned) >= 0 and return_count >= 2",
    ): "退单满两次时手里必有退单",
    (
        "gw_returned_to_to_joint_meeting",
        "=count(returned) > 0 or return_count >= 2",
    ): "不满两次的退单由前面的线接走",
    (
        "gw_returned_to_to_joint_meeting",
        "=count(returned) > 0 and return_count >= 1",
    ): "不满两次的退单由前面的线接走",
    ("tie_counted", "=tie_times + 2"): "只分有没有平过票，不问几次",
    ("grid_size_check_rule_3_when_1", ">= 500"): "500 户已由第一条规则判定",
    ("hazard_grade_rule_1_when_2", ">= 11"): "1 至 5 的两个评分相乘得不出 11",
    ("hazard_grade_rule_2_when_2", ">= 14"): "1 至 5 的两个评分相乘得不出 14",
    ("hazard_grade_rule_3_when_2", ">= 7"): "1 至 5 的两个评分相乘得不出 7",
}
"""Place and changed text that mean the same as before for everything that can happen, and why."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``model`` is the process or decision, ``seen_at`` the elements a scenario must go through to see it."""

    path: Path
    model: str
    seen_at: frozenset[str]
    place: str
    name: str
    original: str
    changed: str
    content: bytes

    @property
    def question(self) -> str:
        """What the community has to ask itself when nobody notices."""
        return f"“{self.name}”：若把『{self.original}』改成『{self.changed}』，没有场景会发现。要补一个吗？"


def of_model(path: Path) -> Iterator[Mutant]:
    """Every mutant of a process or a decision table."""
    root = read_xml(path.read_bytes())
    places = _process_places(root) if path.suffix == ".bpmn" else _table_places(root)
    for place in places:
        original = place.read()
        for changed in place.changes(original):
            place.write(changed)
            content = etree.tostring(root)
            place.write(original)
            if (place.id, changed) not in NO_DIFFERENCE:
                yield Mutant(
                    path, place.model, place.seen_at, place.id, place.name, original, changed, content
                )


@dataclass(frozen=True, slots=True)
class _Place:
    """A text in a model, as an attribute or as the content of ``element``."""

    model: str
    id: str
    name: str
    seen_at: frozenset[str]
    element: Any
    attribute: str | None
    changes: Callable[[str], Iterator[str]]

    def read(self) -> str:
        return (self.element.text if self.attribute is None else self.element.get(self.attribute)) or ""

    def write(self, text: str) -> None:
        if self.attribute is None:
            self.element.text = text
        else:
            self.element.set(self.attribute, text)


# -- processes ---------------------------------------------------------------------------------------

_TEXTS = {
    "bpmn:conditionExpression": None,
    "bpmn:condition": None,
    "bpmn:completionCondition": None,
    "bpmn:timeDate": None,
    "bpmn:timeDuration": None,
    "bpmn:timeCycle": None,
    "zeebe:taskSchedule": "dueDate",
    "zeebe:script": "expression",
    "zeebe:input": "source",
    "zeebe:output": "source",
    "zeebe:loopCharacteristics": "inputCollection",
}
"""Where a process holds expressions or durations: the element, and its attribute where it is not the content."""


def _process_places(root: Any) -> Iterator[_Place]:
    for process in _find(root, "//bpmn:process"):
        roles = _roles(process)
        for tag, attribute in _TEXTS.items():
            for element in _find(process, f".//{tag}"):
                yield _place(process, element, attribute, expressions)
        for element in _find(process, ".//zeebe:assignmentDefinition[@candidateGroups]"):
            yield _place(process, element, "candidateGroups", _other_role(roles))
        for element in _find(process, ".//zeebe:header[@key='gov.notBy']"):
            yield _place(process, element, "value", _nobody_excluded)


def _roles(process: Any) -> list[str]:
    written = [text for text in _find(process, ".//@candidateGroups") if not text.startswith("=")]
    return sorted({role.strip() for text in written for role in text.split(",")})


def _place(
    process: Any, element: Any, attribute: str | None, changes: Callable[[str], Iterator[str]]
) -> _Place:
    owner = next(one for one in element.iterancestors() if one.get("id") and _is_drawn(one))
    name = owner.get("name") or owner.get("id")
    return _Place(process.get("id"), owner.get("id"), name, _seen_at(owner), element, attribute, changes)


def _is_drawn(element: Any) -> bool:
    return not etree.QName(element).localname.endswith(("EventDefinition", "Characteristics"))


def _seen_at(owner: Any) -> frozenset[str]:
    """A flow's condition is looked at where the flow leaves, a boundary event while its activity is open."""
    return frozenset({owner.get("sourceRef") or owner.get("attachedToRef") or owner.get("id")})


def _other_role(roles: list[str]) -> Callable[[str], Iterator[str]]:
    def change(text: str) -> Iterator[str]:
        if text.startswith("="):
            for literal in re.findall(r'"(\w+)"', text):
                if literal in roles:
                    yield text.replace(f'"{literal}"', f'"{_next(roles, literal)}"')
        else:
            yield _next(roles, text)

    return change


def _next(roles: list[str], given: str) -> str:
    """A role that is none of those given; nobody's where the process knows no other."""
    others = [role for role in roles if role not in given.split(",")]
    return others[0] if others else "nobody"


def _nobody_excluded(text: str) -> Iterator[str]:
    yield ""


# -- tables ------------------------------------------------------------------------------------------


def _table_places(root: Any) -> Iterator[_Place]:
    for decision in _find(root, "//dmn:decision[dmn:decisionTable]"):
        rules = [rule.get("id") for rule in _find(decision, ".//dmn:rule")]
        asked = frozenset({decision.get("id"), *rules})
        for text in _find(decision, ".//dmn:inputExpression/dmn:text"):
            changes = _other_base(_numbers_asked(root, decision))
            yield _cell(decision, text, asked, changes)
        for text in _find(decision, ".//dmn:inputEntry/dmn:text[text()]"):
            yield _cell(decision, text, asked, conditions)
        for text in _find(decision, ".//dmn:outputEntry/dmn:text"):
            yield _cell(decision, text, asked, expressions)


def _cell(decision: Any, text: Any, asked: frozenset[str], changes: Callable[[str], Iterator[str]]) -> _Place:
    reason = _find(text, "ancestor::dmn:rule/dmn:description/text()")
    label = _find(text, "ancestor::dmn:input/@label")
    name = "，".join([decision.get("name"), *reason, *label])
    return _Place(decision.get("id"), text.getparent().get("id"), name, asked, text, None, changes)


def _numbers_asked(root: Any, decision: Any) -> list[str]:
    """The inputs of a table that are numbers: what may be taken for one another as a base."""
    needed = {href.removeprefix("#") for href in _find(decision, ".//dmn:requiredInput/@href")}
    numbers = _find(root, "//dmn:inputData[dmn:variable/@typeRef='number']")
    return [one.find("dmn:variable", NAMESPACES).get("name") for one in numbers if one.get("id") in needed]


def _other_base(names: list[str]) -> Callable[[str], Iterator[str]]:
    def change(text: str) -> Iterator[str]:
        yield from expressions(text)
        found = [token for token in tokens.tokenize(text) if token.text in names]
        for token in found:
            others = [name for name in names if name not in {one.text for one in found}]
            for other in others[:1]:
                yield text[: token.at] + other + text[token.end :]

    return change


# -- expressions -------------------------------------------------------------------------------------


def conditions(text: str) -> Iterator[str]:
    """A cell that asks: not asked at all, with another border, or with one of several values left out."""
    yield "-"
    yield from expressions(text)
    if interval := _INTERVAL.fullmatch(text):
        opened, low, high, closed = interval.groups()
        other = {"[": "(", "(": "[", "]": ")", ")": "]"}
        yield f"{other[opened]}{low}..{high}{closed}"
        yield f"{opened}{low}..{high}{other[closed]}"
    values = text.split(",")
    if len(values) > 1:
        yield from (",".join(values[:left] + values[left + 1 :]) for left in range(len(values)))


def expressions(text: str) -> Iterator[str]:
    """A FEEL text, or a literal duration, with one border, number, duration or kind of day changed."""
    start = text.startswith("=")
    if not start and _DURATION.search(text) and text[:1] in "PR":
        yield from _durations(text, 0, len(text))
        return
    found = tokens.tokenize(text[start:])
    if start and len(found) <= 2:  # a name, or the value something starts with
        return
    for before, token in pairwise([None, *found]):
        at, end = token.at + start, token.end + start
        for other in _others(token, before.text if before else ""):
            yield text[:at] + other + text[end:]
        if token.kind == tokens.STRING and token.text.startswith(('"P', '"R')):
            yield from _durations(text, at, end)


def _others(token: tokens.Token, before: str) -> Iterator[str]:
    if token.text in BORDERS:
        yield BORDERS[token.text][0]
    if token.text in DAYS:
        yield DAYS[token.text]
    if token.text in JOINED and before != "date":  # “date and time” is one word
        yield JOINED[token.text]
    if token.kind == tokens.NUMBER and token.text.isdigit():
        number = int(token.text)
        steps = [BORDERS[before][1]] if before in BORDERS else [1, -1] if number else [1]
        yield from (str(number + step) for step in steps)


def _durations(text: str, start: int, end: int) -> Iterator[str]:
    for found in _DURATION.finditer(text, start, end):
        for step in (1, -1):
            yield text[: found.start()] + str(int(found[0]) + step) + text[found.end() :]


def _find(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.xpath(path, namespaces=NAMESPACES)
    return found


def everything(paths: list[Path]) -> list[Mutant]:
    """The mutants of all models."""
    return list(chain.from_iterable(of_model(path) for path in paths if path.suffix in (".bpmn", ".dmn")))
