"""When an account lets somebody try, and what a failure does to it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from workflows.accounts.model import LOCK_TIME, MAX_FAILURES, Account

MIN_PASSWORD = 10
MAX_PASSWORD = 256


def is_locked(account: Account, now: datetime) -> bool:
    """Whether too many attempts failed a short while ago."""
    return account.locked_until is not None and now < account.locked_until


def after_failure(account: Account, now: datetime) -> Account:
    """The account after a wrong password: the fifth in a row locks it for a quarter of an hour."""
    failed = account.failed_attempts + 1
    if failed < MAX_FAILURES:
        return replace(account, failed_attempts=failed)
    return replace(account, failed_attempts=0, locked_until=now + LOCK_TIME)


def after_success(account: Account) -> Account:
    """The account after a right password."""
    return replace(account, failed_attempts=0, locked_until=None)


def password_problem(password: str, username: str) -> str | None:
    """Why a new password will not do, as a Chinese sentence; ``None`` when it will."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return f"密码长度应为 {MIN_PASSWORD} 到 {MAX_PASSWORD} 个字符，请换一个。"
    if username.lower() in password.lower():
        return "密码里不能含有用户名，请换一个。"
    if len(set(password)) < MIN_PASSWORD // 2:
        return "密码重复的字符太多，请换一个更难猜的。"
    return None
