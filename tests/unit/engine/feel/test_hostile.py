"""What somebody might type to stop the machine or to reach its inside; time and memory: bench.feel.attack."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.feel.hostile import HOSTILE
from engine import feel
from engine.feel import tokens

DOCUMENTED = (feel.FeelSyntaxError, feel.FeelBudgetExceeded, feel.FeelValueError)
PLAIN = (bool, int, float, str, list, dict, type(None))


def _storable(text: str) -> object:
    try:
        return feel.to_json(feel.evaluate(text, {"a": 1, "x": [1]}))
    except DOCUMENTED:
        return None


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_expression_gives_plain_data_or_a_documented_refusal(number: int) -> None:
    assert isinstance(_storable(HOSTILE[number]), PLAIN)
    assert feel.evaluate("1 + 1") == 2


def test_the_list_is_long_enough() -> None:
    assert len(set(HOSTILE)) >= 200


@pytest.mark.parametrize("name", ["__class__", "__dict__", "format", "ordinal", "signatures", "real"])
@pytest.mark.parametrize(
    "value", ['"text"', "1", '@"2026-01-01"', "[1]", "{a: 1}", "(function(x) x)", "count"]
)
def test_no_attribute_of_python_is_ever_reached(value: str, name: str) -> None:
    assert feel.evaluate(f"({value}).{name}") in (None, [None])


def test_a_cyclic_value_of_the_host_is_refused() -> None:
    cycle: list[object] = []
    cycle.append(cycle)
    with pytest.raises(feel.FeelBudgetExceeded):
        feel.evaluate("a", {"a": cycle})


PIECES = [
    *(
        "1",
        "0.5",
        '"甲"',
        "a",
        "x",
        "item",
        "?",
        "null",
        "true",
        "false",
        "-",
        "+",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
    ),
    *(
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "and",
        "or",
        "not",
        "in",
        "between",
        "if",
        "then",
    ),
    *(
        "else",
        "for",
        "return",
        "some",
        "every",
        "satisfies",
        "function",
        "instance of",
        "list<",
        "context<",
        "@",
    ),
    *(
        '"2026-01-01"',
        '"P1D"',
        "count(",
        "sum(",
        "date(",
        "sort(",
        "partial",
        "string(",
        "matches(",
        "range(",
    ),
    *(
        "split(",
        "replace(",
        "duration(",
        "modulo(",
        "`a b`",
        "//",
        "/*",
        "*/",
        "＞",
        "“",
        "\\",
        "\n",
        "date and time(",
    ),
]


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_random_pieces_give_plain_data_or_a_documented_refusal(pieces: list[str]) -> None:
    assert isinstance(_storable(" ".join(pieces)), PLAIN)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_random_text_gives_plain_data_or_a_documented_refusal(text: str) -> None:
    assert isinstance(_storable(text), PLAIN)
    assert isinstance(_storable(f'matches("abc", {feel.evaluate("string([t])", {"t": text})[1:-1]})'), PLAIN)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=80))
def test_tokens_and_the_space_between_them_are_the_whole_text(text: str) -> None:
    end = 0
    for token in tokens.tokenize(text):
        assert token.at >= end
        assert text[token.at : token.end] == token.text
        end = token.end
    assert end == len(text)
