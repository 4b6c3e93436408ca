"""One way to the database, the same for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, event, func, select
from sqlalchemy.engine import Engine as DatabaseEngine
from sqlalchemy.engine import create_engine, make_url

from engine.store import postgresql, sqlite
from engine.store.group_commit import Writers

POOL = {"pool_use_lifo": True}
"""The connection used last goes first: it has its pages and plans at hand still, others would have to read anew."""


class Store:
    """A database and the rules for writing to it.

    SQLite runs with a write-ahead log and ``synchronous=FULL``: what was acknowledged survives a
    power cut. Writers of one process queue, which keeps the slowest writer fast (:mod:`engine.store.group_commit`).
    """

    def __init__(self, database: DatabaseEngine) -> None:
        self.database = database
        self.is_sqlite = database.dialect.name == "sqlite"
        self._writers = Writers(database)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open ``sqlite:///path``, ``sqlite://`` (memory is refused: it is not durable) or ``postgresql://…``."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            address = parsed.set(drivername="postgresql+psycopg")
            database = create_engine(address, paramstyle="format", **POOL)
            event.listen(database, "checkout", postgresql.require_alive)
            return cls(database)
        if parsed.get_backend_name() != "sqlite":
            raise ValueError("只支持 SQLite 与 PostgreSQL 数据库，请检查 DATABASE_URL。")
        if not parsed.database or parsed.database == ":memory:":
            raise ValueError("数据库必须是磁盘上的文件，例如 sqlite:///var/yishi.db。")
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        database = create_engine(parsed, module=sqlite.driver(), connect_args=sqlite.OPTIONS, **POOL)
        event.listen(database, "connect", sqlite.prepare)
        return cls(database)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One writing transaction: committed at the end of the block, rolled back on any exception."""
        if self.is_sqlite:
            with self._writers.transaction() as connection:
                yield connection
        else:
            with self.database.begin() as connection:
                yield connection
                postgresql.commit(connection)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A reading transaction; whatever is written in it is thrown away: the pool rolls back what comes home."""
        with self.database.connect() as connection:
            if self.is_sqlite:
                sqlite.begin(connection)
            yield connection

    @contextmanager
    def together(self) -> Iterator[Store]:
        """A store whose transactions are parts of one transaction of this: committed together at the end, or not at all."""
        with self.transaction() as connection:
            yield _Enclosed(self.database, connection)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time is in such a block; the others wait. It is no transaction."""
        with sqlite.lock(self.database) if self.is_sqlite else _advisory_lock(self.database):
            yield

    def close(self) -> None:
        """Give all connections back."""
        self.database.dispose()


class _Enclosed(Store):
    def __init__(self, database: DatabaseEngine, connection: Connection) -> None:
        super().__init__(database)
        self._connection = connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self._connection.begin_nested():
            yield self._connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        savepoint = self._connection.begin_nested()
        try:
            yield self._connection
        finally:
            savepoint.rollback()

    def close(self) -> None:
        """The connections are the outer store's."""


@contextmanager
def _advisory_lock(database: DatabaseEngine) -> Iterator[None]:
    """Held by the session: PostgreSQL gives it back when the process dies."""
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(_LOCK)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(_LOCK)))


_LOCK = int.from_bytes(b"yishi")
