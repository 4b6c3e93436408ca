"""Two decision tables set against each other, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.comparison.model import Change, How
from engine.comparison.values import differences
from engine.xml import XmlRefused, read_xml

Cells = dict[str, str]
_Titling = Callable[[Cells, int], str]


@dataclass(frozen=True, slots=True)
class _Decision:
    """A decision: its own properties, its columns by id, its rules by id and in order."""

    name: str
    facts: Cells
    columns: dict[str, Cells]
    rules: dict[str, Cells]


def compare(old: bytes, new: bytes) -> Iterator[Change]:
    """Decisions added, removed and changed; of changed ones the columns and rules."""
    try:
        before, after = _decisions(read_xml(old)), _decisions(read_xml(new))
    except XmlRefused:
        return
    yield from (Change(How.ADDED, id_, _title(after[id_])) for id_ in after if id_ not in before)
    yield from (Change(How.REMOVED, id_, _title(before[id_])) for id_ in before if id_ not in after)
    for id_, found in after.items():
        if id_ in before:
            yield from _changes(id_, before[id_], found)


def _title(decision: _Decision) -> str:
    return f"决策“{decision.name}”"


def _changes(id_: str, old: _Decision, new: _Decision) -> Iterator[Change]:
    facts = tuple(differences(old.facts, new.facts))
    if facts:
        yield Change(How.CHANGED, id_, _title(new), facts)
    yield from _parts(old.columns, new.columns, lambda column, _: f"列“{column['名称']}”")
    titles = {id_: f"“{column['名称']}”" for id_, column in (old.columns | new.columns).items()}
    before, after = (_titled(decision.rules, titles) for decision in (old, new))
    yield from _parts(before, after, lambda rule, number: f"第 {number} 条规则“{_summary(rule)}”")
    if [rule for rule in old.rules if rule in new.rules] != [rule for rule in new.rules if rule in old.rules]:
        yield Change(How.CHANGED, id_, _title(new), ("规则的先后次序有调整",))


def _titled(rules: dict[str, Cells], titles: Mapping[str, str]) -> dict[str, Cells]:
    """The rules with their cells under the titles of their columns."""
    return {
        id_: {titles.get(column, column): cell for column, cell in rule.items()}
        for id_, rule in rules.items()
    }


def _parts(old: dict[str, Cells], new: dict[str, Cells], title: _Titling) -> Iterator[Change]:
    numbers = {id_: number for number, id_ in enumerate(new, 1)}
    old_numbers = {id_: number for number, id_ in enumerate(old, 1)}
    yield from (Change(How.ADDED, i, title(new[i], numbers[i])) for i in new if i not in old)
    yield from (Change(How.REMOVED, i, title(old[i], old_numbers[i])) for i in old if i not in new)
    for id_, part in new.items():
        details = tuple(differences(old[id_], part)) if id_ in old else ()
        if details:
            yield Change(How.CHANGED, id_, title(part, numbers[id_]), details)


def _summary(rule: Cells) -> str:
    return rule.get("备注") or " · ".join(cell for cell in rule.values() if cell not in ("", "-"))


def _decisions(root: etree._Element) -> dict[str, _Decision]:
    return {element.get("id", ""): _decision(element) for element in root.iterchildren("{*}decision")}


def _decision(element: etree._Element) -> _Decision:
    table = element.find("{*}decisionTable")
    facts = {"名称": element.get("name", "")}
    for tag, label in (("description", "说明"), ("literalExpression", "表达式")):
        text = _text(element.find("{*}" + tag))
        if text:
            facts[label] = text
    if table is None:
        return _Decision(facts["名称"], facts, {}, {})
    facts["命中规则"] = " ".join(filter(None, (table.get("hitPolicy", "UNIQUE"), table.get("aggregation"))))
    columns = {c.get("id", ""): _column(c) for c in table.iterchildren("{*}input", "{*}output")}
    rules = {rule.get("id", ""): _rule(rule, columns) for rule in table.iterchildren("{*}rule")}
    return _Decision(facts["名称"], facts, columns, rules)


def _column(column: etree._Element) -> Cells:
    expression = column.find("{*}inputExpression")
    read = _text(expression) if expression is not None else column.get("name", "")
    typed = column if expression is None else expression
    read_as = "变量名" if expression is None else "表达式"
    found = {"名称": column.get("label") or read, read_as: read, "类型": typed.get("typeRef", "")}
    allowed = _text(column.find("{*}inputValues")) or _text(column.find("{*}outputValues"))
    return {**found, "可选值": allowed} if allowed else found


def _rule(rule: etree._Element, columns: Iterable[str]) -> Cells:
    """The cells of a rule by the ids of their columns."""
    cells = [_text(cell) for cell in rule.iterchildren("{*}inputEntry", "{*}outputEntry")]
    found = dict(zip(columns, cells, strict=False))
    remark = _text(rule.find("{*}description"))
    return {**found, "备注": remark} if remark else found


def _text(element: etree._Element | None) -> str:
    """The words inside an element."""
    return "" if element is None else "".join(str(piece) for piece in element.itertext()).strip()
