"""The grammar of XPath's regular expressions, written out in that of the ``regex`` package.

XML Schema 1.1 part 2, appendix G, with the additions of XQuery and XPath Functions 3.1, section 5.6.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

MAX_PATTERN = 1_000
MAX_REPEAT = 1_000
MAX_GROUP_DEPTH = 30
MAX_STATES = 5_000

_NAME_START = (
    r":A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
)
_NAME_START += r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
_NAME_PART = _NAME_START + r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"

_CLASSES = {
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_NAME_START}]",
    "I": f"[^{_NAME_START}]",
    "c": f"[{_NAME_PART}]",
    "C": f"[^{_NAME_PART}]",
}
_CHARACTERS = {"n": r"\n", "r": r"\r", "t": r"\t"}
_ESCAPABLE = frozenset(r"\|.-^?*+{}()[]$")
_SUBCATEGORIES = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfon"}
_CATEGORIES = frozenset(
    {*_SUBCATEGORIES, *(major + minor for major, minors in _SUBCATEGORIES.items() for minor in minors)}
)


@dataclass(frozen=True, slots=True)
class Translation:
    """A pattern in the syntax of ``regex``.

    ``states`` counts its pieces with repeats written out, ``choices`` the places where a match may go on in more
    than one way, without end where one choice lies in another.
    """

    source: str
    states: int
    choices: float

    def longest(self, steps: int) -> int:
        """The length of the longest text that a search walks through in so many steps; negative if there is none.

        A search starts at each place and may go on to each place at every choice, in the worst case.
        """
        return int((steps / (self.states + 1)) ** (1 / (self.choices + 1))) - 2


def translate(pattern: str, flags: str) -> Translation:
    """The pattern translated; raises ``ValueError`` with a Chinese sentence."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"正则表达式超过 {MAX_PATTERN} 个字符")
    reader = _Translator(pattern, flags)
    return Translation(reader.whole(), reader.states, reader.choices)


