"""What the workbench refuses."""

from __future__ import annotations

from datetime import datetime

from engine.errors import NotAllowed, Refusal, WrongState


class StaleDraft(WrongState):
    """Somebody else has saved the file since it was opened; what was sent is kept beside it, under ``kept``."""

    def __init__(self, by: str, at: datetime, revision: int, kept: int) -> None:
        super().__init__(
            "这个文件刚才已由另一位管理员保存，您的内容没有覆盖它，已另存一份。请对照后决定用哪一份。"
        )
        self.by = by
        self.at = at
        self.revision = revision
        self.kept = kept


class NothingChanged(Refusal):
    """There is nothing to publish."""

    def __init__(self) -> None:
        super().__init__("草稿与现行版本相同，没有可以发布的改动。")


class AlreadyRequested(WrongState):
    """The draft waits for approval."""

    def __init__(self) -> None:
        super().__init__("这份草稿已经送审，请等审批人处理，或先撤回再送审。")


class AlreadyDecided(WrongState):
    """Somebody has decided on the request."""

    def __init__(self) -> None:
        super().__init__("这次送审已经有了结果，不需要再处理。")


class Overtaken(WrongState):
    """What is published has changed since the draft began."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{'、'.join(names)}在起草之后又发布过新版本。请回到草稿对照差异，确认后重新送审。")


class OwnRequest(NotAllowed):
    """Nobody approves their own request."""

    def __init__(self) -> None:
        super().__init__("送审人不能批准自己的改动，请由另一位审批人处理。")


class Missing(Refusal):
    """A request without its reason."""
