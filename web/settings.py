"""What the operator decides: read once from the command line and the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import make_url

DEFAULT_PORT = 8000
DEFAULT_DIRECTORY = "var"
DEFAULT_DATABASE = f"sqlite:///{DEFAULT_DIRECTORY}/yishi.db"
DEMO_COMMUNITY = "jsjy"
MEGABYTE = 1024 * 1024
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. ``data_directory`` holds what is not in the database: session secret, attachments."""

    database_url: str = DEFAULT_DATABASE
    data_directory: Path = field(default_factory=lambda: Path(DEFAULT_DIRECTORY))
    community: str = DEMO_COMMUNITY
    demo: bool = True
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    secure_cookies: bool = False
    test_clock: bool = False  # programs may set the time: for test suites, on the loopback address only
    max_request_bytes: int = 64 * MEGABYTE

    @classmethod
    def from_environment(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        database: str | None = None,
        port: int | None = None,
        demo: bool | None = None,
    ) -> Settings:
        """Arguments go before PORT, DATABASE_URL, YISHI_DATA, YISHI_HOST, YISHI_HTTPS, YISHI_COMMUNITY, YISHI_DEMO,
        YISHI_TEST_CLOCK.

        Demo mode listens on the loopback address only, whatever YISHI_HOST says.
        """
        given = os.environ if environment is None else environment
        demo = given.get("YISHI_DEMO", "") == "1" if demo is None else demo
        database_url = database or given.get("DATABASE_URL", DEFAULT_DATABASE)
        host = "127.0.0.1" if demo else given.get("YISHI_HOST", "127.0.0.1")
        test_clock = given.get("YISHI_TEST_CLOCK", "") == "1"
        if test_clock and host not in LOOPBACK:
            raise ValueError(f"YISHI_TEST_CLOCK 只能在本机使用，不能同时对外监听 {host}。")
        return cls(
            database_url=database_url,
            data_directory=Path(given["YISHI_DATA"]) if "YISHI_DATA" in given else _beside(database_url),
            community=given.get("YISHI_COMMUNITY", DEMO_COMMUNITY),
            demo=demo,
            host=host,
            port=port if port is not None else _port(given.get("PORT", str(DEFAULT_PORT))),
            secure_cookies=given.get("YISHI_HTTPS", "") == "1",
            test_clock=test_clock,
        )

    def to_environment(self) -> dict[str, str]:
        """The same settings for a process that is started by this one."""
        return {
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "YISHI_COMMUNITY": self.community,
            "YISHI_DATA": str(self.data_directory),
            "YISHI_DEMO": "1" if self.demo else "",
            "YISHI_HOST": self.host,
            "YISHI_HTTPS": "1" if self.secure_cookies else "",
            "YISHI_TEST_CLOCK": "1" if self.test_clock else "",
        }

    @property
    def attachments_directory(self) -> Path:
        return self.data_directory / "attachments"

    @property
    def demo_clock_file(self) -> Path:
        return self.data_directory / "demo-clock"

    def secret(self) -> str:
        """The key that signs sessions: made at the first start, readable by the owner only."""
        path = self._private("secret")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii")
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")

    def _private(self, name: str) -> Path:
        self.data_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = self.data_directory / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="ascii")
        return self.data_directory / name


def _beside(database_url: str) -> Path:
    """The folder of an SQLite file; ``var`` for a database elsewhere."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent
    return Path(DEFAULT_DIRECTORY)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"PORT 应为 1 到 65535 之间的数字，现在是“{text}”。")
    return int(text)
