"""The archive: one row for each closed matter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, UniqueConstraint, select

from engine.store.tables import Instant
from workflows.store import metadata

archive = Table(
    "archive",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("archive_no", String(64), primary_key=True),
    Column("matter_no", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("archived_at", Instant, nullable=False),
    UniqueConstraint("community", "matter_no"),
)


def file(
    connection: Connection, community: str, archive_no: str, matter_no: str, digest: str, now: datetime
) -> None:
    """Enter a closed matter into the archive; ``digest`` is SHA-256 over its variables."""
    row = {"community": community, "archive_no": archive_no, "matter_no": matter_no, "digest": digest}
    connection.execute(archive.insert(), row | {"archived_at": now})


def digest_of(connection: Connection, community: str, matter_no: str) -> str | None:
    """The digest a matter was archived with, ``None`` when it is not archived."""
    match = (archive.c.community == community, archive.c.matter_no == matter_no)
    return connection.execute(select(archive.c.digest).where(*match)).scalar_one_or_none()
