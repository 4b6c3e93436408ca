"""The same completion over HTTP: the product as it is started, a form of three fields, a person signed in."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from bench import models
from engine import instances
from engine.deployments import Resource, deploy
from engine.runtime import Actor
from engine.store import tables
from tests.integration.web.community import ORGANISATION
from web import startup
from web.settings import Settings
from web.wiring import build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

WHO = "resident"
READY_SECONDS = 60
TICKS = os.sysconf("SC_CLK_TCK")


def measure(url: str, folder: Path, requests: int) -> dict[str, float]:
    """Processor time of the server for each completion, and its memory afterwards."""
    settings = Settings(database_url=url, data_directory=folder / "var", port=_free_port())
    tasks = _prepare(settings, requests + 20)
    with _serving(settings) as server:
        visitor = _Visitor(settings.port)
        visitor.sign_in(tasks[0])
        for task in tasks[:20]:
            visitor.complete(task)
        pids = _family(server.pid)
        before = sum(map(_cpu, pids))
        for task in tasks[20:]:
            visitor.complete(task)
        spent = sum(map(_cpu, pids)) - before
        return {
            "http_complete_cpu_ms": spent * 1000 / requests,
            "web_memory_mb": max(map(_memory, pids)),
        }


def _prepare(settings: Settings, count: int) -> list[int]:
    """The product's own database with a small community and so many open tasks of one resident."""
    startup.migrate(settings)
    product = build(settings)
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    with product.engine.work(Actor.system(), settings.community) as work:
        deploy(work, [Resource("p.bpmn", models.ballot()), Resource("ballot.form", models.FORM)])
    with product.engine.work(Actor.system(), settings.community) as work:
        key = instances.start(work, models.PROCESS, {"seats": [WHO] * count})
    with product.store.snapshot() as connection:
        found = select(tables.user_task.c.key).where(tables.user_task.c.instance_key == key)
        tasks = list(connection.execute(found).scalars())
    product.store.close()
    return tasks


@contextmanager
def _serving(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "web.cli", "run", "--port", str(settings.port)]
    environment = os.environ | settings.to_environment()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _await(settings.port)
            yield server
        finally:
            server.terminate()


def _await(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while not _answers(port):
        if time.monotonic() > until:
            raise TimeoutError("the server does not answer")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


class _Visitor:
    """One person's browser, keep-alive, without JavaScript."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._cookie = ""
        self._token = ""

    def sign_in(self, task: int) -> None:
        self._look("/sign-in")
        self._send("/sign-in/demo", {"person": WHO})
        self._look(f"/tasks/{task}")

    def complete(self, task: int) -> None:
        self._send(f"/tasks/{task}", {**models.SUBMISSION, "_do": "submit"})

    def _look(self, path: str) -> None:
        status, text = self._ask("GET", path)
        assert status == 200, (path, status)
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        assert found, path
        self._token = found[1]

    def _send(self, path: str, fields: dict[str, Any]) -> None:
        status, text = self._ask("POST", path, urlencode({**fields, "csrf_token": self._token}))
        assert status in (302, 303), (path, status, text[:2000])

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        given = answer.getheader("Set-Cookie")
        if given:
            self._cookie = given.partition(";")[0]
        return answer.status, text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _family(pid: int) -> list[int]:
    """A process and those it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _cpu(pid: int) -> float:
    """Seconds of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid: int) -> float:
    """Megabytes of a process, what it shares counted in part (PSS)."""
    [line] = [x for x in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if x.startswith("Pss:")]
    return int(line.split()[1]) / 1024
