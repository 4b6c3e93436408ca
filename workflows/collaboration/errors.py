"""What working together refuses."""

from __future__ import annotations

from datetime import datetime

from engine.errors import NotAllowed
from workflows.moments import SHANGHAI


class TooSoon(NotAllowed):
    """Urged again before the pause is over; ``until`` is its end."""

    def __init__(self, until: datetime) -> None:
        super().__init__(
            f"这一步今天已经催办过，办理人已收到提醒；{until.astimezone(SHANGHAI):%m月%d日 %H:%M} 以后可以再催。"
        )
        self.until = until
