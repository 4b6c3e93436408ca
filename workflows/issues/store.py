"""The issues beside their processes: to find the same thing again, to answer a query code, to count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    select,
    update,
)

from engine.store.tables import Instant, instance
from workflows.issues import rules
from workflows.issues.model import Closing, Issue, Level
from workflows.store import metadata, upsert

issue = Table(
    "issue",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("matter_no", String(64), primary_key=True),
    Column("instance_key", BigInteger, nullable=False),
    Column("grid", String(64), nullable=False),
    Column("category", String(32), nullable=False),
    Column("title", String(255), nullable=False),
    Column("place", String(255), nullable=False),
    Column("description", Text, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("reporter", String(64)),
    Column("sensitive", Boolean, nullable=False),
    Column("query_code", String(16)),
    Column("master", String(64)),
    Index("ix_issue_same", "community", "grid", "category", "reported_at"),
    UniqueConstraint("community", "query_code"),
)

issue_closing = Table(  # one row for each issue that was handled to its end
    "issue_closing",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("matter_no", String(64), primary_key=True),
    Column("closed_at", Instant, nullable=False),
    Column("outcome", String(64), nullable=False),
    Column("level", String(16), nullable=False),
    Column("contacted_in_time", Boolean),
    Column("solved", String(16)),
    Column("counted_as", String(16), nullable=False),
    Column("redo_count", Integer, nullable=False),
    Column("return_count", Integer, nullable=False),
    Column("overdue_times", Integer, nullable=False),
    Index("ix_issue_closing_month", "community", "closed_at"),
)


def register(connection: Connection, new: Issue) -> None:
    """Enter a reported issue."""
    upsert(connection, issue, [asdict(new)])


def same_as(connection: Connection, new: Issue) -> list[Issue]:
    """Issues that may be about the same thing, the nearest in time first; those merged into another are left out."""
    columns = issue.c
    statement = select(issue).where(
        columns.community == new.community,
        columns.grid == new.grid,
        columns.category == new.category,
        columns.reported_at >= new.reported_at - rules.SAME_WITHIN,
        columns.matter_no != new.matter_no,
        columns.master.is_(None),
    )
    newest_first = statement.order_by(columns.reported_at.desc(), columns.matter_no.desc())
    found = (_issue(row) for row in connection.execute(newest_first).mappings())
    return [one for one in found if rules.may_be_same(new, one)]


def by_number(connection: Connection, community: str, matter_no: str) -> Issue | None:
    """The issue with this number."""
    return _one(connection, community, issue.c.matter_no == matter_no)


def by_code(connection: Connection, community: str, code: str) -> Issue | None:
    """The issue a query code was given for, as somebody typed it."""
    return _one(connection, community, issue.c.query_code == rules.read_code(code))


def open_issues(connection: Connection, community: str, limit: int) -> list[Issue]:
    """Issues in hand, newest first; sensitive ones and those merged into another are left out."""
    running = select(instance.c.key).where(instance.c.community == community, instance.c.state == "ACTIVE")
    statement = select(issue).where(
        issue.c.community == community,
        issue.c.sensitive.is_(False),
        issue.c.master.is_(None),
        issue.c.instance_key.in_(running),
    )
    newest_first = statement.order_by(issue.c.reported_at.desc(), issue.c.matter_no.desc()).limit(limit)
    return [_issue(row) for row in connection.execute(newest_first).mappings()]


def merge(connection: Connection, community: str, matter_no: str, master: str) -> None:
    """From now on the issue is a part of its master."""
    _change(connection, community, matter_no, {"master": master})


def forget_reporter(connection: Connection, community: str, matter_no: str) -> None:
    """Nothing here leads to the reporter any more."""
    _change(connection, community, matter_no, {"reporter": None})


def merged_into(connection: Connection, community: str, master: str) -> list[Issue]:
    """The issues that are a part of this one, oldest first."""
    statement = select(issue).where(issue.c.community == community, issue.c.master == master)
    rows = connection.execute(statement.order_by(issue.c.reported_at)).mappings()
    return [_issue(row) for row in rows]


def close(connection: Connection, community: str, matter_no: str, closing: Closing, now: datetime) -> None:
    """Note how an issue ended, for the rates."""
    row = {"community": community, "matter_no": matter_no, "closed_at": now, **asdict(closing)}
    upsert(connection, issue_closing, [row | {"level": str(closing.level)}])


def closings(
    connection: Connection, community: str, since: datetime, until: datetime, grid: str | None = None
) -> Sequence[Closing]:
    """How the issues (of one grid) closed from ``since`` up to before ``until`` ended, for :func:`rules.rates`."""
    names = [field.name for field in fields(Closing)]
    match = (
        issue_closing.c.community == community,
        issue_closing.c.closed_at >= since,
        issue_closing.c.closed_at < until,
    )
    statement = select(*(issue_closing.c[name] for name in names)).where(*match)
    if grid is not None:
        same = (issue.c.community == community, issue.c.matter_no == issue_closing.c.matter_no)
        statement = statement.join(issue, and_(*same)).where(issue.c.grid == grid)
    rows = connection.execute(statement).mappings()
    return [Closing(**{**row, "level": Level(row["level"])}) for row in rows]


def _one(connection: Connection, community: str, condition: Any) -> Issue | None:
    row = connection.execute(select(issue).where(issue.c.community == community, condition)).mappings()
    found = row.one_or_none()
    return None if found is None else _issue(found)


def _change(connection: Connection, community: str, matter_no: str, values: dict[str, Any]) -> None:
    match = (issue.c.community == community, issue.c.matter_no == matter_no)
    connection.execute(update(issue).where(*match).values(values))


def _issue(row: RowMapping) -> Issue:
    return Issue(**row)
