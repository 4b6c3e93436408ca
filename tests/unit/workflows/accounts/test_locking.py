"""When an account lets somebody try, and which passwords will do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflows.accounts import rules
from workflows.accounts.model import Account

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)


def failed(account: Account, times: int) -> Account:
    for _ in range(times):
        account = rules.after_failure(account, NOW)
    return account


def test_four_failures_lock_nothing_and_the_fifth_does() -> None:
    account = Account("u0102", "u0102")
    assert not rules.is_locked(failed(account, 4), NOW)
    assert rules.is_locked(failed(account, 5), NOW)


def test_the_lock_ends_after_a_quarter_of_an_hour() -> None:
    locked = failed(Account("u0102", "u0102"), 5)
    assert rules.is_locked(locked, NOW + timedelta(minutes=14, seconds=59))
    assert not rules.is_locked(locked, NOW + timedelta(minutes=15))


def test_a_success_forgets_the_failures() -> None:
    account = rules.after_success(failed(Account("u0102", "u0102"), 4))
    assert not rules.is_locked(failed(account, 4), NOW)


@pytest.mark.parametrize("password", ["short", "u0102-and-more", "aaaaaaaaaaaa", "x" * 300])
def test_a_weak_password_is_refused_with_a_reason(password: str) -> None:
    problem = rules.password_problem(password, "u0102")
    assert problem is not None
    assert "换一个" in problem


def test_a_long_enough_mixed_password_will_do() -> None:
    assert rules.password_problem("窗前明月光，疑是地上霜", "u0102") is None
