"""Operands: literals, names, calls, paths, filters, and all that stands in brackets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from decimal import DecimalException
from typing import ClassVar

from engine.feel import complaints
from engine.feel.names import NameTable
from engine.feel.numbers import CONTEXT, negate
from engine.feel.syntax import (
    Call,
    ContextLiteral,
    Filter,
    ListLiteral,
    Literal,
    Name,
    Node,
    Path,
    RangeLiteral,
)
from engine.feel.temporal_text import read_temporal
from engine.feel.tokens import END, KEYWORDS, NUMBER, SIGN, STRING, WORD, string_value
from engine.feel.type_parser import TypeParser
from engine.feel.types import FeelType

COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_CONSTANTS = {"true": True, "false": False, "null": None}
_AFTER_RANGE = frozenset({".", ")", "]", ",", "}", "[", *COMPARISONS})


class OperandParser(TypeParser, ABC):
    """Parses operands; what is built of them is its subclass's."""

    def __init__(self, text: str, names: NameTable, types: Mapping[str, FeelType]) -> None:
        super().__init__(text, names, types)
        self.inputs_seen = 0
        self._in_range = False

    @abstractmethod
    def expression(self) -> Node:
        """Any expression."""

    @abstractmethod
    def operand(self) -> Node:
        """An expression without comparisons and logic."""

    @abstractmethod
    def phrase(self) -> Node | None:
        """A phrase that starts with a keyword, if one stands here."""

    # --- postfix --------------------------------------------------------------------------------------

    def postfix(self, negative: bool = False) -> Node:
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
        phrase = self.phrase()
        if phrase is not None:
            return phrase
        name = self.name()
        if name is None:
            raise self.unexpected("一个值")
        if name == "?":
            self.inputs_seen += 1
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
        if self.token.kind == SIGN and self.token.text in COMPARISONS:
            return self._half_range(at)
        inner = self._inside(self.expression)
        if self.take(".."):
            return self.range_rest(at, inner, False)
        self.expect(")")
        return inner

    def _half_range(self, at: int) -> Node:
        """``(< 5)`` and its like: a range with one end (rule 8)."""
        symbol = self.token.text
        self.index += 1
        end = self._inside(self.operand)
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
                return self.range_rest(at, items[0], True)
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
        return self.range_rest(at, start, False)

    def range_rest(self, at: int, start: Node, start_included: bool) -> Node:
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

    _openings: ClassVar[Mapping[str, Callable[[OperandParser], Node]]] = {
        "(": _parenthesis,
        "[": _bracket,
        "]": _outward_bracket,
        "{": _context,
        "@": _at_literal,
    }
