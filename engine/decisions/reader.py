"""From XML of DMN 1.1 to 1.5 to :mod:`engine.decisions.definitions`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.decisions import definitions as d
from engine.decisions.errors import DecisionModelError
from engine.decisions.xml import (
    Element,
    attribute,
    child,
    children,
    name_of,
    read,
    tag,
    text_of,
    type_ref,
)

_FEEL_KIND = "FEEL"


def read_definitions(xml: bytes) -> d.Definitions:
    """The model the bytes hold; raises :class:`DecisionModelError`."""
    root = read(xml)
    if tag(root) != "definitions":
        raise DecisionModelError("这不是 DMN 决策模型：最外层元素应为 definitions")
    return _Reader(root).definitions()


class _Reader:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.namespace = attribute(root, "namespace")

    def definitions(self) -> d.Definitions:
        root = self.root
        return d.Definitions(
            name=name_of(root),
            namespace=self.namespace,
            imports=tuple(
                d.Import(name_of(e), attribute(e, "namespace"), attribute(e, "locationURI"))
                for e in children(root, "import")
                if _is_dmn(attribute(e, "importType"))
            ),
            inputs={i.id: i for i in map(self._input_data, children(root, "inputData"))},
            decisions={i.id: i for i in map(self._decision, children(root, "decision"))},
            knowledge={i.id: i for i in map(self._knowledge, children(root, "businessKnowledgeModel"))},
            services={i.id: i for i in map(self._service, children(root, "decisionService"))},
            types={i.name: i for i in map(_item_definition, children(root, "itemDefinition"))},
            prefixes={prefix: uri for prefix, uri in root.nsmap.items() if prefix},
        )

    # --- elements of the requirements graph -----------------------------------------------------------

    def _input_data(self, element: Element) -> d.InputData:
        variable = child(element, "variable")
        return d.InputData(_id(element), name_of(variable) or name_of(element), type_ref(variable))

    def _decision(self, element: Element) -> d.Decision:
        variable = child(element, "variable")
        name = name_of(element)
        return d.Decision(
            _id(element),
            name,
            name_of(variable) or name,
            type_ref(variable),
            _expression_in(element),
            self._requirements(element),
        )

    def _knowledge(self, element: Element) -> d.BusinessKnowledgeModel:
        variable = child(element, "variable")
        logic = child(element, "encapsulatedLogic")
        return d.BusinessKnowledgeModel(
            _id(element),
            name_of(variable) or name_of(element),
            type_ref(variable),
            None if logic is None else _function(logic),
            self._requirements(element),
        )

    def _service(self, element: Element) -> d.DecisionService:
        return d.DecisionService(
            _id(element),
            name_of(element),
            type_ref(child(element, "variable")),
            self._references(children(element, "outputDecision")),
            self._references(children(element, "encapsulatedDecision")),
            self._references(children(element, "inputDecision")),
            self._references(children(element, "inputData")),
        )

    def _requirements(self, element: Element) -> d.Requirements:
        required = [
            reference
            for requirement in children(element, "informationRequirement", "knowledgeRequirement")
            for reference in requirement
        ]
        return d.Requirements(
            *(
                self._references(e for e in required if tag(e) == kind)
                for kind in ("requiredInput", "requiredDecision", "requiredKnowledge")
            )
        )

    def _references(self, elements: Iterable[Element]) -> tuple[str, ...]:
        return tuple(self._reference(attribute(element, "href")) for element in elements)

    def _reference(self, href: str) -> str:
        """An id of this model, or ``namespace#id`` of another."""
        namespace, _, local = href.rpartition("#")
        return local if namespace in ("", self.namespace) else href


def _is_dmn(import_type: str) -> bool:
    """Whether an import is another decision model, and not a schema or a PMML file."""
    return not import_type or "DMN" in import_type.upper()


def _id(element: Element) -> str:
    return attribute(element, "id") or name_of(element)


def _item_definition(element: Element) -> d.ItemDefinition:
    function = child(element, "functionItem")
    return d.ItemDefinition(
        name_of(element),
        type_ref(element),
        attribute(element, "isCollection") == "true",
        text_of(child(element, "allowedValues")),
        text_of(child(element, "typeConstraint")),
        tuple(map(_item_definition, children(element, "itemComponent"))),
        None
        if function is None
        else (
            tuple(type_ref(parameter) for parameter in children(function, "parameters")),
            attribute(function, "outputTypeRef"),
        ),
    )


# --- boxed expressions --------------------------------------------------------------------------------


def _expression_in(element: Element | None) -> d.Boxed | None:
    """The boxed expression inside an element."""
    found = child(element, *_READERS)
    return None if found is None else _READERS[tag(found)](found)


