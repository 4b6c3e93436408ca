"""Numbers of matters."""

from __future__ import annotations

import pytest

from workflows.matters import rules


@pytest.mark.parametrize(
    ("process", "number"),
    [
        ("deliberation_meeting", "YSH-2026-0007"),
        ("hazard_ledger", "TZ-2026-0007"),
        ("a_new_process", "LC-2026-0007"),
    ],
)
def test_a_number_is_prefix_year_and_at_least_four_digits(process: str, number: str) -> None:
    assert rules.number(rules.prefix(process), 2026, 7) == number


def test_the_ten_thousandth_number_keeps_all_its_digits() -> None:
    assert rules.number("SX", 2026, 10_000) == "SX-2026-10000"


def test_no_two_processes_share_a_prefix() -> None:
    prefixes = [*rules.PREFIXES.values(), rules.DEFAULT_PREFIX, rules.RESOLUTION, rules.ARCHIVE]
    assert len(prefixes) == len(set(prefixes))
