"""Signing in with a name and a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.store.database import Store
from workflows.accounts import store as accounts
from workflows.accounts.errors import UnknownAccount, UsernameTaken, WeakPassword

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"


def committed(store: Store, act: Callable[..., Any], *arguments: Any) -> Any:
    """Do something with accounts in a transaction of its own."""
    with store.transaction() as connection:
        return act(connection, *arguments)


def test_the_right_password_signs_in_and_is_stored_as_argon2id(store: Store) -> None:
    committed(store, accounts.create, "u0102", "youan", PASSWORD)
    assert accounts.sign_in(store, "youan", PASSWORD, NOW) == "u0102"
    stored = committed(store, accounts.of_person, "u0102")
    assert stored is not None
    assert (stored.password_hash or "").startswith("$argon2id$")
    assert PASSWORD not in repr(stored)


def test_a_wrong_password_an_unknown_name_and_a_missing_password_do_not(store: Store) -> None:
    committed(store, accounts.create, "u0102", "youan", PASSWORD)
    committed(store, accounts.create, "u0103", "demo")
    assert accounts.sign_in(store, "youan", "wrong", NOW) is None
    assert accounts.sign_in(store, "nobody", PASSWORD, NOW) is None
    assert accounts.sign_in(store, "demo", "", NOW) is None
    assert accounts.sign_in(store, "demo", "no account has this password", NOW) is None


def test_five_failures_lock_the_account_even_for_the_right_password(store: Store) -> None:
    committed(store, accounts.create, "u0102", "youan", PASSWORD)
    for _ in range(5):
        accounts.sign_in(store, "youan", "wrong", NOW)
    assert accounts.sign_in(store, "youan", PASSWORD, NOW + timedelta(minutes=14)) is None
    assert accounts.sign_in(store, "youan", PASSWORD, NOW + timedelta(minutes=15)) == "u0102"


def test_a_disabled_account_stays_shut_until_it_is_opened_again(store: Store) -> None:
    committed(store, accounts.create, "u0102", "youan", PASSWORD)
    committed(store, accounts.set_disabled, "u0102", True)
    assert accounts.sign_in(store, "youan", PASSWORD, NOW) is None
    committed(store, accounts.set_disabled, "u0102", False)
    assert accounts.sign_in(store, "youan", PASSWORD, NOW) == "u0102"


def test_a_new_password_replaces_the_old_one_and_lifts_the_lock(store: Store) -> None:
    committed(store, accounts.create, "u0102", "youan", PASSWORD)
    for _ in range(5):
        accounts.sign_in(store, "youan", "wrong", NOW)
    committed(store, accounts.set_password, "u0102", "another long password")
    assert accounts.sign_in(store, "youan", PASSWORD, NOW) is None
    assert accounts.sign_in(store, "youan", "another long password", NOW) == "u0102"


def test_refusals_say_what_to_do(store: Store) -> None:
    committed(store, accounts.create, "u0102", "youan", PASSWORD)
    with pytest.raises(UsernameTaken, match="换一个"):
        committed(store, accounts.create, "u0103", "youan")
    with pytest.raises(WeakPassword, match="换一个"):
        committed(store, accounts.set_password, "u0102", "short")
    with pytest.raises(UnknownAccount, match="开通"):
        committed(store, accounts.set_password, "u9999", PASSWORD)
