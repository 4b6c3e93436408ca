"""Which names are in scope, so that ``date and time`` or a field ``出席 人数`` is read as one name.

DMN 1.5, section 10.3.1.3: a name may hold spaces and signs; the longest name in scope wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from engine.feel.errors import FeelSyntaxError
from engine.feel.tokens import Token, name_pieces

_Pieces = tuple[tuple[str, bool], ...]


class NameTable:
    """Names of more than one token, found by their first. Names of one token need no table."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[_Pieces, str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Bring a name into scope."""
        try:
            pieces = name_pieces(name)
        except FeelSyntaxError:
            return  # a name no text can spell
        if len(pieces) < 2:
            return
        entries = self._by_first.setdefault(pieces[0][0], [])
        entries.append((pieces, name))
        entries.sort(key=lambda entry: -len(entry[0]))

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Names added inside leave with the block."""
        saved = {first: list(entries) for first, entries in self._by_first.items()}
        try:
            yield
        finally:
            self._by_first = saved

    def match(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest name that starts at that token, and the index after it."""
        for pieces, name in self._by_first.get(tokens[index].text, ()):
            end = index + len(pieces)
            if end < len(tokens) and _spells(tokens[index:end], pieces):
                return name, end
        return None


def _spells(tokens: list[Token], pieces: _Pieces) -> bool:
    """Whether the tokens are these pieces, with space between them where the name has some."""
    ends = [tokens[0].at, *(token.end for token in tokens)]
    return all(
        token.text == text and (position == 0 or (token.at > ends[position]) == spaced)
        for position, (token, (text, spaced)) in enumerate(zip(tokens, pieces, strict=True))
    )
