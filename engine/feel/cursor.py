"""Moving along the tokens of one text."""

from __future__ import annotations

from collections.abc import Iterator as Iterates
from contextlib import contextmanager

from engine.feel import complaints
from engine.feel.errors import FeelSyntaxError
from engine.feel.names import NameTable
from engine.feel.tokens import KEYWORDS, NUMBER, QUOTED, SIGN, WORD, Token, tokenize

MAX_DEPTH = 60

_NAME_SIGNS = frozenset(".-+*/'")


class Cursor:
    """A position in the tokens, and the small steps all phrases share."""

    def __init__(self, text: str, names: NameTable) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0
        self.names = names

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        """A token further on."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def at(self, text: str) -> bool:
        """Whether the next token is that sign or keyword."""
        token = self.token
        return token.text == text and token.kind in (SIGN, WORD)

    def take(self, text: str) -> bool:
        """Step over that sign or keyword if it comes next."""
        if self.at(text):
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Step over that sign or keyword; anything else is an error."""
        if not self.take(text):
            raise self.unexpected(text)

    def unexpected(self, wanted: str) -> FeelSyntaxError:
        """The error that the next token is not what is wanted."""
        return complaints.unexpected(self.text, self.tokens, self.index, wanted)

    @contextmanager
    def nested(self) -> Iterates[None]:
        """One level deeper in the phrase structure."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise complaints.too_deep(self.text, self.token.at)
        try:
            yield
        finally:
            self.depth -= 1

    # --- names ----------------------------------------------------------------------------------------

    def name(self) -> str | None:
        """The longest name in scope that starts here, or a single word."""
        found = self.names.match(self.tokens, self.index)
        if found is not None:
            name, self.index = found
            return name
        token = self.token
        if token.kind == QUOTED or (token.kind == WORD and token.text not in KEYWORDS):
            self.index += 1
            return token.text.strip("`")
        return None

    def field_name(self) -> str:
        """The name after a point: words side by side are one name, for nothing else could they be."""
        start = self.index
        name = self.name()
        if name is None:
            if self.token.kind != WORD:
                raise self.unexpected("字段名")
            self.index += 1
            name = self.tokens[start].text
        while self.token.kind in (WORD, NUMBER) and self.token.text not in KEYWORDS:
            self.index += 1
            name = self._spelled(start)
        return name

    def declared_name(self, closers: frozenset[str]) -> str:
        """A name being declared: all tokens up to one of the closers."""
        start = self.index
        if self.token.kind not in (WORD, QUOTED):
            raise self.unexpected("名称")
        if self.token.kind == QUOTED:
            self.index += 1
            return self.tokens[start].text.strip("`")
        while self._is_name_part() and self.token.text not in closers:
            self.index += 1
        if self.index == start:
            raise self.unexpected("名称")
        name = self._spelled(start)
        self.names.add(name)
        return name

    def _is_name_part(self) -> bool:
        token = self.token
        return token.kind in (WORD, NUMBER) or (token.kind == SIGN and token.text in _NAME_SIGNS)

    def _spelled(self, start: int) -> str:
        """The tokens from start up to here as they are written, spaces made single."""
        return " ".join(self.text[self.tokens[start].at : self.tokens[self.index - 1].end].split())

    def named_argument(self) -> bool:
        """Whether ``name:`` stands here, the name of one or more words."""
        index = self.index
        if self.tokens[index].kind not in (WORD, QUOTED):
            return False
        while self.tokens[index].kind in (WORD, NUMBER, QUOTED):
            index += 1
        return self.tokens[index].text == ":"
