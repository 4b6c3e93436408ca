"""Cutting text into tokens, with the Chinese sentences for what is not FEEL.

A name of FEEL may hold spaces and signs (``date and time``, ``出席-人数``), so a name is a *run* of tokens that
only the parser, which knows the names in scope, can put together. Here a word is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.feel.errors import FeelSyntaxError

MAX_SOURCE = 20_000

WORD, QUOTED, NUMBER, STRING = "word", "quoted", "number", "string"
SIGN, FOREIGN, END = "sign", "foreign", "end"
OPEN_STRING, OPEN_COMMENT = "open string", "open comment"

KEYWORDS = frozenset(
    {
        *("for", "return", "if", "then", "else", "some", "every", "satisfies", "in", "and", "or", "between"),
        *("instance", "of", "function", "external", "true", "false", "null"),
    }
)

FULL_WIDTH = dict(
    zip(
        "＞＜＝≥≤≠，、（）［］｛｝【】：＋－＊×／÷“”„＂‘’．；！＠—０１２３４５６７８９",
        [
            *[
                ">",
                "<",
                "=",
                ">=",
                "<=",
                "!=",
                ",",
                ",",
                "(",
                ")",
                "[",
                "]",
                "{",
                "}",
                "[",
                "]",
                ":",
                "+",
                "-",
            ],
            *["*", "*", "/", "/", '"', '"', '"', '"', '"', '"', ".", ",", "!=", "@", "-", *"0123456789"],
        ],
        strict=True,
    )
)

# Name characters of the grammar (DMN 1.5, rules 27 to 30) without the punctuation of East Asian typography,
# which the grammar's ranges cover as well and which nobody means as part of a name.
_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3005-\u3007\u3021-\u302f\u3031-\ud7ff\uf900-\ufdcf\ufdf0-\ufeff"
    "\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040\uff10-\uff19"

_TOKEN = re.compile(
    rf"""(?P<space>(?:\s|\ufeff|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<quoted>`[^`\n]+`)
    |(?P<word>[{_START}][{_PART}]*|\?)
    |(?P<sign>/(?!\*)|\*\*|<=|>=|!=|\.\.|->|[-+*=<>()\[\]{{}},.:@'])""",
    re.VERBOSE | re.DOTALL,
)

_ESCAPE = re.compile(r"\\(U[0-9a-fA-F]{6}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text, from ``at`` up to ``end``."""

    kind: str
    text: str
    at: int
    end: int


def tokenize(text: str) -> list[Token]:
    """All tokens, closed by one of kind ``END``; raises :class:`FeelSyntaxError`."""
    if len(text) > MAX_SOURCE:
        raise FeelSyntaxError(
            MAX_SOURCE,
            f"表达式超过 {MAX_SOURCE} 个字符",
            f"longer than {MAX_SOURCE} characters",
            "请拆成几个较短的表达式",
        )
    tokens = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            tokens.append(_foreign(text, at))
            at = tokens[-1].end
            continue
        if found.lastgroup != "space":
            tokens.append(Token(found.lastgroup or "", found[0], at, found.end()))
        at = found.end()
    tokens.append(Token(END, "", len(text), len(text)))
    return tokens


def _foreign(text: str, at: int) -> Token:
    """What is not FEEL's. A sign may still be part of a declared name, so the parser decides."""
    if text[at] == '"':
        return Token(OPEN_STRING, text[at:], at, len(text))
    if text.startswith("/*", at):
        return Token(OPEN_COMMENT, text[at:], at, len(text))
    return Token(FOREIGN, text[at], at, at + 1)


def string_value(literal: str) -> str:
    """What a string literal (with its quotes) means."""
    body = literal[1:-1]
    if "\\" not in body:
        return body
    value = _ESCAPE.sub(_unescape, body)
    # Two \\uXXXX of a surrogate pair are one character.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape(found: re.Match[str]) -> str:
    code = found[1]
    if len(code) == 1:
        return _ESCAPED.get(code, found[0])
    number = int(code[1:], 16)
    return chr(number) if number <= 0x10FFFF else "\ufffd"


def is_plain_name(name: str) -> bool:
    """Whether a name consists of words with single spaces between them, so that it needs no quotes as a key."""
    tokens = tokenize(name[:MAX_SOURCE])[:-1]
    return (
        bool(tokens)
        and tokens[0].kind == WORD
        and all(token.kind in (WORD, NUMBER) and token.text not in KEYWORDS for token in tokens)
        and " ".join(token.text for token in tokens) == name
    )


@lru_cache(4096)
def name_pieces(name: str) -> tuple[tuple[str, bool], ...]:
    """The tokens a name consists of, each with whether space stands before it."""
    tokens = tokenize(name)[:-1]
    ends = [tokens[0].at if tokens else 0, *(token.end for token in tokens)]
    return tuple((token.text, token.at > end) for token, end in zip(tokens, ends, strict=False))
