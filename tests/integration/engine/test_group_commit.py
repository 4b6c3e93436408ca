"""Writers who queue for SQLite share one commit: nobody hears of success too early, nobody undoes another's work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from engine.store import group_commit, sqlite
from engine.store.group_commit import Writers

Block = Callable[[Connection], object]


class Desk:
    """Writers, each in a thread of its own, and a first one who stays until told to leave."""

    def __init__(self, path: Path) -> None:
        self.database = create_engine(f"sqlite:///{path}", module=sqlite.driver())
        event.listen(self.database, "connect", sqlite.prepare)
        with self.database.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE note (word TEXT UNIQUE)")
        self.commits: list[Connection] = []
        event.listen(self.database, "commit", self.commits.append)
        self.writers = Writers(self.database)
        self.pool = ThreadPoolExecutor(8)
        self.leave = threading.Event()

    def occupy(self, block: Block) -> Future[None]:
        """Somebody is in and stays."""
        entered = threading.Event()

        def stay(connection: Connection) -> None:
            entered.set()
            self.leave.wait()
            block(connection)

        first = self.pool.submit(self.transaction, stay)
        entered.wait()
        return first

    def queue(self, block: Block) -> Future[None]:
        """One more waits for their turn, behind those who came before."""
        before = self.writers.waiting
        future = self.pool.submit(self.transaction, block)
        while self.writers.waiting == before:
            pass
        return future

    def transaction(self, block: Block) -> None:
        with self.writers.transaction() as connection:
            block(connection)

    def words(self) -> list[str]:
        with self.database.connect() as connection:
            return list(connection.exec_driver_sql("SELECT word FROM note ORDER BY rowid").scalars())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(group_commit, "LONGEST", 600.0)  # only what a test does ends a group
    desk = Desk(tmp_path / "notes.db")
    yield desk
    desk.leave.set()
    desk.pool.shutdown()
    desk.database.dispose()


def note(word: str) -> Block:
    return lambda connection: connection.exec_driver_sql("INSERT INTO note VALUES (?)", (word,))


def test_those_who_queue_are_written_in_order_with_one_commit(desk: Desk) -> None:
    futures = [desk.occupy(note("a")), *(desk.queue(note(word)) for word in "bcd")]
    desk.leave.set()
    for future in futures:
        future.result()
    assert desk.words() == ["a", "b", "c", "d"]
    assert len(desk.commits) == 1


def test_nobody_hears_of_success_before_the_commit(desk: Desk) -> None:
    seen: list[bool] = []
    first = desk.occupy(note("a"))
    last = desk.queue(lambda connection: seen.append(first.done()))
    desk.leave.set()
    last.result()
    first.result()
    assert seen == [False]
    assert len(desk.commits) == 1


def test_what_one_of_them_does_is_undone_alone(desk: Desk) -> None:
    first = desk.occupy(note("a"))
    broken = desk.queue(lambda connection: [note("b")(connection), note("a")(connection)])
    last = desk.queue(note("c"))
    desk.leave.set()
    with pytest.raises(SQLAlchemyError):
        broken.result()
    first.result()
    last.result()
    assert desk.words() == ["a", "c"]


def test_a_first_one_that_fails_leaves_nothing_and_holds_up_nobody(desk: Desk) -> None:
    broken = desk.occupy(lambda connection: [note("a")(connection), note("a")(connection)])
    last = desk.queue(note("b"))
    desk.leave.set()
    with pytest.raises(SQLAlchemyError):
        broken.result()
    last.result()
    assert desk.words() == ["b"]


def test_when_the_database_undoes_everything_nobody_is_told_it_was_done(desk: Desk) -> None:
    first = desk.occupy(note("a"))
    fatal = desk.queue(lambda connection: connection.exec_driver_sql("ROLLBACK"))
    last = desk.queue(note("b"))
    desk.leave.set()
    for future in (first, fatal):
        with pytest.raises(SQLAlchemyError):
            future.result()
    last.result()
    assert desk.words() == ["b"]


def test_a_writer_of_another_process_is_waited_for_and_then_refused(desk: Desk) -> None:
    with sqlite.driver().connect(desk.database.url.database) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            desk.database.connect() as connection
        ):  # the pool's only connection: it shall not wait half a minute
            connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(OperationalError):
            desk.transaction(note("a"))
        other.rollback()
    other.close()
    desk.transaction(note("b"))
    assert desk.words() == ["b"]


def test_a_group_takes_nobody_in_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "LONGEST", 0.0)
    futures = [desk.occupy(note("a")), desk.queue(note("b"))]
    desk.leave.set()
    for future in futures:
        future.result()
    assert desk.words() == ["a", "b"]
    assert len(desk.commits) == 2
