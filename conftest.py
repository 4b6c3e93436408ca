"""Guards for every test of the product, in ``tests/`` and in ``features/`` alike.

A test reaches no machine but this one, waits for no clock, and cannot vanish: a module without tests is an
error. Warnings are errors too, by ``filterwarnings`` in pyproject.toml.
"""

from __future__ import annotations

import ipaddress
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.databases", "features.session"]

ROOT = Path(__file__).resolve().parent
OURS = tuple(
    str(ROOT / folder) for folder in ("engine", "workflows", "web", "tests", "features", "conftest.py")
)

_real_sleep = time.sleep
_sleepers: set[str] = set()  # node ids of the running tests that may sleep


def is_loopback(host: object) -> bool:
    """Whether ``host`` names this machine; names that would need a resolver do not."""
    if isinstance(host, bytes):
        host = host.decode()
    if not host or host == "localhost":  # empty: any address of this machine
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, args: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a Unix socket
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if not is_loopback(host):
        raise RuntimeError(f"tests reach no network: {event} to {host!r}")


def _refuse_sleep(seconds: float) -> None:
    """Stands in for ``time.sleep``; libraries may wait (``Popen.wait`` does), our own code may not."""
    caller = sys._getframe(1).f_code.co_filename
    if caller.startswith(OURS) and not _sleepers:
        raise RuntimeError("time.sleep in a test: wait for the event itself, or mark the test real_time")
    _real_sleep(seconds)


# An audit hook sees every connection, whichever library opens it; it stays for the life of the process.
sys.addaudithook(_refuse_network)
time.sleep = _refuse_sleep


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test marked ``real_time`` sleep, its fixtures included."""
    if item.get_closest_marker("real_time"):
        _sleepers.add(item.nodeid)
    try:
        return (yield)
    finally:
        _sleepers.discard(item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail when a test module holds no test: a misspelt name must not take its tests away in silence."""
    report = yield
    if isinstance(collector, pytest.Module) and report.passed and not report.result:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} holds no test"
    return report
