"""Test suites outside set the time, where the operator allows it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.clock import PinnableClock
from tests.integration.api.conftest import Api
from tests.integration.api.models import chain, element, process
from web.settings import Settings
from web.wiring import Product

DAY = '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>'
TOMORROW = process(
    "tomorrow",
    element("startEvent", "s")
    + element(
        "intermediateCatchEvent", "w", inner=f"<bpmn:timerEventDefinition>{DAY}</bpmn:timerEventDefinition>"
    )
    + element("endEvent", "e")
    + chain("s", "w", "e"),
)


def test_without_the_setting_nobody_sets_the_time(admin: Api):
    assert "YISHI_TEST_CLOCK" in admin.call("PUT", "/v2/clock", {"timestamp": 0}, status=404)["detail"]
    admin.post("/v2/clock/reset", status=404)


class TestWithTheSetting:
    """The product runs on a clock that can be stopped."""

    @pytest.fixture
    def clock(self) -> PinnableClock:
        return PinnableClock()

    def test_what_comes_due_happens_before_the_answer(self, admin: Api, product: Product):
        admin.deploy(("tomorrow.bpmn", TOMORROW))
        instance = admin.start("tomorrow")
        began = datetime.fromisoformat(admin.get(f"/v2/process-instances/{instance}")["startDate"])
        admin.call("PUT", "/v2/clock", {"timestamp": int((began.timestamp() + 86_401) * 1000)}, status=204)
        assert admin.get(f"/v2/process-instances/{instance}")["state"] == "COMPLETED"
        pinned = product.engine.clock.now()
        admin.post("/v2/clock/reset", status=204)
        assert product.engine.clock.now() < pinned


def test_the_setting_is_refused_beyond_this_machine(tmp_path: Path):
    given = {"YISHI_TEST_CLOCK": "1", "YISHI_HOST": "192.0.2.1", "YISHI_DATA": str(tmp_path)}
    with pytest.raises(ValueError, match="YISHI_TEST_CLOCK"):
        Settings.from_environment(given)
    assert Settings.from_environment({**given, "YISHI_HOST": "127.0.0.1"}).test_clock
