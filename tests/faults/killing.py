"""The running product, killed without warning while it answers, and a client that just tries again."""

from __future__ import annotations

import http.cookiejar
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import EnvironBuilder

from web.demo_clock import DemoClock

LONGEST_LIFE = 0.25
"""Seconds a request may live before the server is killed under it; most answers take less."""


@dataclass
class Answer:
    """What the tests' browser reads of an answer."""

    path: str
    status_code: int
    mimetype: str
    text: str

    @property
    def request(self) -> Any:
        return _Request(self.path)


@dataclass
class _Request:
    full_path: str


class Server:
    """``yishi run`` on a database that is prepared already; its clock is the demo's."""

    def __init__(self, folder: Path, chance: random.Random, kill_share: float) -> None:
        self.folder, self.chance, self.kill_share = folder, chance, kill_share
        self.kills = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "web.cli", "run", "--port", str(self.port)]
        command += ["--database", f"sqlite:///{self.folder / 'yishi.db'}"]
        environment = os.environ | {"YISHI_DATA": str(self.folder / "var")}
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        waiting = threading.Event()
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except OSError:
                waiting.wait(0.1)
        raise AssertionError((self.folder / "server.log").read_text())

    def kill(self) -> None:
        """SIGKILL to every process of the server at once."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    def killed_during(self, request: urllib.request.Request, opener: urllib.request.OpenerDirector) -> Any:
        """Send a request and kill the server while it works on it, or just after it has answered."""
        self.kills += 1
        timer = threading.Timer(self.chance.uniform(0, LONGEST_LIFE), self.kill)
        timer.start()
        try:
            return _read(opener, request)
        finally:
            timer.join()
            self.restart()


class Client:
    """Looks like Flask's test client to the tests' browser; sends again what was never answered."""

    def __init__(self, server: Server) -> None:
        self._server = server
        cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))

    def get(self, path: str, **_: Any) -> Answer:
        return _read(self._opener, urllib.request.Request(self._server.url + path))

    def post(self, path: str, data: Mapping[str, Any] | None = None, **_: Any) -> Answer:
        builder = EnvironBuilder(path=path, method="POST", data=data)
        environment = builder.get_environ()
        body = environment["wsgi.input"].read()
        headers = {"Content-Type": environment["CONTENT_TYPE"], "Origin": self._server.url}

        def request() -> urllib.request.Request:
            return urllib.request.Request(self._server.url + path, data=body, headers=headers)

        if self._server.chance.random() >= self._server.kill_share:
            return _read(self._opener, request())
        try:
            return self._server.killed_during(request(), self._opener)
        except (OSError, urllib.error.URLError):
            return _read(self._opener, request())  # nobody acknowledged anything: try again


def _read(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> Answer:
    try:
        response = opener.open(request, timeout=30)
    except urllib.error.HTTPError as refused:
        response = refused
    with response:
        parts = urlsplit(response.url)
        text = response.read().decode("utf-8", "replace")
        return Answer(parts.path, response.status, response.headers.get_content_type(), text)


class JumpingClock:
    """Moves the demo's clock by the file it is kept in; the server reads it when it starts."""

    def __init__(self, server: Server, file: Path) -> None:
        self._server, self._file = server, file

    def now(self) -> datetime:
        return DemoClock(self._file).now() if self._file.exists() else datetime.now(UTC)

    def set(self, instant: datetime) -> None:
        self._file.parent.mkdir(exist_ok=True)
        DemoClock(self._file).jump(instant)
        self._server.restart()
