"""Drawing residents: proportional, repeatable by anybody, and not to be steered."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from workflows.lots import public_seed
from workflows.meetings import rules
from workflows.meetings.model import Resident


def pool(**grids: int) -> list[Resident]:
    return [Resident(f"{grid}-{n}", f"居民{n}", grid) for grid, size in grids.items() for n in range(size)]


def test_shares_are_proportional_and_the_largest_remainder_gets_what_is_left() -> None:
    drawn = rules.draw(pool(g01=50, g02=30, g03=20), 7, "种子")
    assert Counter(one.stratum for one in drawn) == {"g01": 4, "g02": 2, "g03": 1}


def test_within_a_grid_the_smallest_digests_of_seed_and_person_are_drawn() -> None:
    def lot(one: Resident) -> str:
        return sha256(f"407199261358|{one.person}".encode()).hexdigest()

    people = pool(g12=20)
    assert rules.draw(people, 5, "407199261358") == sorted(people, key=lot)[:5]


def test_a_pool_that_is_too_small_is_taken_whole() -> None:
    assert len(rules.draw(pool(g01=2, g02=1), 9, "s")) == 3


def test_an_empty_pool_draws_nobody() -> None:
    assert rules.draw([], 3, "s") == []


def test_the_seed_changes_with_the_matter_and_with_the_pool_but_not_with_its_order() -> None:
    people = pool(g01=5)
    ids = [one.person for one in people]
    seed = public_seed("YSH-2026-0001", ids)
    assert seed == public_seed("YSH-2026-0001", ids[::-1])
    assert seed != public_seed("YSH-2026-0002", ids)
    assert seed != public_seed("YSH-2026-0001", ids[1:])


@given(
    st.dictionaries(st.text("abc", min_size=1), st.integers(1, 40), min_size=1, max_size=6),
    st.integers(0, 60),
    st.text(),
)
def test_every_draw_has_the_right_size_quota_and_no_double(
    sizes: dict[str, int], number: int, seed: str
) -> None:
    people = pool(**sizes)
    drawn = rules.draw(people, number, seed)
    wanted = min(number, len(people))
    assert len(drawn) == len(set(drawn)) == wanted
    assert drawn == rules.draw(people[::-1], number, seed)
    for grid, size in sizes.items():
        share = sum(one.stratum == grid for one in drawn)
        assert abs(share - Fraction(wanted * size, len(people))) < 1
