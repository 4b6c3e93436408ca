"""``python -m bench.feel.fuzz [count]`` feeds random texts to the language; any exception but the documented is a find."""

from __future__ import annotations

import random
import sys
import time

from engine import feel
from engine.feel.builtins import BUILTINS

_DOCUMENTED = (feel.FeelSyntaxError, feel.FeelBudgetExceeded, feel.FeelValueError)
_LITERALS = (
    *(
        "1",
        "0",
        "-1",
        "2.5",
        "1/3",
        "1e30",
        "true",
        "false",
        "null",
        '""',
        '"甲"',
        '"P1D"',
        '"2026-01-01"',
        "[]",
    ),
    *(
        "{}",
        "[1,2,3]",
        '["a","b"]',
        "[null]",
        "{a: 1}",
        '{key: "a", value: 1}',
        '@"2026-01-31"',
        '@"10:00:00Z"',
    ),
    *('@"2026-01-31T10:00:00@Asia/Shanghai"', '@"P1Y2M"', '@"PT36H"', "[1..5]", "(1..5)", "(< 3)", "(!= 3)"),
    *("a", "b", "x", "?", "item", "function(x) x", "function(x, y) x < y", "count", "[[1],[2]]", '"[a-z]+"'),
)
_SIGNS = (
    *"+-*/=<>,.:()[]{}@?",
    "**",
    "<=",
    ">=",
    "!=",
    "..",
    "->",
    "＞",
    "（",
    "“",
    "\\",
    "`",
    "#",
    "//",
    "/*",
)
_WORDS = (
    *(
        "and",
        "or",
        "in",
        "not",
        "between",
        "if",
        "then",
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
    ),
    *("function", "instance of", "list<", "external"),
)
_CONTEXT = {"a": 1, "b": [{"x": 1, "a": "甲"}, {"x": None}], "x": "文字"}


def _phrase(source: random.Random, depth: int) -> str:
    """A text that mostly is FEEL, so that it gets past the parser."""
    if depth <= 0 or source.random() < 0.25:
        return source.choice(_LITERALS)
    inner = [_phrase(source, depth - 1) for _ in range(3)]
    shape = source.randrange(12)
    if shape == 0:
        arguments = ", ".join(inner[: source.randrange(4)])
        return f"{source.choice(sorted(BUILTINS))}({arguments})"
    shapes = (
        f"({inner[0]} {source.choice(('+', '-', '*', '/', '**', '=', '<', '>=', '!=', 'and', 'or', 'in'))} {inner[1]})",
        f"(if {inner[0]} then {inner[1]} else {inner[2]})",
        f"(for i in {inner[0]} return {inner[1]})",
        f"(some i in {inner[0]} satisfies {inner[1]})",
        f"({inner[0]})[{inner[1]}]",
        f"({inner[0]}).{source.choice(('a', 'x', 'year', 'start', 'days', 'time offset'))}",
        f"[{inner[0]}, {inner[1]}]",
        f"{{a: {inner[0]}, b: {inner[1]}}}",
        f"({inner[0]} between {inner[1]} and {inner[2]})",
        f"[{inner[0]}..{inner[1]}]",
        f"({inner[0]} instance of {source.choice(('number', 'list<string>', 'date', 'context<a: number>', 'Any'))})",
    )
    return shapes[shape - 1]


def _noise(source: random.Random) -> str:
    """Pieces in any order."""
    pool = (*_LITERALS, *_SIGNS, *_WORDS)
    return source.choice(("", " ")).join(source.choices(pool, k=source.randrange(1, 14)))


def main(count: int, seed: int) -> int:
    """Run so many texts; each find is printed."""
    source = random.Random(seed)
    finds, started = 0, time.perf_counter()
    for number in range(count):
        text = _noise(source) if number % 3 == 0 else _phrase(source, 3)
        try:
            feel.to_json(feel.evaluate(text, _CONTEXT))
        except _DOCUMENTED:
            continue
        except Exception as error:  # noqa: BLE001 - anything else is what is being looked for
            finds += 1
            print(f"{type(error).__name__}: {error} in {text!r}"[:300])
    print(f"fuzz: {finds} finds in {count} texts, seed {seed}, {time.perf_counter() - started:.0f} s")
    return finds


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(bool(main(given[0] if given else 100_000, given[1] if len(given) > 1 else 1)))
