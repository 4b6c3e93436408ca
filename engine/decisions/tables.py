"""Decision tables: conditions, hit policies and aggregations (DMN 1.5, chapter 8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.decisions.compiler import Compiler
from engine.decisions.definitions import DecisionTable, OutputClause
from engine.decisions.results import CellTrace, RuleTrace, TableTrace
from engine.decisions.scope import Evaluator, Scope
from engine.feel.builtins import BUILTINS
from engine.feel.operators import equal
from engine.feel.values import Value

_Tests = Callable[[Scope, Value], bool]
_Row = list[Value]
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class _Column:
    label: str
    value: Evaluator
    allowed: _Tests
    allowed_text: str


@dataclass(frozen=True, slots=True)
class _CompiledRule:
    id: str
    tests: tuple[_Tests, ...]
    outputs: tuple[Evaluator, ...]


@dataclass(frozen=True, slots=True)
class _Hits:
    """What a hit policy decides on: the rows of the rules that matched, in the order of the table."""

    table: _Table
    scope: Scope
    rows: list[_Row]
    numbers: tuple[int, ...]

    def warn(self, chinese: str, english: str) -> None:
        rules = "、".join(map(str, self.numbers))
        self.scope.run.warn(
            f"决策表“{self.table.source.name}”的规则 {rules} {chinese}",
            f"table {self.table.source.name!r}, rules {list(self.numbers)}: {english}",
        )


def compile_table(source: DecisionTable, build: Compiler) -> Evaluator:
    """The evaluator of a decision table."""
    return _Table(source, build).evaluate


class _Table:
    def __init__(self, source: DecisionTable, build: Compiler) -> None:
        self.source = source
        self.owner = build.owner or source.name
        self.columns = [
            _Column(
                clause.label,
                build.typed(build.text(clause.expression), clause.type_ref, clause.label),
                build.tests(clause.allowed),
                clause.allowed,
            )
            for clause in source.inputs
        ]
        self.rules = [
            _CompiledRule(
                rule.id,
                tuple(
                    build.tests(text, build.type(clause.type_ref))
                    for text, clause in zip(rule.tests, source.inputs, strict=False)
                ),
                tuple(
                    build.typed(build.text(text), clause.type_ref, clause.name or self.owner)
                    for text, clause in zip(rule.outputs, source.outputs, strict=False)
                ),
            )
            for rule in source.rules
        ]
        self.defaults = [build.text(clause.default) for clause in source.outputs]
        self.has_default = any(clause.default for clause in source.outputs)
        self.priorities = [self._priority(clause, build) for clause in source.outputs]

    @staticmethod
    def _priority(clause: OutputClause, build: Compiler) -> Evaluator:
        return build.text(f"[{clause.allowed}]" if clause.allowed else "")

    def evaluate(self, scope: Scope) -> Value:
        """The value of the table; how it came about is noted in the session."""
        values = [column.value(scope) for column in self.columns]
        if not self._inputs_allowed(scope, values):
            return None
        traces = self._match(scope, values)
        trace = TableTrace(self.owner, self.source.hit_policy, tuple(traces))
        scope.session.tables[self.owner] = trace
        rows = [[output(scope) for output in self.rules[n - 1].outputs] for n in trace.matched]
        if not rows:
            return self._no_match(scope)
        return _POLICIES[self.source.hit_policy](_Hits(self, scope, rows, trace.matched))

    def _inputs_allowed(self, scope: Scope, values: Sequence[Value]) -> bool:
        for column, value in zip(self.columns, values, strict=True):
            if not column.allowed(scope, value):
                scope.run.warn(
                    f"决策表“{self.source.name}”的输入“{column.label}”不在允许的值之内：{column.allowed_text}",
                    f"input {column.label!r} is not among the allowed values",
                )
                return False
        return True

    def _match(self, scope: Scope, values: Sequence[Value]) -> list[RuleTrace]:
        traces: list[RuleTrace] = []
        found = False
        for number, rule in enumerate(self.rules, 1):
            if found and self.source.hit_policy == "FIRST":
                traces.append(RuleTrace(number, rule.id, None))
                continue
            scope.run.spend()
            cells = self._cells(scope, number - 1, values)
            matched = all(cell.matched for cell in cells)
            found = found or matched
            traces.append(RuleTrace(number, rule.id, matched, tuple(cells)))
        return traces

    def _cells(self, scope: Scope, index: int, values: Sequence[Value]) -> list[CellTrace]:
        cells = []
        texts = self.source.rules[index].tests
        for column, value, test, text in zip(
            self.columns, values, self.rules[index].tests, texts, strict=False
        ):
            matched = test(scope, value)
            cells.append(CellTrace(column.label, value, text, matched))
            if not matched:
                break
        return cells

    def _no_match(self, scope: Scope) -> Value:
        if self.has_default:
            return self.pack([default(scope) for default in self.defaults])
        if self.source.hit_policy in _LIST_POLICIES:
            return _EMPTY.get(self.source.aggregation, list)()
        scope.run.warn(
            f"决策表“{self.source.name}”没有一条规则成立，也没有默认输出",
            f"no rule of table {self.source.name!r} matches",
        )
        return None

    def pack(self, row: _Row) -> Value:
        """The outputs of a row: the value itself if there is one column, else a context."""
        if len(self.source.outputs) == 1:
            return row[0]
        return {clause.name: value for clause, value in zip(self.source.outputs, row, strict=True)}


# --- hit policies (section 8.2.10) --------------------------------------------------------------------


def _unique(hits: _Hits) -> Value:
    if len(hits.rows) > 1:
        hits.warn("同时成立，而命中策略是“唯一”", "several rules match under UNIQUE")
        return None
    return hits.table.pack(hits.rows[0])


def _any(hits: _Hits) -> Value:
    first = hits.rows[0]
    if not all(equal(row, first, hits.scope.run) for row in hits.rows):
        hits.warn("同时成立但输出不同，而命中策略是“任一”", "the outputs differ under ANY")
        return None
    return hits.table.pack(first)


def _first(hits: _Hits) -> Value:
    return hits.table.pack(hits.rows[0])


def _priority(hits: _Hits) -> Value:
    return hits.table.pack(_by_priority(hits)[0])


def _rule_order(hits: _Hits) -> Value:
    return [hits.table.pack(row) for row in hits.rows]


def _output_order(hits: _Hits) -> Value:
    return [hits.table.pack(row) for row in _by_priority(hits)]


def _collect(hits: _Hits) -> Value:
    values = _rule_order(hits)
    aggregation = hits.table.source.aggregation
    if not aggregation:
        return values
    if aggregation == "COUNT":
        return Decimal(len(values))
    return BUILTINS[aggregation.lower()].invoke(hits.scope.run, [values])


def _by_priority(hits: _Hits) -> list[_Row]:
    """The rows, those first whose outputs stand first in the lists of output values."""
    run = hits.scope.run
    orders = [priority(hits.scope) or [] for priority in hits.table.priorities]

    def rank(row: _Row) -> list[int]:
        return [
            next((place for place, item in enumerate(order) if equal(item, value, run) is True), _LAST)
            for value, order in zip(row, orders, strict=True)
        ]

    return sorted(hits.rows, key=rank)


_POLICIES: dict[str, Callable[[_Hits], Value]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
    "COLLECT": _collect,
}
_LIST_POLICIES = frozenset({"RULE ORDER", "OUTPUT ORDER", "COLLECT"})
_EMPTY: dict[str, Callable[[], Value]] = {
    "COUNT": lambda: Decimal(0),
    "SUM": lambda: None,
    "MIN": lambda: None,
    "MAX": lambda: None,
}
