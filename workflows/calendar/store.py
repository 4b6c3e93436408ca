"""The calendar as administrators keep it: a yearly schedule, editable day by day, and regional exceptions.

A row of region ``""`` holds for the whole country; a row of a region overrides it there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any

from sqlalchemy import Column, Connection, Date, Integer, String, Table, delete, select

from engine.store.database import Store
from workflows.calendar.model import Calendar, DayKind, ExceptionalDay
from workflows.store import insert, metadata, upsert

NATIONWIDE = ""

calendar_year = Table(  # the years whose schedule is known; the others are provisional
    "calendar_year",
    metadata,
    Column("region", String(64), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("source", String(255), nullable=False),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    Column("region", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", String(16), nullable=False),  # holiday | workday
    Column("name", String(255), nullable=False),
)

calendar_revision = Table(  # one row, counts the changes, so that other processes notice them
    "calendar_revision",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)


def load(connection: Connection, region: str | None = None) -> Calendar:
    """The calendar that holds in ``region``, or nationwide."""
    regions = (NATIONWIDE, region or NATIONWIDE)
    days = connection.execute(
        select(calendar_day).where(calendar_day.c.region.in_(regions)).order_by(calendar_day.c.region)
    )
    years = connection.scalars(select(calendar_year.c.year).where(calendar_year.c.region.in_(regions)))
    return Calendar(
        days={row.day: ExceptionalDay(row.day, DayKind(row.kind), row.name) for row in days},
        announced_years=frozenset(years),
    )


def import_year(connection: Connection, schedule: Mapping[str, Any], region: str = NATIONWIDE) -> None:
    """Enter a year's schedule ``{year, source, days: [{date, kind, name}]}`` in place of what the year had.

    Raises ``ValueError`` for a day of another year or an unknown kind.
    """
    year = int(schedule["year"])
    days = [
        _day_row(region, date.fromisoformat(d["date"]), DayKind(d["kind"]), d["name"])
        for d in schedule["days"]
    ]
    if strangers := [str(row["day"]) for row in days if row["day"].year != year]:
        raise ValueError(f"{year} 年的放假安排里有其他年份的日期：{'、'.join(strangers)}。")
    of_year = calendar_day.c.day.between(date(year, 1, 1), date(year, 12, 31))
    connection.execute(delete(calendar_day).where(calendar_day.c.region == region, of_year))
    if days:
        connection.execute(calendar_day.insert(), days)
    upsert(connection, calendar_year, [{"region": region, "year": year, "source": schedule["source"]}])
    _changed(connection)


def set_day(connection: Connection, day: date, kind: DayKind, name: str, region: str = NATIONWIDE) -> None:
    """Declare one day a holiday or a working day."""
    upsert(connection, calendar_day, [_day_row(region, day, kind, name)])
    _changed(connection)


def clear_day(connection: Connection, day: date, region: str = NATIONWIDE) -> None:
    """Make it an ordinary day of the week again."""
    connection.execute(delete(calendar_day).where(calendar_day.c.region == region, calendar_day.c.day == day))
    _changed(connection)


def seed(connection: Connection) -> None:
    """Enter the schedules that come with the product, for years the table does not know yet."""
    known = set(connection.scalars(select(calendar_year.c.year).where(calendar_year.c.region == NATIONWIDE)))
    for schedule in published_schedules():
        if schedule["year"] not in known:
            import_year(connection, schedule)


def published_schedules() -> list[dict[str, Any]]:
    """The State Council's holiday schedules that come with the product, one for each year, ascending."""
    folder = resources.files(__package__) / "data"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [json.loads(file.read_text("utf-8")) for file in files if file.name.endswith(".json")]


class CurrentCalendar:
    """The nationwide calendar as it stands now; read anew only after somebody changed it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: tuple[int | None, Calendar] = (None, Calendar())

    def __call__(self) -> Calendar:
        with self._store.snapshot() as connection:
            revision = connection.scalar(select(calendar_revision.c.revision))
            if revision != self._seen[0]:
                self._seen = (revision, load(connection))
        return self._seen[1]


def _day_row(region: str, day: date, kind: DayKind, name: str) -> dict[str, Any]:
    return {"region": region, "day": day, "kind": str(kind), "name": name}


def _changed(connection: Connection) -> None:
    statement = insert(connection, calendar_revision).values(only=1, revision=1)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["only"], set_={"revision": calendar_revision.c.revision + 1}
        )
    )
