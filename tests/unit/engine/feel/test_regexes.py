"""Regular expressions are those of XPath 3.1, whatever the package behind them would make of the text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine import feel
from engine.feel.regex_syntax import translate

MATCHES = [
    ("abracadabra", "bra", "", True),
    ("abracadabra", "^a.*a$", "", True),
    ("abracadabra", "^bra", "", False),
    ("foobar", "^FO*BAR$", "i", True),
    ("a\nb", "a.b", "", False),
    ("a\nb", "a.b", "s", True),
    ("a\nb", "^b$", "", False),
    ("a\nb", "^b$", "m", True),
    ("ab\n", "b$", "", False),
    ("helloworld", "hello world", "x", True),
    ("hello world", "hello[ ]world", "x", True),
    ("a.b", "a.b", "q", True),
    ("axb", "a.b", "q", False),
    ("abcabc", r"^(abc)\1$", "", True),
    ("ab", r"^(x)?\1ab$", "", True),
    ("bcd", "^[a-z-[aeiou]]+$", "", True),
    ("bed", "^[a-z-[aeiou]]+$", "", False),
    ("x", "^[^a-d-[x]]$", "", False),
    ("-", "^[a-]$", "", True),
    ("é", r"^\p{L}$", "", True),
    ("é", r"^\p{IsBasicLatin}$", "", False),
    ("é", r"^\P{IsBasicLatin}$", "", True),
    ("议", r"^\p{IsCJKUnifiedIdeographs}$", "", True),
    ("é", r"^\p{IsLatin-1Supplement}$", "", True),
    ("٣", r"^\d$", "", True),
    ("_a", r"^\i\c*$", "", True),
    ("1a", r"^\i", "", False),
    ("a_", r"^\w+$", "", False),
    ("a b", r"^\w\s\w$", "", True),
    ("a\\b", r"a\\b", "", True),
    ("]", r"[\]]", "", True),
    ("&&", "^[&&]+$", "", True),
    ("~", "^[~~a]$", "", True),
    ("aaa", "^a{3}$", "", True),
    ("aaaa", "^a{2,3}$", "", False),
    ("", "^$", "", True),
    ("ß", "^ss$", "i", False),
]


@pytest.mark.parametrize(("text", "pattern", "flags", "found"), MATCHES)
def test_a_pattern_occurs_or_not(text: str, pattern: str, flags: str, found: bool) -> None:
    variables = {"t": text, "p": pattern, "f": flags}
    assert feel.evaluate("matches(t, p, f)", variables) is found


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "[",
            "]",
            "{",
            "}",
            "a{2",
            "a{,3}",
            "a{3,2}",
            "a**",
            "a++",
            "*",
            "(",
            ")",
            "(?=a)",
            "(?<n>a)",
            "(?i)a",
        ),
        *(
            "(?P<n>a)",
            r"\1",
            r"(\1)",
            r"\b",
            r"\x41",
            r"\u0041",
            r"\k<n>",
            r"\p{Nonsense}",
            r"\pL",
            r"\q",
            "a{9999}",
        ),
        *("[]", "[z-a]", "[a-[b]", r"\p{L", "[a", "(a", "(?", "(?a)", r"\Q.\E", r"\G"),
    ],
)
def test_what_is_no_pattern_of_xpath_gives_null(pattern: str) -> None:
    assert feel.evaluate("matches(t, p)", {"t": "a", "p": pattern}) is None


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "result"),
    [
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd"),
        ("reluctant", "r.*?t", "X", "Xant"),
        ("0123456789", r"(\d{3})(\d{3})(\d{4})", "($1) $2-$3", "(012) 345-6789"),
        ("abc", "b", "$0$0", "abbc"),
        ("abc", "(b)", "$12", "ab2c"),
        ("abc", "(b)", "$9", "ac"),
        ("abc", "b", r"\$\\", r"a$\c"),
        ("abc", "b", "$", None),
        ("abc", "b", r"\n", None),
        ("abc", "x*", "y", None),
        ("abc", "b", r"\g<0>", None),
    ],
)
def test_matches_are_replaced(text: str, pattern: str, replacement: str, result: str | None) -> None:
    variables = {"t": text, "p": pattern, "r": replacement}
    assert feel.evaluate("replace(t, p, r)", variables) == result


def test_a_literal_pattern_is_replaced_by_the_literal_text() -> None:
    assert feel.evaluate('replace("a.b", ".", "$1", "q")') == "a$1b"


@pytest.mark.parametrize(
    ("text", "delimiter", "pieces"),
    [
        ("a,b;c", "[,;]", ["a", "b", "c"]),
        (",a,", ",", ["", "a", ""]),
        ("ab", "x", ["ab"]),
        ("a1b", "([0-9])", ["a", "b"]),
    ],
)
def test_a_text_is_split_at_the_matches(text: str, delimiter: str, pieces: list[str]) -> None:
    assert feel.evaluate("split(t, d)", {"t": text, "d": delimiter}) == pieces


def test_a_pattern_that_asks_for_exponential_work_runs_out_of_budget() -> None:
    with pytest.raises(feel.FeelBudgetExceeded, match="正则表达式太慢"):
        feel.evaluate('matches(t, "^(a|a)*$")', {"t": "a" * 60 + "!"})


@pytest.mark.parametrize(
    ("pattern", "steps"),
    [
        ("^1[3-9][0-9]{9}$", lambda n: 14 * n),
        ("a+", lambda n: 2 * n**2),
        ("a*b*", lambda n: 3 * n**3),
        ("(ab|c)", lambda n: 5 * n**2),
        ("(a?b){2}", lambda n: 7 * n**3),
    ],
)
def test_a_search_starts_anywhere_and_goes_on_anywhere_at_each_choice(
    pattern: str, steps: Callable[[int], int]
) -> None:
    longest = translate(pattern, "").longest(100_000)
    assert steps(longest + 2) <= 100_000 < steps(longest + 3)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|b)*", "(a{1,2}){1,2}", r"(a)\1", "(a|aa){30}"])
def test_choices_within_choices_are_never_taken_for_quick(pattern: str) -> None:
    assert translate(pattern, "").longest(1_000) < 0


def test_a_long_text_is_searched_under_the_clock_and_a_short_one_gives_the_same_answer() -> None:
    for count in (1, 10, 60, 70, 1_000):
        assert feel.evaluate('matches(t, "^[ab]{5}c$")', {"t": "a" * count}) is False
        assert feel.evaluate('matches(t, "b$")', {"t": "a" * count + "b"}) is True
