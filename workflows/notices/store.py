"""The notice board and the letter boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    RowMapping,
    String,
    Table,
    Text,
    bindparam,
    func,
    select,
    update,
)

from engine.store.statements import Query
from engine.store.tables import Instant
from workflows.notices.model import NoticeKind, Notification, PublicNotice
from workflows.notices.rules import redacted
from workflows.store import metadata

public_notice = Table(
    "public_notice",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("title", String(255), nullable=False),
    Column("body", Text, nullable=False),
    Column("matter_no", String(64), nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index("ix_public_notice_board", "community", "published_at"),
    Index("ix_public_notice_matter", "community", "matter_no"),
)

notification = Table(
    "notification",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(64), nullable=False),
    Column("title", String(255), nullable=False),
    Column("body", Text, nullable=False),
    Column("matter_no", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index("ix_notification_person", "person", "read_at", "created_at"),
)


def publish(connection: Connection, notice: PublicNotice) -> None:
    """Put a notice on the board. Identity card and telephone numbers never get there: they are redacted here."""
    values = asdict(notice)
    values |= {"kind": str(notice.kind), "title": redacted(notice.title), "body": redacted(notice.body)}
    connection.execute(public_notice.insert(), values)


def extend(connection: Connection, community: str, id_: int, until: datetime) -> None:
    """Leave a notice on the board longer."""
    match = (public_notice.c.community == community, public_notice.c.id == id_)
    connection.execute(update(public_notice).where(*match).values(until=until))


def get(connection: Connection, community: str, id_: int) -> PublicNotice | None:
    """One notice, ``None`` when there is none."""
    match = (public_notice.c.community == community, public_notice.c.id == id_)
    row = connection.execute(select(public_notice).where(*match)).mappings().one_or_none()
    return None if row is None else _notice(row)


def board(
    connection: Connection, community: str, limit: int = 50, before: datetime | None = None
) -> list[PublicNotice]:
    """The community's notices, newest first; ``before`` goes on after the last one of a page."""
    statement = select(public_notice).where(public_notice.c.community == community)
    if before is not None:
        statement = statement.where(public_notice.c.published_at < before)
    newest_first = statement.order_by(public_notice.c.published_at.desc(), public_notice.c.id.desc())
    return [_notice(row) for row in connection.execute(newest_first.limit(limit)).mappings()]


def notify(connection: Connection, notifications: Iterable[Notification]) -> None:
    """Put messages into the letter boxes of the persons they name."""
    rows = [asdict(one) for one in notifications]
    if rows:
        connection.execute(notification.insert(), rows)


def told_since(
    connection: Connection,
    persons: Iterable[str],
    matter_no: str,
    since: datetime,
    title: str | None = None,
) -> set[str]:
    """Who of the persons has got a message (or the one with this title) about a matter since then."""
    statement = select(notification.c.person).where(
        notification.c.person.in_(list(persons)),
        notification.c.matter_no == matter_no,
        notification.c.created_at >= since,
    )
    if title is not None:
        statement = statement.where(notification.c.title == title)
    return set(connection.scalars(statement))


def letters(connection: Connection, person: str, limit: int = 50) -> list[Notification]:
    """A person's messages, newest first."""
    mine = select(notification).where(notification.c.person == person)
    newest_first = mine.order_by(notification.c.created_at.desc(), notification.c.id.desc()).limit(limit)
    return [Notification(**row) for row in connection.execute(newest_first).mappings()]


def unread(connection: Connection, person: str) -> int:
    """How many messages a person has not read."""
    [row] = _UNREAD.all(connection, {"person": person})
    return int(row.number)


_UNREAD = Query(
    select(func.count().label("number"))
    .select_from(notification)
    .where(notification.c.person == bindparam("person"), notification.c.read_at.is_(None))
)


def mark_read(connection: Connection, person: str, ids: Iterable[int], now: datetime) -> None:
    """Note that the person has seen these messages; those of others are left alone."""
    match = (
        notification.c.person == person,
        notification.c.id.in_(list(ids)),
        notification.c.read_at.is_(None),
    )
    connection.execute(update(notification).where(*match).values(read_at=now))


def _notice(row: RowMapping) -> PublicNotice:
    return PublicNotice(**{**row, "kind": NoticeKind(row["kind"])})
