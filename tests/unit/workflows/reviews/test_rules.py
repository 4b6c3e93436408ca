"""Drawing a panel, filling its places, and the periods: repeatable by anybody, and never by favour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.reviews import rules
from workflows.reviews.model import Candidate, Category, Standing

QUOTA = {Category.RESIDENT: 3, Category.DEPUTY: 1}
SEED = "407199261358"


def pool(grids: Sequence[str] = ("g1",), residents: int = 12, deputies: int = 3) -> list[Candidate]:
    return [
        Candidate(f"{grid}-{category.name}-{n}", f"某{n}", grid, category, "女" if n % 2 else "男")
        for grid in grids
        for category, size in ((Category.RESIDENT, residents), (Category.DEPUTY, deputies))
        for n in range(size)
    ]


def standing(candidates: Sequence[Candidate], new: Standing, *positions: int) -> list[Candidate]:
    """The residents at these positions get another standing."""
    return [
        replace(one, standing=new) if one.category is Category.RESIDENT and one.position in positions else one
        for one in candidates
    ]


@pytest.mark.parametrize(
    ("day", "period", "before"),
    [
        (date(2026, 6, 20), "2026上半年", "2025下半年"),
        (date(2026, 6, 30), "2026上半年", "2025下半年"),
        (date(2026, 7, 1), "2026下半年", "2026上半年"),
        (date(2026, 12, 20), "2026下半年", "2026上半年"),
    ],
)
def test_a_day_lies_in_a_half_year_and_the_one_before_may_be_made_up_for(
    day: date, period: str, before: str
) -> None:
    assert rules.periods(day) == [period, before]


@pytest.mark.parametrize(
    ("born", "grown"),
    [(date(2008, 11, 22), True), (date(2008, 11, 23), False), (date(1950, 1, 1), True), (None, True)],
)
def test_eighteen_is_of_age_on_the_birthday(born: date | None, grown: bool) -> None:
    assert rules.of_age(born, date(2026, 11, 22)) is grown


def test_the_smallest_digests_of_seed_and_person_are_drawn_in_every_stratum() -> None:
    found = rules.drawn(pool(("g1", "g2")), SEED, QUOTA)
    for grid in ("g1", "g2"):
        stratum = [one for one in found if one.grid == grid and one.category is Category.RESIDENT]
        by_digest = sorted(stratum, key=lambda one: sha256(f"{SEED}|{one.person}".encode()).hexdigest())
        assert [one.position for one in by_digest] == list(range(1, 13))
        assert [one.standing for one in by_digest[:4]] == [Standing.INVITED] * 3 + [Standing.POOL]


@given(
    st.permutations(pool(("g1", "g2"))),
    st.text(min_size=1, max_size=12),
    st.integers(0, 12),
    st.integers(0, 3),
)
def test_every_draw_keeps_its_quota_and_does_not_depend_on_the_order_of_the_pool(
    shuffled: list[Candidate], seed: str, residents: int, deputies: int
) -> None:
    quota = {Category.RESIDENT: residents, Category.DEPUTY: deputies}
    found = rules.drawn(shuffled, seed, quota)
    assert found == rules.drawn(pool(("g1", "g2")), seed, quota)
    invited = Counter((one.grid, one.category) for one in found if one.standing is Standing.INVITED)
    expected = {(grid, c): n for grid in ("g1", "g2") for c, n in quota.items() if n}
    assert invited == expected


@pytest.mark.parametrize(("position", "said"), [(3, "正式"), (4, "候补"), (9, "候补"), (10, "未抽中")])
def test_twice_as_many_alternates_as_places(position: int, said: str) -> None:
    assert rules.verdict(position, 3) == said


def test_the_next_alternate_takes_a_place_that_is_free() -> None:
    found = standing(rules.drawn(pool(), SEED, QUOTA), Standing.DECLINED, 2)
    (next_one,) = rules.successors(found, QUOTA)
    assert (next_one.category, next_one.position) == (Category.RESIDENT, 4)


def test_who_accepted_keeps_the_place_and_nobody_is_called_for_nothing() -> None:
    found = standing(rules.drawn(pool(), SEED, QUOTA), Standing.ACCEPTED, 1, 2, 3)
    assert rules.successors(found, QUOTA) == []


def test_after_the_alternates_only_a_further_draw_goes_on() -> None:
    found = standing(rules.drawn(pool(), SEED, QUOTA), Standing.DECLINED, *range(1, 10))
    assert rules.successors(found, QUOTA) == []
    called = rules.supplement(found, "居民代表不足半数", QUOTA)
    assert [one.position for one in called] == [10, 11, 12]


def test_a_missing_group_is_drawn_from_that_group() -> None:
    found = [
        replace(one, standing=Standing.DECLINED) if one.standing is Standing.INVITED else one
        for one in rules.drawn(pool(), SEED, QUOTA)
    ]
    assert {one.category for one in rules.supplement(found, "缺人大代表", QUOTA)} == {Category.DEPUTY}


def test_too_few_women_calls_in_the_next_women_and_the_last_men_give_way() -> None:
    drawn = rules.drawn(pool(residents=30, deputies=0), SEED, {Category.RESIDENT: 9})
    men = [
        replace(one, gender="男", standing=Standing.ACCEPTED) if one.position <= 9 else one for one in drawn
    ]
    called = rules.supplement(men, rules.TOO_FEW_WOMEN, {Category.RESIDENT: 9})
    assert [one.gender for one in called] == ["女"] * 3
    assert all(one.position > 9 for one in called)
    after = [replace(one, standing=Standing.ACCEPTED) if one in called else one for one in men]
    leaving = rules.released(after, {Category.RESIDENT: 9})
    assert sorted(one.position for one in leaving) == [7, 8, 9]


def test_an_unknown_gap_calls_nobody() -> None:
    assert rules.supplement(rules.drawn(pool(), SEED, QUOTA), "", QUOTA) == []
