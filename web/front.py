"""The server's front: ASGI outside, the WSGI application on a few threads inside, waiting held by neither.

Pages are answered by :data:`THREADS` threads. A worker program that polls for jobs and finds none is held here, as
a coroutine: the application marks the empty answer (:mod:`web.api.waiting`), and the front asks again when a job
of that type can be taken, or sends the empty answer when its time is up. See ``docs/adr/0006``.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from web.api.waiting import MARK, read_mark
from web.waiting_room import WaitingRoom

THREADS = 4
IN_MEMORY = 1024 * 1024
"""Bytes of a request kept in memory; the rest goes to a temporary file."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class _Answer:
    """What the application said; ``mark`` tells that it may be held back."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    mark: str | None = None

    def begin(
        self, status: str, headers: list[tuple[str, str]], _error: Any = None
    ) -> Callable[[bytes], None]:
        """WSGI's ``start_response``."""
        self.status = int(status.split(" ", 1)[0])
        self.mark = next((value for name, value in headers if name == MARK), None)
        self.headers = [(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers if n != MARK]
        return lambda _data: None


class Front:
    """An ASGI application around a WSGI one."""

    def __init__(self, app: WSGI, room: WaitingRoom, *, longest_body: int, threads: int = THREADS) -> None:
        self._app = app
        self._room = room
        self._longest_body = longest_body
        self._threads = ThreadPoolExecutor(threads, "yishi-web")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                self._threads.shutdown()
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(IN_MEMORY) as body:
            if not await self._read(receive, body):
                await _send(send, _Answer(413, [(b"content-type", b"text/plain")], b"too large"))
                return
            answer = await self._ask(scope, body)
            if answer.mark is not None:
                answer = await self._hold(scope, body, receive, answer)
        await _send(send, answer)

    async def _read(self, receive: Receive, body: IO[bytes]) -> bool:
        """The whole body into ``body``; whether it was short enough."""
        size = 0
        while True:
            message = await receive()
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._longest_body:
                return False
            body.write(chunk)
            if not message.get("more_body", False):
                return True

    async def _ask(self, scope: Scope, body: IO[bytes]) -> _Answer:
        """Let the application answer, on one of its threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, scope, body)

    def _run(self, scope: Scope, body: IO[bytes]) -> _Answer:
        answer = _Answer()
        chunks = self._app(_environment(scope, body), answer.begin)
        try:
            answer.body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return answer

    async def _hold(self, scope: Scope, body: IO[bytes], receive: Receive, answer: _Answer) -> _Answer:
        """Ask again whenever there may be a job, until there is one, the time is up or the caller has gone."""
        seconds, job_type = read_mark(answer.mark or "")
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        gone = asyncio.ensure_future(_gone(receive))
        try:
            while answer.mark is not None and await self._room.wait(job_type, gone, end - clock()):
                answer = await self._ask(scope, body)
        finally:
            gone.cancel()
        return answer


async def _gone(receive: Receive) -> None:
    """Ends when the caller has hung up."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, answer: _Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


def _environment(scope: Scope, body: IO[bytes]) -> dict[str, Any]:
    """The request as WSGI (PEP 3333) has it: texts are bytes read as Latin-1."""
    size = body.seek(0, 2)
    body.seek(0)
    path = scope.get("raw_path") or scope["path"].encode()
    server = scope.get("server") or ("127.0.0.1", 80)
    client = scope.get("client") or ("", 0)
    environment: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.partition(b"?")[0]).decode("latin-1"),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": client[0],
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body if size else BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environment, name.decode("latin-1"), value.decode("latin-1"))
    return environment


def _add_header(environment: dict[str, Any], name: str, value: str) -> None:
    if name == "content-length":  # the body was counted
        return
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    joined = "; " if name == "cookie" else ","
    environment[key] = f"{environment[key]}{joined}{value}" if key in environment else value
