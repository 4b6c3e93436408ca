"""Accounts in the database; passwords as argon2id hashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    bindparam,
    select,
    update,
)

from engine.store.database import Store
from engine.store.statements import Query
from engine.store.tables import Instant
from workflows.accounts import rules
from workflows.accounts.errors import UnknownAccount, UsernameTaken, WeakPassword
from workflows.accounts.model import Account
from workflows.store import metadata, upsert

account = Table(
    "account",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("username", String(64), nullable=False, unique=True),
    Column("password_hash", String(255)),
    Column("disabled", Boolean, nullable=False),
    Column("failed_attempts", Integer, nullable=False),
    Column("locked_until", Instant),
)

_hasher = PasswordHasher()


def create(connection: Connection, person: str, username: str, password: str | None = None) -> None:
    """Open an account, or start the one a person has afresh; without a password none opens it."""
    taken = _by(connection, username=username)
    if taken is not None and taken.person != person:
        raise UsernameTaken(username)
    upsert(connection, account, [asdict(Account(person, username, _hashed(password, username)))])


def open_all(connection: Connection, persons: Iterable[str]) -> None:
    """Open an account without a password for each person, under their own id; what they have is started afresh."""
    upsert(connection, account, [asdict(Account(person, person)) for person in persons])


def set_password(connection: Connection, person: str, password: str) -> None:
    """Change the password and lift a lock; :class:`WeakPassword` says what is wrong with the new one."""
    known = _require(connection, person)
    _save(connection, rules.after_success(replace(known, password_hash=_hashed(password, known.username))))


def set_disabled(connection: Connection, person: str, disabled: bool) -> None:
    """Close an account, or open it again."""
    _save(connection, replace(_require(connection, person), disabled=disabled))


def of_person(connection: Connection, person: str) -> Account | None:
    """A person's account, ``None`` when there is none."""
    return _by(connection, person=person)


def is_closed(connection: Connection, person: str) -> bool:
    """Whether the person has an account that is disabled; without any they may come in another way."""
    found = _DISABLED.first(connection, {"person": person})
    return found is not None and found.disabled


_DISABLED = Query(select(account.c.disabled).where(account.c.person == bindparam("person")))


def by_username(connection: Connection, username: str) -> Account | None:
    """The account with that name, ``None`` when there is none."""
    return _by(connection, username=username)


def sign_in(store: Store, username: str, password: str, now: datetime) -> str | None:
    """The person whose name and password these are, or ``None``.

    Whether the name is unknown, the password wrong, the account closed or locked looks the same and takes
    equally long. Hashing takes its time outside any transaction, so that nobody else's writing waits for it.
    """
    with store.snapshot() as connection:
        known = _by(connection, username=username)
    usable = known is not None and not known.disabled and not rules.is_locked(known, now)
    stored = known.password_hash if known is not None and usable else None
    right = _matches(stored or _decoy(), password)
    if known is None or stored is None:
        return None
    fresh = _hasher.hash(password) if right and _hasher.check_needs_rehash(stored) else stored
    with store.transaction() as connection:
        current = _require(connection, known.person)
        if not right or current.disabled or current.password_hash != stored:
            _save(connection, rules.after_failure(current, now))
            return None
        _save(connection, replace(rules.after_success(current), password_hash=fresh))
    return known.person


def _hashed(password: str | None, username: str) -> str | None:
    if password is None:
        return None
    if problem := rules.password_problem(password, username):
        raise WeakPassword(problem)
    return _hasher.hash(password)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    return _hasher.hash("no account has this password")


def _require(connection: Connection, person: str) -> Account:
    known = _by(connection, person=person, lock=True)
    if known is None:
        raise UnknownAccount(person)
    return known


def _by(connection: Connection, *, lock: bool = False, **match: str) -> Account | None:
    statement = select(account).filter_by(**match)
    row = connection.execute(statement.with_for_update() if lock else statement).mappings().one_or_none()
    return None if row is None else _account(row)


def _save(connection: Connection, changed: Account) -> None:
    connection.execute(update(account).where(account.c.person == changed.person).values(asdict(changed)))


def _account(row: RowMapping) -> Account:
    return Account(**row)
