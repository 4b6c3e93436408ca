from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.clock import VirtualClock
from web.security import Throttle
from web.settings import Settings


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(datetime(2026, 11, 23, tzinfo=UTC))


def test_the_first_failures_cost_nothing(clock):
    throttle = Throttle(clock.now, free=3)
    for _ in range(3):
        throttle.failed("10.0.0.1")
    assert not throttle.wait("10.0.0.1")


def test_each_further_failure_doubles_the_wait_up_to_a_limit(clock):
    throttle = Throttle(clock.now, free=0, first=timedelta(seconds=1), longest=timedelta(seconds=10))
    waits = []
    for _ in range(5):
        throttle.failed("10.0.0.1")
        waits.append(throttle.wait("10.0.0.1").total_seconds())
    assert waits == [2, 4, 8, 10, 10]


def test_a_wait_ends_and_others_never_wait(clock):
    throttle = Throttle(clock.now, free=0)
    throttle.failed("10.0.0.1")
    assert not throttle.wait("10.0.0.2")
    clock.advance(timedelta(seconds=5))
    assert not throttle.wait("10.0.0.1")


def test_a_right_password_clears_the_record(clock):
    throttle = Throttle(clock.now, free=0)
    throttle.failed("10.0.0.1")
    throttle.succeeded("10.0.0.1")
    assert not throttle.wait("10.0.0.1")


def test_old_addresses_are_forgotten_before_memory_grows(clock):
    throttle = Throttle(clock.now, free=0, remembered=2, longest=timedelta(seconds=1))
    for n in range(50):
        throttle.failed(f"10.0.0.{n}")
        clock.advance(timedelta(seconds=10))
    assert len(throttle._failures) <= 3


def test_the_secret_is_made_once_and_only_the_owner_reads_it(tmp_path):
    settings = Settings(data_directory=tmp_path / "var")
    secret = settings.secret()
    assert len(secret) >= 43
    assert Settings(data_directory=tmp_path / "var").secret() == secret
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o077 == 0


def test_demo_mode_listens_on_the_loopback_only():
    assert Settings.from_environment({"YISHI_HOST": "0.0.0.0"}, demo=True).host == "127.0.0.1"  # noqa: S104
    assert Settings.from_environment({"YISHI_HOST": "0.0.0.0"}, demo=False).host == "0.0.0.0"  # noqa: S104


def test_settings_travel_to_the_serving_process():
    settings = Settings.from_environment({"PORT": "8123", "YISHI_HTTPS": "1"}, demo=False)
    assert Settings.from_environment(settings.to_environment()) == settings


def test_a_port_that_is_none_is_refused():
    with pytest.raises(ValueError, match="PORT"):
        Settings.from_environment({"PORT": "eighty"})


def test_files_lie_beside_the_database():
    given = Settings.from_environment({"DATABASE_URL": "sqlite:////srv/yishi/yishi.db"})
    assert given.data_directory == Path("/srv/yishi")
    assert Settings.from_environment({"DATABASE_URL": "postgresql://db/yishi"}).data_directory == Path("var")