class _Translator:
    """Reads the pattern from left to right and writes it as it goes."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = _without_space(pattern) if "x" in flags else pattern
        self.at = 0
        self.depth = 0
        self.states = 0
        self.choices: float = 0
        self.opened = 0
        self.closed: set[int] = set()
        self.dot = "(?s:.)" if "s" in flags else r"[^\n\r]"
        self.end = r"(?=\n|\Z)" if "m" in flags else r"\Z"

    def whole(self) -> str:
        """The whole pattern."""
        written = self.alternatives()
        if self.at < len(self.pattern):
            raise ValueError("正则表达式的括号不成对")
        return written

    def next(self, ahead: int = 0) -> str:
        """The character to be read next, empty at the end."""
        return self.pattern[self.at + ahead : self.at + ahead + 1]

    def alternatives(self) -> str:
        """Branches between ``|``."""
        branches = [self.branch()]
        while self.next() == "|":
            self.at += 1
            self.choices += 1
            branches.append(self.branch())
        return "|".join(branches)

    def branch(self) -> str:
        """Pieces one after the other."""
        pieces = []
        while self.next() and self.next() not in "|)":
            before, chosen, self.choices = self.states, self.choices, 0
            atom = self.atom()
            quantifier, times, varies = self.quantifier()
            self.states = before + (self.states - before + 1) * times
            self.choices = chosen + (_chosen(self.choices) if varies else self.choices * times)
            if self.states > MAX_STATES:
                raise ValueError("正则表达式重复的次数太多")
            pieces.append(atom + quantifier)
        return "".join(pieces)

    def atom(self) -> str:
        """One character, class, group or anchor."""
        character = self.next()
        self.at += 1
        if character == "(":
            return self.group()
        if character == "[":
            return self.char_class()
        if character == "\\":
            return self.escape()
        if character == ".":
            return self.dot
        if character == "^":
            return "^"
        if character == "$":
            return self.end
        if character in "?*+{}]":
            raise ValueError(f"正则表达式里的 {character} 前面要写 \\")
        return _plain(character)

    def quantifier(self) -> tuple[str, int, bool]:
        """``?``, ``*``, ``+`` or ``{n,m}``, reluctant or not, how many copies of its atom that makes, and whether
        there may be fewer or more of them.
        """
        character = self.next()
        times = 1
        if character and character in "?*+":
            self.at += 1
            written = character
        elif character == "{":
            written, times = self.repeat()
        else:
            return "", 1, False
        varies = character != "{" or "," in written
        if self.next() == "?":
            self.at += 1
            written += "?"
        return written, times, varies

    def repeat(self) -> tuple[str, int]:
        """``{n}``, ``{n,}`` or ``{n,m}``, and the greater of the numbers."""
        close = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : close].partition(",")
        self.at = close + 1
        if close < 0 or not least.isdecimal() or not (most == "" or (comma and most.isdecimal())):
            raise ValueError("正则表达式的次数写作 {2}、{2,} 或 {2,5}")
        if max(int(least), int(most or 0)) > MAX_REPEAT or (most and int(most) < int(least)):
            raise ValueError(f"正则表达式的次数要从小到大，不超过 {MAX_REPEAT}")
        return f"{{{int(least)}{comma}{most and int(most)}}}", max(1, int(least), int(most or 0))

    def group(self) -> str:
        """``(…)`` or ``(?:…)``."""
        self.depth += 1
        if self.depth > MAX_GROUP_DEPTH:
            raise ValueError("正则表达式的括号嵌套太深")
        captures = self.next() != "?"
        if captures:
            self.opened += 1
            number = self.opened
        elif self.next(1) == ":":
            self.at += 2
        else:
            raise ValueError("正则表达式的 (? 后面只能是冒号")
        inner = self.alternatives()
        if self.next() != ")":
            raise ValueError("正则表达式缺少右括号")
        self.at += 1
        self.depth -= 1
        if not captures:
            return f"(?:{inner})"
        self.closed.add(number)
        return f"({inner})"

    def escape(self) -> str:
        """What follows a backslash outside a class."""
        character = self.next()
        if character.isdecimal() and character != "0":
            return self.back_reference()
        return self.class_escape()

    def back_reference(self) -> str:
        """``\\1``: what an earlier, closed group matched."""
        start = self.at
        self.at += 1
        while self.next().isdecimal() and int(self.pattern[start : self.at + 1]) <= self.opened:
            self.at += 1
        number = int(self.pattern[start : self.at])
        self.choices = inf
        if number not in self.closed:
            raise ValueError(f"正则表达式没有第 {number} 组")
        return rf"(?({number})\{number}|)"  # a group that matched nothing stands for nothing

    def class_escape(self) -> str:
        """An escape that may stand in a class as well."""
        character = self.next()
        self.at += 1
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _CHARACTERS:
            return _CHARACTERS[character]
        if character and character in "pP":
            return self.property(character)
        if character and character in _ESCAPABLE:
            return "\\" + character
        raise ValueError(f"正则表达式里不能写 \\{character}")

    def property(self, letter: str) -> str:
        """``\\p{Lu}`` or ``\\p{IsBasicLatin}``."""
        close = self.pattern.find("}", self.at)
        name = self.pattern[self.at + 1 : close]
        if self.next() != "{" or close < 0:
            raise ValueError(f"字符类别写作 \\{letter}{{L}}")
        self.at = close + 1
        if name in _CATEGORIES:
            return f"\\{letter}{{{name}}}"
        if name.startswith("Is") and name[2:].replace("-", "").isalnum() and name.isascii():
            return f"\\{letter}{{Block={name[2:].replace('-', '')}}}"
        raise ValueError(f"没有字符类别 {name[:20]}")

    def char_class(self) -> str:
        """``[…]`` with ranges, escapes and ``-[…]`` to take characters away."""
        self.depth += 1
        if self.depth > MAX_GROUP_DEPTH:
            raise ValueError("正则表达式的括号嵌套太深")
        negated = self.next() == "^"
        self.at += negated
        members: list[str] = []
        removed = ""
        while self.next() != "]" or not members:
            if self.next() == "-" and self.next(1) == "[" and members:
                self.at += 2
                removed = self.char_class()
                break
            members.append(self.class_member())
        if self.next() != "]":
            raise ValueError("正则表达式缺少右方括号")
        self.at += 1
        self.depth -= 1
        inner = f"[{'^' if negated else ''}{''.join(members)}]"
        return f"[{inner}--{removed}]" if removed else inner

    def class_member(self) -> str:
        """A character, an escape, or a range of characters."""
        first = self.class_character()
        if self.next() != "-" or self.next(1) in ("]", "["):
            return first
        self.at += 1
        last = self.class_character()
        start, end = _code(first), _code(last)
        if start is None or end is None or start > end:
            raise ValueError("字符区间的两端不对")
        return f"{first}-{last}"

    def class_character(self) -> str:
        """One character or escape within a class."""
        character = self.next()
        if character == "" or character in "[]":
            raise ValueError("方括号里的 [ 和 ] 前面要写 \\")
        self.at += 1
        return self.class_escape() if character == "\\" else _plain(character)


def _chosen(inside: float) -> float:
    """The choices of a piece that may come any number of times."""
    return inf if inside else 1


def _plain(character: str) -> str:
    """A character that stands for itself, safe in and outside a class."""
    if character.isalnum() and character.isascii():
        return character
    return f"\\U{ord(character):08X}"


def _code(written: str) -> int | None:
    """The code point of a single written character, ``None`` for a class of them."""
    if len(written) == 1:
        return ord(written)
    if written.startswith("\\U"):
        return int(written[2:], 16)
    if written[1:] in ("n", "r", "t"):
        return {"n": 10, "r": 13, "t": 9}[written[1:]]
    return ord(written[1]) if written[0] == "\\" and len(written) == 2 else None


def _without_space(pattern: str) -> str:
    """The pattern without white space outside of classes, as flag ``x`` asks."""
    kept = []
    inside = 0
    escaped = False
    for character in pattern:
        if not escaped:
            inside += (character == "[") - (character == "]" and inside > 0)
        if inside or character not in " \t\n\r":
            kept.append(character)
        escaped = character == "\\" and not escaped
    return "".join(kept)
