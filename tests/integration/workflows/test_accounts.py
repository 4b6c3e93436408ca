"""Signing in with a name and a password."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from workflows.accounts import store as accounts
from workflows.accounts.errors import UnknownAccount, UsernameTaken, WeakPassword

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
PASSWORD = "correct horse battery"


def test_the_right_password_signs_in_and_is_stored_as_argon2id(connection: Connection) -> None:
    accounts.create(connection, "u0102", "youan", PASSWORD)
    assert accounts.sign_in(connection, "youan", PASSWORD, NOW) == "u0102"
    stored = accounts.of_person(connection, "u0102")
    assert stored is not None
    assert (stored.password_hash or "").startswith("$argon2id$")
    assert PASSWORD not in repr(stored)


def test_a_wrong_password_an_unknown_name_and_a_missing_password_do_not(connection: Connection) -> None:
    accounts.create(connection, "u0102", "youan", PASSWORD)
    accounts.create(connection, "u0103", "demo")
    assert accounts.sign_in(connection, "youan", "wrong", NOW) is None
    assert accounts.sign_in(connection, "nobody", PASSWORD, NOW) is None
    assert accounts.sign_in(connection, "demo", "", NOW) is None
    assert accounts.sign_in(connection, "demo", "no account has this password", NOW) is None


def test_five_failures_lock_the_account_even_for_the_right_password(connection: Connection) -> None:
    accounts.create(connection, "u0102", "youan", PASSWORD)
    for _ in range(5):
        accounts.sign_in(connection, "youan", "wrong", NOW)
    assert accounts.sign_in(connection, "youan", PASSWORD, NOW + timedelta(minutes=14)) is None
    assert accounts.sign_in(connection, "youan", PASSWORD, NOW + timedelta(minutes=15)) == "u0102"


def test_a_disabled_account_stays_shut_until_it_is_opened_again(connection: Connection) -> None:
    accounts.create(connection, "u0102", "youan", PASSWORD)
    accounts.set_disabled(connection, "u0102", True)
    assert accounts.sign_in(connection, "youan", PASSWORD, NOW) is None
    accounts.set_disabled(connection, "u0102", False)
    assert accounts.sign_in(connection, "youan", PASSWORD, NOW) == "u0102"


def test_a_new_password_replaces_the_old_one_and_lifts_the_lock(connection: Connection) -> None:
    accounts.create(connection, "u0102", "youan", PASSWORD)
    for _ in range(5):
        accounts.sign_in(connection, "youan", "wrong", NOW)
    accounts.set_password(connection, "u0102", "another long password")
    assert accounts.sign_in(connection, "youan", PASSWORD, NOW) is None
    assert accounts.sign_in(connection, "youan", "another long password", NOW) == "u0102"


def test_refusals_say_what_to_do(connection: Connection) -> None:
    accounts.create(connection, "u0102", "youan", PASSWORD)
    with pytest.raises(UsernameTaken, match="换一个"):
        accounts.create(connection, "u0103", "youan")
    with pytest.raises(WeakPassword, match="换一个"):
        accounts.set_password(connection, "u0102", "short")
    with pytest.raises(UnknownAccount, match="开通"):
        accounts.set_password(connection, "u9999", PASSWORD)
