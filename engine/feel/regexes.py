"""Regular expressions of XPath 3.1, which DMN 1.5 takes over (XQuery and XPath Functions 3.1, section 5.6).

A pattern is read by our own grammar and written anew for the ``regex`` package, so nothing of that package's
own syntax is open to whoever typed it. Matching has a time limit per evaluation, for a pattern may still ask
for exponential work.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import regex

from engine.feel.errors import FeelBudgetExceeded
from engine.feel.regex_syntax import Translation, translate
from engine.feel.runtime import Run

_FLAGS = {"s": regex.DOTALL, "m": regex.MULTILINE, "i": regex.IGNORECASE}
_REPLACEMENT = re.compile(r"\\([\\$])|\$([0-9]+)|([^\\$]+)", re.DOTALL)
_STEPS_PER_USE = 20
_QUICK_STEPS = 1_000
"""A search of no more steps is over so soon that no clock is asked, however often the budget lets it be done."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A compiled pattern: a ``program`` of the ``regex`` package, which publishes no type for it.

    Texts of at most ``quick_length`` characters are searched without a clock.
    """

    program: Any
    quick_length: int


@lru_cache(512)
def _compiled(pattern: str, flags: str) -> _Pattern:
    if set(flags) - set("smixq"):
        raise ValueError("正则表达式的标志只能是 s、m、i、x、q")
    options = regex.VERSION1
    for flag in set(flags) & _FLAGS.keys():
        options |= _FLAGS[flag]
    verbatim = Translation(regex.escape(pattern), len(pattern), 0)
    translation = verbatim if "q" in flags else translate(pattern, flags)
    try:
        # XPath folds case one character at a time; the package would match "ß" with "ss".
        program = regex.compile(f"(?-f){translation.source}", options)
    except (regex.error, OverflowError, RecursionError) as error:
        raise ValueError("正则表达式写法不对") from error
    return _Pattern(program, translation.longest(_QUICK_STEPS))


def matches(run: Run, text: str, pattern: str, flags: str) -> bool:
    """Whether the pattern occurs in the text; raises ``ValueError`` for what is no pattern."""
    compiled = _compiled(pattern, flags)
    if len(text) <= compiled.quick_length:
        run.spend(_steps(text))
        return compiled.program.search(text) is not None
    return bool(_timed(run, text, lambda limit: compiled.program.search(text, timeout=limit) is not None))


def replace(run: Run, text: str, pattern: str, replacement: str, flags: str) -> str:
    """The text with all matches replaced; ``$1`` in the replacement stands for a group."""
    compiled = _compiled(pattern, flags)
    _refuse_empty_match(run, compiled)
    parts = [replacement] if "q" in flags else _replacement(replacement, compiled.program.groups)
    length = 0

    def expand(found: Any) -> str:
        nonlocal length
        expanded = "".join(part if isinstance(part, str) else found.group(part) or "" for part in parts)
        length += len(expanded)
        run.check_text(length)
        return expanded

    return str(_timed(run, text, lambda limit: compiled.program.sub(expand, text, timeout=limit)))


def split(run: Run, text: str, pattern: str) -> list[str]:
    """The pieces of the text between the matches."""
    compiled = _compiled(pattern, "")
    _refuse_empty_match(run, compiled)
    found = _timed(
        run, text, lambda limit: [m.span() for m in compiled.program.finditer(text, timeout=limit)]
    )
    starts = [0, *(end for _, end in found)]
    ends = [*(start for start, _ in found), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _refuse_empty_match(run: Run, compiled: _Pattern) -> None:
    if _timed(run, "", lambda limit: compiled.program.fullmatch("", timeout=limit) is not None):
        raise ValueError("正则表达式不能匹配空文字")


def _replacement(text: str, groups: int) -> list[str | int]:
    """The parts of a replacement: text, and numbers of groups."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        found = _REPLACEMENT.match(text, at)
        if found is None:
            raise ValueError("替换文字里的 $ 和 \\ 要写成 \\$ 和 \\\\")
        escaped, number, plain = found.groups()
        at = found.end()
        if number is None:
            parts.append(escaped or plain)
            continue
        digits = len(number)
        while digits > 1 and int(number[:digits]) > groups:
            digits -= 1
        group = int(number[:digits])
        parts.extend([group if group <= groups else "", number[digits:]])
    return parts


def _timed(run: Run, text: str, work: Callable[[float], Any]) -> Any:
    """Do the matching within what the run has left of its time for regular expressions."""
    run.spend(_steps(text))
    if run.regex_seconds <= 0:
        raise _too_slow()
    started = time.perf_counter()
    try:
        return work(run.regex_seconds)
    except TimeoutError:
        raise _too_slow() from None
    finally:
        run.regex_seconds -= time.perf_counter() - started


def _steps(text: str) -> int:
    return _STEPS_PER_USE + (len(text) >> 4)


def _too_slow() -> FeelBudgetExceeded:
    return FeelBudgetExceeded("正则表达式太慢，请写得简单些", "regular expressions take too long")