def _expressions_in(element: Element) -> tuple[d.Boxed | None, ...]:
    return tuple(_READERS[tag(e)](e) for e in children(element, *_READERS))


def _parameter(element: Element | None) -> d.Parameter:
    return d.Parameter(name_of(element), type_ref(element))


def _literal(element: Element) -> d.Boxed:
    return d.LiteralExpression(_id(element), type_ref(element), text_of(element))


def _context(element: Element) -> d.Boxed:
    entries = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        entries.append((None if variable is None else _parameter(variable), _expression_in(entry)))
    return d.ContextExpression(_id(element), type_ref(element), tuple(entries))


def _list(element: Element) -> d.Boxed:
    return d.ListExpression(_id(element), type_ref(element), _expressions_in(element))


def _relation(element: Element) -> d.Boxed:
    return d.RelationExpression(
        _id(element),
        type_ref(element),
        tuple(name_of(column) for column in children(element, "column")),
        tuple(_expressions_in(row) for row in children(element, "row")),
    )


def _function(element: Element) -> d.FunctionExpression:
    return d.FunctionExpression(
        _id(element),
        type_ref(element),
        attribute(element, "kind") or _FEEL_KIND,
        tuple(map(_parameter, children(element, "formalParameter"))),
        _expression_in(element),
    )


def _invocation(element: Element) -> d.Boxed:
    bindings = tuple(
        (_parameter(child(binding, "parameter")), _expression_in(binding))
        for binding in children(element, "binding")
    )
    return d.InvocationExpression(_id(element), type_ref(element), _expression_in(element), bindings)


def _conditional(element: Element) -> d.Boxed:
    parts = (_expression_in(child(element, name)) for name in ("if", "then", "else"))
    return d.ConditionalExpression(_id(element), type_ref(element), *parts)


def _filter(element: Element) -> d.Boxed:
    parts = (_expression_in(child(element, name)) for name in ("in", "match"))
    return d.FilterExpression(_id(element), type_ref(element), *parts)


def _iteration(element: Element) -> d.Boxed:
    return d.IterationExpression(
        _id(element),
        type_ref(element),
        tag(element),
        " ".join(attribute(element, "iteratorVariable").split()),
        _expression_in(child(element, "in")),
        _expression_in(child(element, "return", "satisfies")),
    )


def _table(element: Element) -> d.Boxed:
    table = d.DecisionTable(
        _id(element),
        attribute(element, "typeRef"),
        name_of(element.getparent()) or attribute(element, "outputLabel") or _id(element),
        attribute(element, "hitPolicy") or "UNIQUE",
        attribute(element, "aggregation"),
        tuple(map(_input_clause, children(element, "input"))),
        tuple(map(_output_clause, children(element, "output"))),
        tuple(map(_rule, children(element, "rule"))),
    )
    _check_table(table)
    return table


def _check_table(table: d.DecisionTable) -> None:
    """Refuse a table whose policy is unknown or whose rules do not have a cell for each column."""
    if table.hit_policy not in d.HIT_POLICIES:
        raise DecisionModelError(f"决策表“{table.name}”的命中策略“{table.hit_policy}”不存在")
    if table.aggregation and table.aggregation not in d.AGGREGATIONS:
        raise DecisionModelError(f"决策表“{table.name}”的汇总方式“{table.aggregation}”不存在")
    if not table.outputs:
        raise DecisionModelError(f"决策表“{table.name}”没有输出列")
    for number, rule in enumerate(table.rules, 1):
        if len(rule.tests) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
            raise DecisionModelError(f"决策表“{table.name}”的规则 {number} 与列数不符")


def _input_clause(element: Element) -> d.InputClause:
    expression = child(element, "inputExpression")
    text = text_of(expression)
    return d.InputClause(
        attribute(element, "label") or text,
        text,
        type_ref(expression),
        text_of(child(element, "inputValues")),
    )


def _output_clause(element: Element) -> d.OutputClause:
    return d.OutputClause(
        name_of(element),
        type_ref(element),
        text_of(child(element, "outputValues")),
        text_of(child(element, "defaultOutputEntry")),
    )


def _rule(element: Element) -> d.Rule:
    return d.Rule(
        attribute(element, "id"),
        tuple(map(text_of, children(element, "inputEntry"))),
        tuple(map(text_of, children(element, "outputEntry"))),
    )


_READERS: dict[str, Callable[[Element], d.Boxed]] = {
    "literalExpression": _literal,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iteration,
    "some": _iteration,
    "every": _iteration,
    "decisionTable": _table,
}
