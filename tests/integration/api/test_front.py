"""The server's front: pages on threads, waiting programs on none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask, Response, request

from web.api.waiting import MARK, may_wait
from web.front import Front
from web.waiting_room import Seen, WaitingRoom

Answer = tuple[int, dict[bytes, bytes], bytes]


class Jobs:
    """An application with one address that hands out what it has, and the front before it."""

    def __init__(self, pause: float = 0.01) -> None:
        self.left: dict[str, int] = {}
        self.asked = 0
        app = Flask(__name__)
        app.add_url_rule("/take/<kind>", "take", self._take, methods=["POST"])
        app.add_url_rule("/echo/<word>", "echo", _echo, methods=["GET", "POST"])
        self._pause = pause
        self.room = WaitingRoom(self._look)
        self.front = Front(app, self.room, longest_body=1000, threads=2)

    def _take(self, kind: str) -> str:
        self.asked += 1
        if self.left.get(kind, 0):
            self.left[kind] -= 1
            return "job"
        may_wait(kind, int(request.headers.get("wait", "0")))
        return "none"

    def _look(self, types: Collection[str]) -> Seen:
        return Seen({kind: number for kind, number in self.left.items() if kind in types}, self._pause)

    async def ask(
        self,
        path: str,
        *,
        method: str = "POST",
        body: bytes = b"",
        gone: asyncio.Event | None = None,
        **headers: str,
    ) -> Answer | None:
        """One request; ``None`` when the program hung up (``gone``) before there was an answer."""
        sent: list[dict[str, Any]] = []
        parts = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if parts:
                return parts.pop()
            await (gone or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": given,
            "query_string": b"a=%E5%A5%BD",
        }
        await self.front(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def _echo(word: str) -> Response:
    text = "|".join(
        [
            request.method,
            word,
            request.args["a"],
            request.get_data(as_text=True),
            request.cookies.get("c", ""),
        ]
    )
    return Response(text, headers={"X-Seen": "1"})


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


def play(scene: Callable[[], Awaitable[Any]]) -> Any:
    """In a thread of its own: the browser tests' library keeps a loop running in the main one."""

    async def within_ten_seconds() -> Any:
        return await asyncio.wait_for(scene(), 10)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, within_ten_seconds()).result()


def test_a_request_reaches_the_application_whole(jobs: Jobs):
    async def scene() -> Any:
        return await jobs.ask("/echo/词", body="正文".encode(), cookie="c=1")

    status, headers, body = play(scene)
    assert (status, headers[b"x-seen"], body.decode()) == (200, b"1", "POST|词|好|正文|1")


def test_a_body_that_is_too_long_is_refused_before_it_is_read_whole(jobs: Jobs):
    async def scene() -> Any:
        return await jobs.ask("/echo/x", body=b"x" * 1001)

    assert play(scene)[0] == 413


def test_a_job_that_is_there_is_answered_at_once(jobs: Jobs):
    jobs.left["a"] = 1

    async def scene() -> Any:
        return await jobs.ask("/take/a")

    assert play(scene)[2] == b"job"
    assert jobs.asked == 1


def test_a_waiting_program_is_answered_when_a_job_comes(jobs: Jobs):
    async def scene() -> Any:
        waiting = asyncio.create_task(jobs.ask("/take/a"))
        while not jobs.asked:
            await asyncio.sleep(0)
        jobs.left["a"] = 1
        jobs.room.look()
        return await waiting

    status, headers, body = play(scene)
    assert (status, body) == (200, b"job")
    assert MARK.lower().encode() not in headers


def test_the_empty_answer_comes_when_the_time_is_up(jobs: Jobs):
    async def scene() -> Any:
        return await jobs.ask("/take/a", wait="20")

    status, headers, body = play(scene)
    assert (status, body) == (200, b"none")
    assert MARK.lower().encode() not in headers


def test_who_hangs_up_is_given_no_job(jobs: Jobs):
    async def scene() -> Any:
        gone = asyncio.Event()
        waiting = asyncio.create_task(jobs.ask("/take/a", gone=gone))
        while not jobs.asked:
            await asyncio.sleep(0)
        gone.set()
        await waiting
        jobs.left["a"] = 1
        jobs.room.look()
        return await jobs.ask("/take/a")

    assert play(scene)[2] == b"job"


def test_one_job_wakes_one_of_those_who_wait(jobs: Jobs):
    async def scene() -> Any:
        waiting = [asyncio.create_task(jobs.ask("/take/a", wait="150")) for _ in range(20)]
        while jobs.asked < 20:
            await asyncio.sleep(0)
        jobs.left["a"] = 1
        return [answer[2] for answer in await asyncio.gather(*waiting) if answer]

    assert sorted(play(scene)) == [b"job"] + [b"none"] * 19
    assert jobs.asked < 30


def test_waiting_programs_do_not_keep_pages_waiting(jobs: Jobs):
    async def scene() -> Any:
        waiting = [asyncio.create_task(jobs.ask("/take/a", wait="5000")) for _ in range(50)]
        while jobs.asked < 50:
            await asyncio.sleep(0)
        answer = await asyncio.wait_for(jobs.ask("/echo/page", method="GET"), 2)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return answer

    assert play(scene)[0] == 200
