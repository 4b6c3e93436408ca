"""From tokens to the syntax tree: recursive descent for the phrases, precedence climbing for operators.

The grammar is that of DMN 1.5, section 10.3.1.2; rule numbers below are its.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import DecimalException
from typing import ClassVar

from engine.feel import complaints
from engine.feel.names import NameTable
from engine.feel.numbers import CONTEXT, negate
from engine.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    ContextLiteral,
    Filter,
    For,
    FormalParameter,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    Iterator,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negative,
    Node,
    Path,
    Quantified,
    RangeLiteral,
    Test,
    UnaryTests,
)
from engine.feel.temporal_text import read_temporal
from engine.feel.tokens import END, KEYWORDS, NUMBER, SIGN, STRING, WORD, string_value
from engine.feel.type_parser import TypeParser
from engine.feel.types import ANY, FeelType

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_LEVELS = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6} | dict.fromkeys(
    _COMPARISONS | {"between", "in"}, 3
)
_OPERAND_LEVEL = 4
_CONSTANTS = {"true": True, "false": False, "null": None}
_AFTER_RANGE = frozenset({".", ")", "]", ",", "}", "[", "=", "!=", "<", "<=", ">", ">="})


class Parser(TypeParser):
    """Parses one text. ``names`` are those in scope that hold spaces or signs; ``types`` the user's types."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, FeelType]) -> None:
        super().__init__(text, NameTable(names), types)
        self._inputs_seen = 0
        self._in_range = False

    # --- entrances ------------------------------------------------------------------------------------

    def whole_expression(self) -> Node:
        """The text as one expression (rule 1)."""
        expression = self.expression()
        self._finish()
        return expression

    def whole_unary_tests(self) -> UnaryTests:
        """The text as unary tests (rule 15): ``-``, ``not(…)`` or a list of tests."""
        at = self.token.at
        if self.at("-") and self.peek().kind == END:
            return UnaryTests(at, (), False)
        if self.at("not") and self.peek().text == "(":
            self.index += 2
            tests = self._tests()
            if self.take(")") and self.token.kind == END:
                return UnaryTests(at, tests, True)
            self.index = 0
        tests = self._tests()
        self._finish()
        return UnaryTests(at, tests, False)

    def _finish(self) -> None:
        if self.token.kind != END:
            raise self.unexpected("运算符或结尾")

    # --- phrases --------------------------------------------------------------------------------------

    def expression(self) -> Node:
        """Any expression."""
        with self.nested():
            phrase = self._phrases.get(self.token.text) if self.token.kind == WORD else None
            return phrase(self) if phrase is not None else self._operators(1)

    def _if(self) -> Node:
        at = self.token.at
        self.expect("if")
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return If(at, condition, then, self.expression())

    def _for(self) -> Node:
        at = self.token.at
        self.expect("for")
        with self.names.scope():
            iterators = self._iterators()
            self.expect("return")
            return For(at, iterators, self.expression())

    def _quantified(self) -> Node:
        at, word = self.token.at, self.token.text
        self.index += 1
        with self.names.scope():
            iterators = self._iterators()
            self.expect("satisfies")
            return Quantified(at, word, iterators, self.expression())

    def _iterators(self) -> tuple[Iterator, ...]:
        iterators = []
        while True:
            at = self.token.at
            name = self.declared_name(frozenset({"in"}))
            self.expect("in")
            source = self.expression()
            end = self.expression() if self.take("..") else None
            iterators.append(Iterator(at, name, source, end))
            if not self.take(","):
                return tuple(iterators)

    def _function(self) -> Node:
        at = self.token.at
        self.expect("function")
        self.expect("(")
        with self.names.scope():
            parameters = []
            while not self.at(")"):
                place = self.token.at
                name = self.declared_name(frozenset(":,)"))
                kind = self.known_type() if self.take(":") else ANY
                parameters.append(FormalParameter(place, name, kind))
                if not self.take(","):
                    break
            self.expect(")")
            external = self.take("external")
            return FunctionLiteral(at, tuple(parameters), self.expression(), external)

    _phrases: ClassVar[Mapping[str, Callable[[Parser], Node]]] = {
        "if": _if,
        "for": _for,
        "some": _quantified,
        "every": _quantified,
        "function": _function,
    }

    # --- operators ------------------------------------------------------------------------------------

    def _operators(self, lowest: int) -> Node:
        left = self._unary()
        while True:
            token = self.token
            level = _LEVELS.get(token.text, 0) if token.kind in (SIGN, WORD) else 0
            if level < lowest:
                return left
            self.index += 1
            left = self._operation(token.at, token.text, level, left)

    def _operation(self, at: int, symbol: str, level: int, left: Node) -> Node:
        if symbol == "between":
            low = self._operators(_OPERAND_LEVEL)
            self.expect("and")
            return Between(at, left, low, self._operators(_OPERAND_LEVEL))
        if symbol == "in":
            return In(at, left, self._in_tests())
        right = self._operators(level + 1)
        if symbol in _COMPARISONS:
            return Comparison(at, symbol, left, right)
        if symbol in ("and", "or"):
            return Logic(at, symbol, left, right)
        return Arithmetic(at, symbol, left, right)

    def _unary(self) -> Node:
        at = self.token.at
        if not self.take("-"):
            return self._instance(self._postfix())
        if self.token.kind == NUMBER:
            return self._instance(self._postfix(negative=True))
        with self.nested():
            return Negative(at, self._unary())

    def _instance(self, value: Node) -> Node:
        while self.at("instance"):
            at = self.token.at
            self.index += 1
            self.expect("of")
            kind, name = self.type()
            value = InstanceOf(at, value, kind, name)
        return value

    # --- unary tests ----------------------------------------------------------------------------------

    def _in_tests(self) -> tuple[Test, ...]:
        """What follows ``in``: one test, or several in parentheses (rule 49c)."""
        if not self.at("("):
            return (self._test(),)
        start = self.index
        at = self.token.at
        self.index += 1
        tests = self._tests()
        if len(tests) == 1 and not tests[0].symbol and self.take(".."):
            return (Test(at, "", self._range_rest(at, tests[0].operand, False), False),)
        if not self.take(")"):
            raise self.unexpected(")")
        if len(tests) == 1 and self.token.text in ("+", "-", "*", "/", "**", ".", "["):
            self.index = start
            return (self._test(),)
        return tests

    def _tests(self) -> tuple[Test, ...]:
        tests = [self._test()]
        while self.take(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> Test:
        at = self.token.at
        seen = self._inputs_seen
        symbol = self.token.text if self.token.kind == SIGN and self.token.text in _COMPARISONS else ""
        if symbol:
            self.index += 1
            operand = self._operators(_OPERAND_LEVEL)
        else:
            operand = self.expression()
        return Test(at, symbol, operand, self._inputs_seen > seen)

    # --- postfix --------------------------------------------------------------------------------------

    def _postfix(self, negative: bool = False) -> Node:
        node = self._negative_number() if negative else self._primary()
        while self.token.kind == SIGN:
            at = self.token.at
            if self.take("."):
                node = Path(at, node, self.field_name())
            elif self.at("(") and not isinstance(node, Literal):
                node = self._call(node)
            elif self.at("[") and not self._closes_range():
                self.index += 1
                condition = self._inside(self.expression)
                self.expect("]")
                node = Filter(at, node, condition)
            else:
                break
        return node

    def _closes_range(self) -> bool:
        """Whether ``[`` here ends a range such as ``[1..5[`` instead of opening a filter."""
        if not self._in_range:
            return False
        following = self.peek()
        return following.kind == END or following.text in _AFTER_RANGE or following.text in KEYWORDS

    def _inside(self, parse: Callable[[], Node]) -> Node:
        """Parse within brackets, where a range outside does not matter."""
        saved, self._in_range = self._in_range, False
        try:
            return parse()
        finally:
            self._in_range = saved

    def _call(self, function: Node) -> Node:
        at = self.token.at
        self.expect("(")
        names: list[str] | None = [] if self.named_argument() else None
        arguments = []
        while not self.at(")"):
            if names is not None:
                with self.names.scope():
                    names.append(self.declared_name(frozenset(":")))
                self.expect(":")
            arguments.append(self._inside(self.expression))
            if not self.take(","):
                break
            if self.at(")"):
                raise self.unexpected("参数")
        self.expect(")")
        place = function.at if isinstance(function, Name) else at
        return Call(place, function, tuple(arguments), None if names is None else tuple(names))

    # --- primaries ------------------------------------------------------------------------------------

    def _primary(self) -> Node:
        token = self.token
        opening = self._openings.get(token.text) if token.kind == SIGN else None
        if opening is not None:
            return opening(self)
        if token.kind == NUMBER:
            return self._number()
        if token.kind == STRING:
            self.index += 1
            return Literal(token.at, string_value(token.text))
        if (
            token.kind == WORD
            and token.text in _CONSTANTS
            and self.names.match(self.tokens, self.index) is None
        ):
            self.index += 1
            return Literal(token.at, _CONSTANTS[token.text])
        phrase = self._phrases.get(token.text) if token.kind == WORD else None
        if phrase is not None:
            with self.nested():
                return phrase(self)
        name = self.name()
        if name is None:
            raise self.unexpected("一个值")
        if name == "?":
            self._inputs_seen += 1
        return Name(token.at, name)

    def _number(self) -> Literal:
        token = self.token
        self.index += 1
        try:
            return Literal(token.at, CONTEXT.create_decimal(token.text))
        except DecimalException:
            raise complaints.number_out_of_range(self.text, token.at) from None

    def _negative_number(self) -> Literal:
        literal = self._number()
        return Literal(literal.at - 1, negate(literal.value))

    def _at_literal(self) -> Node:
        at = self.token.at
        self.expect("@")
        if self.token.kind != STRING:
            raise complaints.date_in_quotes(self.text, self.tokens, self.index)
        value = string_value(self.token.text)
        try:
            literal = Literal(at, read_temporal(value))
        except ValueError:
            raise complaints.wrong_temporal(self.text, at, value) from None
        self.index += 1
        return literal

    def _parenthesis(self) -> Node:
        at = self.token.at
        self.expect("(")
        if self.token.kind == SIGN and self.token.text in _COMPARISONS:
            return self._half_range(at)
        inner = self._inside(self.expression)
        if self.take(".."):
            return self._range_rest(at, inner, False)
        self.expect(")")
        return inner

    def _half_range(self, at: int) -> Node:
        """``(< 5)`` and its like: a range with one end (rule 8)."""
        symbol = self.token.text
        self.index += 1
        end = self._inside(lambda: self._operators(_OPERAND_LEVEL))
        self.expect(")")
        if symbol in ("=", "!="):
            return RangeLiteral(at, end, end, True, True, symbol)
        included = symbol.endswith("=")
        if symbol.startswith("<"):
            return RangeLiteral(at, None, end, False, included, symbol)
        return RangeLiteral(at, end, None, included, False, symbol)

    def _bracket(self) -> Node:
        at = self.token.at
        self.expect("[")
        items: list[Node] = []
        while not self.at("]"):
            items.append(self._inside(self.expression))
            if len(items) == 1 and self.take(".."):
                return self._range_rest(at, items[0], True)
            if not self.take(","):
                break
            if self.at("]"):
                raise self.unexpected("一个值")
        self.expect("]")
        return ListLiteral(at, tuple(items))

    def _outward_bracket(self) -> Node:
        at = self.token.at
        self.expect("]")
        start = self._inside(self.expression)
        self.expect("..")
        return self._range_rest(at, start, False)

    def _range_rest(self, at: int, start: Node, start_included: bool) -> Node:
        saved, self._in_range = self._in_range, True
        try:
            end = self.expression()
        finally:
            self._in_range = saved
        closing = self.token.text
        if self.token.kind != SIGN or closing not in ("]", ")", "["):
            raise self.unexpected("]")
        self.index += 1
        return RangeLiteral(at, start, end, start_included, closing == "]")

    def _context(self) -> Node:
        at = self.token.at
        self.expect("{")
        entries = []
        with self.names.scope():
            while not self.at("}"):
                entries.append((self._key(), self._entry_value()))
                if not self.take(","):
                    break
                if self.at("}"):
                    raise self.unexpected("名称")
        self.expect("}")
        return ContextLiteral(at, tuple(entries))

    def _key(self) -> str:
        if self.token.kind != STRING:
            return self.declared_name(frozenset(":}"))
        key = string_value(self.token.text)
        self.index += 1
        self.names.add(key)
        return key

    def _entry_value(self) -> Node:
        self.expect(":")
        return self._inside(self.expression)

    _openings: ClassVar[Mapping[str, Callable[[Parser], Node]]] = {
        "(": _parenthesis,
        "[": _bracket,
        "]": _outward_bracket,
        "{": _context,
        "@": _at_literal,
    }
