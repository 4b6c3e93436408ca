"""Instants as people in China and process variables see them; :mod:`engine.timing` reads them back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def feel_text(instant: datetime) -> str:
    """The instant as FEEL text, to the second: ``2026-10-13T17:30:00@Asia/Shanghai``."""
    local = instant.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return f"{local.isoformat()}@{SHANGHAI.key}"


def local_date(instant: datetime) -> date:
    """The day it is in China at that instant."""
    return instant.astimezone(SHANGHAI).date()
