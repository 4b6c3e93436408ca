"""String functions (DMN 1.5, table 74). Positions count characters from 1, from the end if negative."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import regexes
from engine.feel.builtins.table import builtin
from engine.feel.numbers import Number, as_decimal
from engine.feel.runtime import Run


@builtin("substring(string: string, start position: number, length?: number?): string")
def substring(string: str, start: Number, length: Number | None = None) -> str | None:
    """Part of a string."""
    position = int(as_decimal(start))
    if position == 0 or (length is not None and length < 1):
        return None
    first = position - 1 if position > 0 else max(0, len(string) + position)
    return string[first:] if length is None else string[first : first + int(as_decimal(length))]


@builtin("string length(string: string): number")
def string_length(string: str) -> Decimal:
    """How many characters."""
    return Decimal(len(string))


@builtin("upper case(string: string): string")
def upper_case(string: str) -> str:
    """All in capitals."""
    return string.upper()


@builtin("lower case(string: string): string")
def lower_case(string: str) -> str:
    """No capitals."""
    return string.lower()


@builtin("substring before(string: string, match: string): string")
def substring_before(string: str, match: str) -> str:
    """What stands before the first match; nothing if there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string): string")
def substring_after(string: str, match: str) -> str:
    """What stands after the first match; nothing if there is none."""
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string): boolean")
def contains(string: str, match: str) -> bool:
    """Whether the match occurs."""
    return match in string


@builtin("starts with(string: string, match: string): boolean")
def starts_with(string: str, match: str) -> bool:
    """Whether the match is the beginning."""
    return string.startswith(match)


@builtin("ends with(string: string, match: string): boolean")
def ends_with(string: str, match: str) -> bool:
    """Whether the match is the end."""
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string?): boolean", needs_run=True)
def matches(run: Run, text: str, pattern: str, flags: str | None = None) -> bool:
    """Whether the regular expression occurs."""
    return regexes.matches(run, text, pattern, flags or "")


@builtin(
    "replace(input: string, pattern: string, replacement: string, flags?: string?): string", needs_run=True
)
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    """The text with every match of the regular expression replaced."""
    return regexes.replace(run, text, pattern, replacement, flags or "")


@builtin("split(string: string, delimiter: string): list", needs_run=True)
def split(run: Run, string: str, delimiter: str) -> list[str]:
    """The pieces between the matches of the regular expression."""
    return regexes.split(run, string, delimiter)


@builtin("string join(list: list, delimiter?: string?): string", needs_run=True)
def string_join(run: Run, items: list[str | None], delimiter: str | None = None) -> str | None:
    """The strings of a list in one, nulls left out."""
    if any(item is not None and type(item) is not str for item in items):
        return None
    strings = [item for item in items if item is not None]
    run.check_text(sum(map(len, strings)) + len(delimiter or "") * len(strings))
    return (delimiter or "").join(strings)
