"""The product, running, and a browser that forgives nothing.

One server for the whole run: the real command on a free port, with a database and demo data of its own. Give
``--base-url`` to look at a server that already runs. Pages open as a phone in China sees them; a script
error, a breach of the content security policy or an answer of 5xx on any page fails the test.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
PHONE = {"width": 390, "height": 844}
START_ATTEMPTS = 150
ATTEMPT_PAUSE = 0.2  # seconds
STOP_PATIENCE = 10  # seconds
WCAG = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder, and keep it in one worker: one browser, one server."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium or another that is installed; none is a failure in CI and a skip elsewhere."""
    path = chromium.find()
    if path is None:
        (pytest.fail if chromium.in_ci() else pytest.skip)(chromium.MISSING)
    flags = ["--disable-dev-shm-usage", "--lang=zh-CN", "--font-render-hinting=none"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium's own sandbox refuses root, as in containers
    return {**browser_type_launch_args, "executable_path": path, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A phone in China, without animations."""
    return {
        **browser_context_args,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "viewport": PHONE,
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the running product with its demo community."""
    if given := pytestconfig.getoption("--base-url"):
        yield given
        return
    folder = tmp_path_factory.mktemp("product")
    with _serving(folder) as url:
        yield url


@pytest.fixture
def new_context(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser context, one per person of a scene; whatever goes wrong on its pages fails the test."""
    faults: list[str] = []

    def watched(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
        context.on("console", lambda message: faults.extend(_policy_breaches(message.text)))
        context.on("response", lambda response: faults.extend(_server_errors(response.status, response.url)))
        return context

    yield watched
    assert faults == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Check a page against WCAG 2.2 A and AA, as far as axe can tell."""

    def check(page: Page) -> None:
        found = Axe().run(page, options={"runOnly": WCAG})
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def pictures() -> Path:
    """The folder for pictures, named by ``PICTURES``; without one nobody asked for any."""
    folder = os.environ.get("PICTURES")
    if not folder:
        pytest.skip("PICTURES names no folder")
    return Path(folder)


def _policy_breaches(text: str) -> list[str]:
    return [text] if "Content Security Policy" in text else []


def _server_errors(status: int, url: str) -> list[str]:
    return [f"{status} {url}"] if status >= 500 else []


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[str]:
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    command = [sys.executable, "-m", "web.cli", "run", "--port", str(port)]
    command += ["--database", f"sqlite:///{folder / 'yishi.db'}"]
    environment = {name: value for name, value in os.environ.items() if name not in {"PORT", "DATABASE_URL"}}
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until_healthy(url, server, log)
        yield url
    finally:
        _stop(server)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_ATTEMPTS):
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            if answer.status == 200:
                return
        threading.Event().wait(ATTEMPT_PAUSE)
    pytest.fail(f"the product did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)  # its workers as well
        server.wait()
