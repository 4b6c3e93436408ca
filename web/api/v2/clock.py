"""The time, for test suites that drive the product from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from engine import worker
from engine.clock import PinnableClock
from web.api.fields import Body, Whole
from web.api.operations import Area, Call
from web.api.problems import Problem
from web.api.rules import Rule, Scope

area = Area("测试时钟")

SETTING: dict[str, Any] = {"rule": Rule.ADMINISTRATOR, "scope": Scope.ADMIN, "reads": True}
"""Setting the time changes no data itself: what comes due by it happens in transactions of its own."""

LATEST_MS = 253_370_764_800_000  # the year 9999


class Pin(Body):
    """The instant in milliseconds since 1970."""

    timestamp = Whole(required=True, least=0, most=LATEST_MS)


@area.put("/clock", "pinClock", "把时间停在某一刻（仅测试设置下）", body=Pin, **SETTING)
def pin(call: Call) -> None:
    """What comes due by then happens before the answer."""
    clock = _clock(call)
    clock.pin(datetime.fromtimestamp(call.body["timestamp"] / 1000, UTC))
    worker.run_due(call.product.engine)


@area.post("/clock/reset", "resetClock", "让时间恢复正常（仅测试设置下）", **SETTING)
def reset(call: Call) -> None:
    _clock(call).reset()


def _clock(call: Call) -> PinnableClock:
    clock = call.product.engine.clock
    if not isinstance(clock, PinnableClock):
        raise Problem(404, _("没有开放测试时钟；测试时请在本机设置 YISHI_TEST_CLOCK=1。"))
    return clock
