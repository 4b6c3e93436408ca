"""What is changed in a rule to see whether anybody notices."""

from __future__ import annotations

import pytest

from features import mutants
from features.installation import models


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("=present * 3 >= entitled * 2", {"* 4 >=", "* 2 >=", "* 3 > ", "* 3", "* 1"}),
        ("=tie_times > 0", {"tie_times >= 0", "tie_times > 1"}),
        ("=工作日后(now(), 2)", {"自然日后(now(), 2)", "now(), 3", "now(), 1"}),
        ('=now() + duration("PT48H")', {"PT49H", "PT47H"}),
        ("PT48H", {"PT49H", "PT47H"}),
        ("R3/P1D", {"P2D", "P0D"}),
        ('=a = "x" or b', {'=a = "x" and b'}),
    ],
)
def test_each_border_number_duration_and_kind_of_day_is_changed(text: str, changed: set[str]) -> None:
    found = list(mutants.expressions(text))
    assert len(found) == len(changed)
    assert all(any(piece in one for one in found) for piece in changed)
    assert text not in found


@pytest.mark.parametrize(
    "text", ["=title", "=0", '="暂缓"', "=date and time(meeting_at)", "secretariat", "=null"]
)
def test_what_is_no_rule_is_left_alone(text: str) -> None:
    assert list(mutants.expressions(text)) == []


def test_a_cell_that_asks_is_dropped_moved_and_narrowed() -> None:
    assert list(mutants.conditions("[3..5]")) == [
        "-",
        "[4..5]",
        "[2..5]",
        "[3..6]",
        "[3..4]",
        "(3..5]",
        "[3..5)",
    ]
    assert list(mutants.conditions('"a","b"')) == ["-", '"b"', '"a"']


def test_a_question_names_the_place_and_both_texts() -> None:
    (path,) = (one for one in models() if one.name == "quorum_check.dmn")
    questions = [mutant.question for mutant in mutants.of_model(path)]
    assert ("“到会有效性，8席须6席”：若把『>= 0』改成『> 0』，没有场景会发现。要补一个吗？") in questions
