"""From tokens to the syntax tree: recursive descent for the phrases, precedence climbing for operators.

The grammar is that of DMN 1.5, section 10.3.1.2; rule numbers below are its.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from engine.feel.names import NameTable
from engine.feel.operands import COMPARISONS, OperandParser
from engine.feel.syntax import (
    Arithmetic,
    Between,
    Comparison,
    For,
    FormalParameter,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    Iterator,
    Logic,
    Negative,
    Node,
    Quantified,
    Test,
    UnaryTests,
)
from engine.feel.tokens import END, NUMBER, SIGN, WORD
from engine.feel.types import ANY, FeelType

_LEVELS = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6} | dict.fromkeys(
    COMPARISONS | {"between", "in"}, 3
)
_OPERAND_LEVEL = 4


class Parser(OperandParser):
    """Parses one text. ``names`` are those in scope that hold spaces or signs; ``types`` the user's types."""

    def __init__(self, text: str, names: Iterable[str], types: Mapping[str, FeelType]) -> None:
        super().__init__(text, NameTable(names), types)

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
            return self._phrase() or self._operators(1)

    def operand(self) -> Node:
        """An expression without comparisons and logic (rule 4)."""
        return self._operators(_OPERAND_LEVEL)

    def phrase(self) -> Node | None:
        """A phrase that starts with a keyword, one level deeper, if one stands here."""
        with self.nested():
            return self._phrase()

    def _phrase(self) -> Node | None:
        parse = self._phrases.get(self.token.text) if self.token.kind == WORD else None
        return None if parse is None else parse(self)

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
            low = self.operand()
            self.expect("and")
            return Between(at, left, low, self.operand())
        if symbol == "in":
            return In(at, left, self._in_tests())
        right = self._operators(level + 1)
        if symbol in COMPARISONS:
            return Comparison(at, symbol, left, right)
        if symbol in ("and", "or"):
            return Logic(at, symbol, left, right)
        return Arithmetic(at, symbol, left, right)

    def _unary(self) -> Node:
        at = self.token.at
        if not self.take("-"):
            return self._instance(self.postfix())
        if self.token.kind == NUMBER:
            return self._instance(self.postfix(negative=True))
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
            return (Test(at, "", self.range_rest(at, tests[0].operand, False), False),)
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
        seen = self.inputs_seen
        symbol = self.token.text if self.token.kind == SIGN and self.token.text in COMPARISONS else ""
        if symbol:
            self.index += 1
            operand = self.operand()
        else:
            operand = self.expression()
        return Test(at, symbol, operand, self.inputs_seen > seen)
