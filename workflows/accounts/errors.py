"""What accounts refuse."""

from __future__ import annotations

from engine.errors import Refusal


class WeakPassword(Refusal):
    """The new password will not do; the sentence says why."""


class UsernameTaken(Refusal):
    """Another person goes by that name."""

    def __init__(self, username: str) -> None:
        super().__init__(f"用户名“{username}”已经有人使用，请换一个。")


class UnknownAccount(Refusal):
    """The person has no account."""

    def __init__(self, person: str) -> None:
        super().__init__(f"人员“{person}”还没有账号，请先开通。")
