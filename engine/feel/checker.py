"""Working out the types of an expression from its text, and what in it can never work.

Needed where the standard asks for a type that nobody declared (the result of a function literal), and before
a model is deployed: a misspelt name must be refused then, not found out on the night of the vote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from engine.feel import syntax as s
from engine.feel.functions import Function
from engine.feel.operation_types import OPERATIONS, PROPERTIES
from engine.feel.pitfalls import bare_date, is_number_in_quotes
from engine.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    DAYS_DURATION,
    FUNCTION,
    MONTHS_DURATION,
    NULL,
    NUMBER,
    STANDARD_TYPES,
    STRING,
    TIME,
    UNKNOWN,
    ContextType,
    FeelType,
    FunctionKind,
    FunctionType,
    ListType,
    RangeType,
    SimpleType,
    type_name,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in an expression that can never work, and where; ``unknown`` is the name that does not exist."""

    position: int
    message: str
    message_en: str
    unknown: str = ""

    def __str__(self) -> str:
        return f"第 {self.position + 1} 个字符：{self.message}"


class Checker:
    """Infers types over a syntax tree and collects findings.

    ``variables`` are the types of the names known; without them (``None``) every name is taken to exist.
    """

    def __init__(
        self, functions: Mapping[str, Function], variables: Mapping[str, FeelType] | None = None
    ) -> None:
        self.functions = functions
        self.variables = variables
        self.findings: list[Finding] = []
        self._scopes: list[Mapping[str, FeelType]] = []
        self._open_rows = 0

    def infer(self, node: s.Node) -> FeelType:
        """The type of a node, ``UNKNOWN`` where the text does not tell."""
        return _RULES[type(node)](self, node)

    def find(self, at: int, message: str, message_en: str, *, unknown: str = "") -> None:
        """Note a finding."""
        self.findings.append(Finding(at, message, message_en, unknown))

    @contextmanager
    def scope(self, names: Mapping[str, FeelType]) -> Iterator[None]:
        """More names in scope."""
        self._scopes.append(names)
        try:
            yield
        finally:
            self._scopes.pop()

    # --- names ----------------------------------------------------------------------------------------

    def _local(self, name: str) -> FeelType | None:
        return next((scope[name] for scope in reversed(self._scopes) if name in scope), None)

    def _name(self, node: s.Name) -> FeelType:
        local = self._local(node.name)
        if local is not None:
            return local
        if self.variables is None:
            return UNKNOWN
        if node.name == "?":
            return self._tested
        known = self.variables.get(node.name)
        if known is not None:
            return known
        if node.name in self.functions:
            return FUNCTION
        if not self._open_rows:
            self._unknown_name(node)
        return UNKNOWN

    def _unknown_name(self, node: s.Name) -> None:
        names = [*(self.variables or ()), *(name for scope in self._scopes for name in scope)]
        sentence = f"没有变量“{node.name}”{likely(node.name, names)}"
        self.find(node.at, sentence, f"no variable {node.name!r}", unknown=node.name)

    @property
    def _tested(self) -> FeelType:
        """The type of the value a unary test is about."""
        return (self.variables or {}).get("?", UNKNOWN)

    # --- operators ------------------------------------------------------------------------------------

    def _arithmetic(self, node: s.Arithmetic) -> FeelType:
        day = bare_date(node)
        if day is not None:
            start = node.left.left.at if isinstance(node.left, s.Arithmetic) else node.at
            self.find(start, f'{day} 会算成减法，日期请写作 @"{day}"', f"{day} is a subtraction, not a date")
            return DATE
        left, right = self.infer(node.left), self.infer(node.right)
        found = OPERATIONS.get((node.symbol, left, right))
        if found is None and _definite(left) and _definite(right):
            self._clash(node.at, node.symbol, left, right)
        return found or UNKNOWN

    def _comparison(self, node: s.Comparison) -> FeelType:
        left, right = self.infer(node.left), self.infer(node.right)
        if node.symbol not in ("=", "!=") and any(map(is_number_in_quotes, (node.left, node.right))):
            self.find(
                node.at,
                "带引号的数字按文字比较，“9”大于“20”；请去掉引号",
                "numbers in quotes compare as text",
            )
        if _definite(left) and _definite(right) and left != right:
            self._clash(node.at, node.symbol, left, right)
        return BOOLEAN

    def _clash(self, at: int, symbol: str, left: FeelType, right: FeelType) -> None:
        self.find(at, f"“{symbol}”两边的类型不合：{left} 和 {right}", f"{symbol} between {left} and {right}")

    def _negative(self, node: s.Negative) -> FeelType:
        return self.infer(node.operand)

    def _logic(self, node: s.Logic) -> FeelType:
        for side in (node.left, node.right):
            self._expect_boolean(side, node.word)
        return BOOLEAN

    def _expect_boolean(self, node: s.Node, what: str) -> None:
        found = self.infer(node)
        if _definite(found) and found != BOOLEAN:
            self.find(
                node.at, f"“{what}”要的是“是”或“否”，这里是 {found}", f"{what} needs a boolean, not {found}"
            )

    def _between(self, node: s.Between) -> FeelType:
        value = self.infer(node.value)
        for end in (node.low, node.high):
            found = self.infer(end)
            if _definite(value) and _definite(found) and value != found:
                self._clash(node.at, "between", value, found)
        return BOOLEAN

    def _tests(self, node: s.In | s.UnaryTests) -> FeelType:
        value = self.infer(node.value) if isinstance(node, s.In) else self._tested
        for test in node.tests:
            operand = self.infer(test.operand)
            if not test.uses_input and _definite(value) and _definite(operand) and value != operand:
                self._clash(test.at, test.symbol or "=", value, operand)
        return BOOLEAN

    def _instance_of(self, node: s.InstanceOf) -> FeelType:
        self.infer(node.value)
        if node.type is None:
            self.find(node.at, f"没有类型“{node.type_name}”", f"no type {node.type_name!r}")
        return BOOLEAN

    def _if(self, node: s.If) -> FeelType:
        self._expect_boolean(node.condition, "if")
        then, otherwise = self.infer(node.then), self.infer(node.otherwise)
        if then == NULL or otherwise == NULL:
            return otherwise if then == NULL else then
        return then if then == otherwise else UNKNOWN

    # --- loops, filters and paths ---------------------------------------------------------------------

    def _for(self, node: s.For) -> FeelType:
        with self._loop(node.iterators):
            return ListType(self.infer(node.body))

    def _quantified(self, node: s.Quantified) -> FeelType:
        with self._loop(node.iterators):
            self._expect_boolean(node.condition, node.word)
        return BOOLEAN

    @contextmanager
    def _loop(self, iterators: tuple[s.Iterator, ...]) -> Iterator[None]:
        names: dict[str, FeelType] = {"partial": ListType(UNKNOWN)}
        with self.scope(names):
            for iterator in iterators:
                source = self.infer(iterator.source)
                if iterator.end is not None:
                    self.infer(iterator.end)
                    names[iterator.name] = source
                else:
                    names[iterator.name] = _element(source)
            yield

    def _filter(self, node: s.Filter) -> FeelType:
        source = self.infer(node.source)
        row = _element(source)
        fields = dict(row.entries) if isinstance(row, ContextType) else {}
        open_row = not fields and not _definite(row)
        self._open_rows += open_row
        with self.scope({"item": row, **fields}):
            condition = self.infer(node.condition)
        self._open_rows -= open_row
        return row if condition == NUMBER else ListType(row)

    def _path(self, node: s.Path) -> FeelType:
        source = self.infer(node.source)
        if isinstance(source, ListType):
            return ListType(self._field(source.element, node))
        return self._field(source, node)

    def _field(self, source: FeelType, node: s.Path) -> FeelType:
        if isinstance(source, ContextType) and source.entries:
            fields: Mapping[str, FeelType] = dict(source.entries)
        elif source in PROPERTIES:
            fields = PROPERTIES[source]
        else:
            return UNKNOWN
        if node.name not in fields:
            sentence = f"没有字段“{node.name}”{likely(node.name, fields)}"
            self.find(node.at, sentence, f"no field {node.name!r}")
        return fields.get(node.name, UNKNOWN)

    # --- structures -----------------------------------------------------------------------------------

    def _literal(self, node: s.Literal) -> FeelType:
        return NULL if node.value is None else STANDARD_TYPES[type_name(node.value)]

    def _list(self, node: s.ListLiteral) -> FeelType:
        kinds = [self.infer(item) for item in node.items]
        same = bool(kinds) and all(kind == kinds[0] for kind in kinds)
        return ListType(kinds[0] if same else UNKNOWN)

    def _context(self, node: s.ContextLiteral) -> FeelType:
        entries: dict[str, FeelType] = {}
        with self.scope(entries):
            for key, value in node.entries:
                entries[key] = self.infer(value)
        return ContextType(tuple(entries.items()))

    def _range(self, node: s.RangeLiteral) -> FeelType:
        kinds = [self.infer(end) for end in (node.start, node.end) if end is not None]
        if len(kinds) == 2 and all(map(_definite, kinds)) and kinds[0] != kinds[1]:
            self._clash(node.at, "..", *kinds)
        return RangeType(kinds[0])

    # --- functions ------------------------------------------------------------------------------------

    def _function(self, node: s.FunctionLiteral) -> FeelType:
        parameters = {p.name: (UNKNOWN if p.type is ANY else p.type) for p in node.parameters}
        with self.scope(parameters):
            result = UNKNOWN if node.external else self.infer(node.body)
        return FunctionType(tuple(p.type for p in node.parameters), result)

    def _call(self, node: s.Call) -> FeelType:
        given = [self.infer(argument) for argument in node.arguments]
        if not isinstance(node.function, s.Name):
            self.infer(node.function)
            return UNKNOWN
        name = node.function.name
        local = self._local(name)
        if local is not None:
            return local.result if isinstance(local, FunctionType) else UNKNOWN
        declared = (self.variables or {}).get(name)
        function = self.functions.get(name)
        if (
            declared is not None
            and function is not None
            and not isinstance(declared, FunctionKind | FunctionType)
        ):
            self.find(node.at, f"变量“{name}”与函数同名，请给变量改名", f"variable {name!r} hides a function")
        if function is None:
            self._unknown_function(node, name, declared)
            return UNKNOWN
        return self._signature(node, function, given)

    def _unknown_function(self, node: s.Call, name: str, declared: FeelType | None) -> None:
        if self.variables is None or isinstance(declared, FunctionKind | FunctionType):
            return
        sentence = f"“{name}”不是函数{likely(name, self.functions)}"
        self.find(node.at, sentence, f"{name!r} is not a function")

    def _signature(self, node: s.Call, function: Function, given: list[FeelType]) -> FeelType:
        count = len(given)
        fitting = [
            signature
            for signature in function.signatures
            if (
                signature.required <= count <= signature.most
                if node.names is None
                else set(node.names) <= signature.index.keys()
            )
        ]
        if not fitting:
            self.find(
                node.at, f"函数“{function.name}”的参数个数或名称不对", f"wrong arguments of {function.name}()"
            )
            return UNKNOWN
        if node.names is None and not any(
            all(_may_fit(kind, p.type) for kind, p in zip(given, signature.parameters, strict=False))
            for signature in fitting
        ):
            kinds = "、".join(map(str, given))
            self.find(
                node.at,
                f"函数“{function.name}”不接受这些参数（{kinds}）",
                f"wrong types for {function.name}()",
            )
        return fitting[0].result if fitting[0].result is not ANY else UNKNOWN


