"""The same completion over HTTP: the product as it is started, a form of three fields, a person signed in."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
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
from web.wiring import Product, build
from workflows.calendar import store as calendar
from workflows.organisation.importer import import_organisation

WHO = "resident"
READY_SECONDS = 60
IDLE_SECONDS = 3
WARM = 60
"""Completions, and pages of each kind, before anything is measured: whatever is kept in memory is there then."""
LEFT = 30
"""Tasks of another matter that stay open: what the pages show."""
TICKS = os.sysconf("SC_CLK_TCK")


def measure(url: str, folder: Path, requests: int) -> dict[str, float]:
    """Processor time of the server for each completion and each page, and its memory afterwards."""
    settings = Settings(database_url=url, data_directory=folder / "var", port=_free_port())
    tasks, left = _prepare(settings, WARM + requests, LEFT)
    with _serving(settings) as server:
        visitor = _Visitor(settings.port)
        visitor.sign_in(left[0])
        task_page, inbox = f"/tasks/{left[0]}", "/tasks"
        for task in tasks[:WARM]:
            visitor.complete(task)
        for page in (task_page, inbox) * WARM:
            visitor.look(page)
        meter = _Meter(_family(server.pid))
        return {
            "http_complete_cpu_ms": meter.each(visitor.complete, tasks[WARM:]),
            "http_task_page_cpu_ms": meter.each(visitor.look, [task_page] * requests),
            "http_inbox_page_cpu_ms": meter.each(visitor.look, [inbox] * requests),
            "web_memory_mb": max(map(_memory, meter.pids)),
        }


def _prepare(settings: Settings, *counts: int) -> list[list[int]]:
    """The product's own database with a small community, and matters with so many open tasks of one resident."""
    startup.migrate(settings)
    product = build(settings)
    with product.store.transaction() as connection:
        calendar.seed(connection)
        import_organisation(connection, ORGANISATION)
    with product.engine.work(Actor.system(), settings.community) as work:
        deploy(work, [Resource("p.bpmn", models.ballot()), Resource("ballot.form", models.FORM)])
    matters = [_start(product, count) for count in counts]
    product.store.close()
    return matters


def _start(product: Product, count: int) -> list[int]:
    task, community = tables.user_task.c, product.settings.community
    with product.engine.work(Actor.system(), community) as work:
        key = instances.start(work, models.PROCESS, {"seats": [WHO] * count})
    with product.store.snapshot() as connection:
        found = select(task.key).where(task.community == community, task.instance_key == key)
        return list(connection.execute(found.order_by(task.key)).scalars())


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
        self.look("/sign-in")
        self._send("/sign-in/demo", {"person": WHO})
        self.look(f"/tasks/{task}")

    def complete(self, task: int) -> None:
        self._send(f"/tasks/{task}", {**models.SUBMISSION, "_do": "submit"})

    def look(self, path: str) -> None:
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


class _Meter:
    """Processor time of processes beyond what they take when nobody asks anything of them."""

    def __init__(self, pids: list[int]) -> None:
        self.pids = pids
        self._idle, _ = self._taken(lambda: time.sleep(IDLE_SECONDS))

    def each(self, action: Callable[[Any], object], arguments: Sequence[Any]) -> float:
        """Milliseconds for each of these, one after the other."""
        used, seconds = self._taken(lambda: [action(argument) for argument in arguments])
        return (used - self._idle * seconds / IDLE_SECONDS) * 1000 / len(arguments)

    def _taken(self, action: Callable[[], object]) -> tuple[float, float]:
        """Seconds of processor time and of the clock."""
        cpu, clock = sum(map(_cpu, self.pids)), time.perf_counter()
        action()
        return sum(map(_cpu, self.pids)) - cpu, time.perf_counter() - clock


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
