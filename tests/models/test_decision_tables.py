"""The decision tables give what the rules of the council say, at their borders above all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine import decisions, feel
from tests.models.assignment import decision_inputs
from tests.models.source import DMN_FILES, MODELS, find, functions, tree

tables = pytest.mark.parametrize("path", DMN_FILES, ids=lambda path: path.stem)


@cache
def table(name: str) -> decisions.DecisionModel:
    content = (MODELS / "deliberation_meeting" / f"{name}.dmn").read_bytes()
    return decisions.parse(content, functions=functions())


def decide(name: str, **inputs: object) -> Any:
    """The outcome for these inputs: one value, or a mapping by output name."""
    return feel.to_json(table(name).evaluate(name, inputs).value)


@tables
def test_a_table_stands_in_a_file_of_its_name_without_a_document_type(path: Path) -> None:
    assert find(tree(path), "//dmn:decision/@id") == [path.stem]
    assert tree(path).getroottree().docinfo.internalDTD is None


@tables
def test_a_table_answers_by_its_first_rule_that_fits_and_ends_in_one_that_always_does(path: Path) -> None:
    root = tree(path)
    assert find(root, "//dmn:decisionTable/@hitPolicy") == ["FIRST"]
    last = find(root, "//dmn:rule[last()]/dmn:inputEntry/dmn:text")
    assert [cell.text for cell in last] == [None] * len(last)


@tables
def test_every_rule_says_why_and_the_table_names_its_source(path: Path) -> None:
    root = tree(path)
    assert all(reason.text for reason in find(root, "//dmn:rule/dmn:description"))
    assert len(find(root, "//dmn:rule/dmn:description")) == len(find(root, "//dmn:rule"))
    assert find(root, "//dmn:decision/dmn:description")[0].text.startswith("依据：")


@tables
def test_every_cell_can_be_read_and_every_table_is_drawn(path: Path) -> None:
    model = decisions.parse(path.read_bytes(), functions=functions())
    assert model.problems == ()
    things = find(tree(path), "//dmn:decision/@id | //dmn:inputData/@id")
    assert sorted(find(tree(path), "//dmndi:DMNShape/@dmnElementRef")) == sorted(things)


@tables
def test_a_table_requires_exactly_the_inputs_its_columns_read(path: Path) -> None:
    root = tree(path)
    read = {name for column in decision_inputs(path.stem, path.parent.name) for name in column.names}
    assert set(find(root, "//dmn:inputData/dmn:variable/@name")) == read
    required = {reference.removeprefix("#") for reference in find(root, "//dmn:requiredInput/@href")}
    assert required == set(find(root, "//dmn:inputData/@id"))


@tables
def test_no_rule_is_hidden_behind_one_with_the_same_conditions(path: Path) -> None:
    rules = [
        tuple(cell.text for cell in find(rule, "dmn:inputEntry/dmn:text"))
        for rule in find(tree(path), "//dmn:rule")
    ]
    assert len(set(rules)) == len(rules)


PUBLIC: Mapping[str, Any] = {
    "is_repeat": False,
    "topic_class": "public_affair",
    "complexity": "simple",
    "people_affected": 1,
}


@pytest.mark.parametrize(
    ("changes", "route"),
    [
        ({"is_repeat": True}, "reject_repeat"),
        ({"is_repeat": True, "topic_class": "illegal"}, "reject_repeat"),
        ({"topic_class": "illegal"}, "reject_illegal"),
        ({"topic_class": "personal"}, "service"),
        ({"topic_class": "gov_duty"}, "escalate"),
        ({"topic_class": "two_party_dispute"}, "mediation"),
        ({"topic_class": "owners_matter"}, "owners_vote"),
        (
            {"topic_class": "resident_all", "complexity": "complex", "people_affected": 9000},
            "residents_assembly",
        ),
        ({"people_affected": 19}, "quick"),
        ({"people_affected": 20}, "full"),
        ({"complexity": "complex", "people_affected": 1}, "full"),
    ],
)
def test_a_topic_takes_the_way_its_nature_and_reach_call_for(changes: Mapping[str, Any], route: str) -> None:
    assert decide("topic_routing", **{**PUBLIC, **changes})["topic_route"] == route


def test_only_a_topic_sent_elsewhere_needs_a_written_reason() -> None:
    assert decide("topic_routing", **PUBLIC)["reason_required"] is False
    assert decide("topic_routing", **PUBLIC | {"topic_class": "gov_duty"})["reason_required"] is True


def quorum(body: str, present: int, entitled: int, *, core: bool = True) -> tuple[bool, str]:
    found = decide("quorum_check", body=body, core_present=core, present=present, entitled=entitled)
    return found["quorum_met"], found["quorum_rule"]


@pytest.mark.parametrize(
    ("body", "present", "entitled", "met"),
    [
        ("council", 6, 8, True),
        ("council", 5, 8, False),
        ("council", 5, 7, True),
        ("council", 4, 6, True),
        ("council", 3, 6, False),
        ("council_majority", 5, 8, True),
        ("council_majority", 4, 8, False),
        ("council_majority", 4, 7, True),
        ("resident_reps", 14, 21, True),
        ("resident_reps", 13, 21, False),
        ("committee", 4, 5, True),
        ("committee", 3, 5, False),
        ("review_panel", 14, 21, True),
        ("review_panel", 13, 21, False),
        ("resident_meeting", 51, 100, True),
        ("resident_meeting", 50, 100, False),
        ("joint_meeting", 4, 7, True),
        ("joint_meeting", 3, 6, False),
        ("unknown_body", 8, 8, False),
    ],
)
def test_two_thirds_reach_the_quorum_and_a_majority_must_exceed_a_half(
    body: str, present: int, entitled: int, met: bool
) -> None:
    assert quorum(body, present, entitled)[0] is met


@pytest.mark.parametrize("body", ["council", "council_majority"])
def test_without_the_core_seat_the_council_has_no_quorum_however_many_came(body: str) -> None:
    assert quorum(body, 7, 8, core=False) == (False, "社区党组织席位缺席")


@pytest.mark.parametrize(
    ("failed_times", "matter_type", "action", "days"),
    [
        (1, "general", "reconvene", 7),
        (1, "major", "reconvene", 7),
        (2, "general", "reconvene_majority", 7),
        (2, "major", "written_consultation", 15),
        (3, "general", "refer_up", 0),
        (3, "major", "refer_up", 0),
    ],
)
def test_a_failed_meeting_is_repeated_eased_and_in_the_end_referred_up(
    failed_times: int, matter_type: str, action: str, days: int
) -> None:
    found = decide("reconvene_policy", failed_times=failed_times, matter_type=matter_type)
    assert found == {"reconvene_action": action, "wait_days": days}


@pytest.mark.parametrize(
    ("relation", "role", "action", "decided_by"),
    [
        ("none", "chair", "no", ""),
        ("common_interest", "member", "declare_only", ""),
        ("contractor", "member", "recuse", "召集人"),
        ("self_party", "member", "recuse", "召集人"),
        ("employer", "chair", "recuse", "街道党工委"),
        ("near_relative", "mediator", "recuse", "人民调解委员会"),
    ],
)
def test_who_has_an_interest_is_recused_by_the_level_above_them(
    relation: str, role: str, action: str, decided_by: str
) -> None:
    assert decide("recusal", relation=relation, role=role) == {
        "recusal_action": action,
        "decided_by": decided_by,
    }


@pytest.mark.parametrize(
    ("personal", "matter_type", "mode", "fraction", "strict"),
    [
        (True, "general", "secret", (1, 2), True),
        (True, "major", "secret", (1, 2), True),
        (False, "owners_major", "written", (3, 4), False),
        (False, "owners_general", "written", (1, 2), True),
        (False, "major", "open_named", (2, 3), False),
        (False, "general", "open_named", (1, 2), True),
    ],
)
def test_persons_are_voted_on_in_secret_and_major_matters_need_two_thirds(
    personal: bool, matter_type: str, mode: str, fraction: tuple[int, int], strict: bool
) -> None:
    rule = decide("voting_rule", personal_matter=personal, matter_type=matter_type)
    assert (rule["ballot_mode"], (rule["pass_num"], rule["pass_den"]), rule["strict_more"]) == (
        mode,
        fraction,
        strict,
    )


def outcome(agree: int, disagree: int, base: int, num: int = 1, den: int = 2, *, strict: bool = True) -> Any:
    return decide(
        "vote_outcome",
        quorum_met=True,
        agree=agree,
        disagree=disagree,
        base_count=base,
        pass_num=num,
        pass_den=den,
        strict_more=strict,
    )


@pytest.mark.parametrize(
    ("agree", "disagree", "base", "expected"),
    [
        (4, 2, 7, "passed"),
        (3, 2, 7, "rejected"),
        (3, 3, 6, "tie"),
        (3, 3, 7, "tie"),
        (3, 1, 6, "rejected"),
        (4, 2, 6, "passed"),
        (0, 0, 5, "tie"),
        (3, 1, 5, "passed"),
    ],
)
def test_a_general_matter_passes_with_more_than_half_of_the_seats_that_may_vote(
    agree: int, disagree: int, base: int, expected: str
) -> None:
    assert outcome(agree, disagree, base) == expected


@pytest.mark.parametrize(
    ("agree", "disagree", "base", "expected"),
    [
        (4, 2, 6, "passed"),
        (3, 3, 6, "tie"),
        (5, 3, 8, "rejected"),
        (6, 2, 8, "passed"),
        (4, 0, 7, "rejected"),
    ],
)
def test_a_major_matter_passes_with_exactly_two_thirds(
    agree: int, disagree: int, base: int, expected: str
) -> None:
    assert outcome(agree, disagree, base, 2, 3, strict=False) == expected


def test_three_quarters_of_the_owners_include_the_quarter_line_itself() -> None:
    assert outcome(75, 25, 100, 3, 4, strict=False) == "passed"
    assert outcome(74, 26, 100, 3, 4, strict=False) == "rejected"


def test_no_vote_counts_without_a_quorum() -> None:
    found = decide(
        "vote_outcome",
        quorum_met=False,
        agree=8,
        disagree=0,
        base_count=8,
        pass_num=1,
        pass_den=2,
        strict_more=True,
    )
    assert found == "invalid"


@pytest.mark.parametrize("base", range(1, 61))
def test_no_count_of_a_third_is_rounded(base: int) -> None:
    for agree in range(base + 1):
        passed = outcome(agree, base - agree, base, 2, 3, strict=False) == "passed"
        assert passed == (agree * 3 >= base * 2)