def likely(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about a name that does not exist: which one was probably meant, if any is like it."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"，是不是“{close[0]}”？" if close else ""


def _definite(kind: FeelType) -> bool:
    """Whether a type is known well enough to clash with another: one of the plain types of the standard."""
    return isinstance(kind, SimpleType) and kind != NULL and kind in _PLAIN


_PLAIN = frozenset({BOOLEAN, NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS_DURATION, MONTHS_DURATION})


def _may_fit(kind: FeelType, wanted: FeelType) -> bool:
    return not (_definite(kind) and isinstance(wanted, SimpleType)) or wanted.includes(kind)


def _element(source: FeelType) -> FeelType:
    if isinstance(source, ListType | RangeType):
        return UNKNOWN if source.element is ANY else source.element
    return source if _definite(source) or isinstance(source, ContextType) else UNKNOWN


_RULES: dict[type[s.Node], Callable[[Checker, Any], FeelType]] = {
    s.Literal: Checker._literal,
    s.Name: Checker._name,
    s.Negative: Checker._negative,
    s.Arithmetic: Checker._arithmetic,
    s.Comparison: Checker._comparison,
    s.Logic: Checker._logic,
    s.Between: Checker._between,
    s.In: Checker._tests,
    s.UnaryTests: Checker._tests,
    s.InstanceOf: Checker._instance_of,
    s.If: Checker._if,
    s.For: Checker._for,
    s.Quantified: Checker._quantified,
    s.FunctionLiteral: Checker._function,
    s.ContextLiteral: Checker._context,
    s.ListLiteral: Checker._list,
    s.RangeLiteral: Checker._range,
    s.Path: Checker._path,
    s.Filter: Checker._filter,
    s.Call: Checker._call,
}
