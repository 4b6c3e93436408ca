"""What is kept of a review beside its process: the pool with its lots, the forms, the results.

Who evaluated lies in the ballot box's participation (:mod:`workflows.ballots.store`), what was said in its papers and
in the two tables here that hang on a paper's random receipt or on nothing at all. Closing writes all of them anew in
random order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    bindparam,
    func,
    select,
    update,
)

from engine import values
from engine.store.tables import Instant
from workflows.ballots import store as ballots
from workflows.ballots.model import BallotBox
from workflows.reviews.errors import UnknownReview
from workflows.reviews.model import Candidate, Category, Review, Standing, Way
from workflows.store import metadata, upsert

review = Table(
    "review",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("matter_no", String(64), primary_key=True),
    Column("period", String(32), nullable=False),
    Column("title", String(255), nullable=False),
    Column("meeting_at", Instant, nullable=False),
    Column("quota", Text, nullable=False),
    Column("criteria", Text, nullable=False),
    Column("pool_size", Integer, nullable=False),
    Column("pool_sha256", String(64), nullable=False),
    Column("seed", String(128), nullable=False),
    Column("drawn_at", Instant),
    Column("results_at", Instant),
    Column("report", Text),
    Column("report_at", Instant),
    Index("ix_review_report", "community", "report_at"),
)


def _of_review() -> tuple[Column[str], Column[str], ForeignKeyConstraint]:
    return (
        Column("community", String(64), primary_key=True),
        Column("matter_no", String(64), primary_key=True),
        ForeignKeyConstraint(["community", "matter_no"], ["review.community", "review.matter_no"]),
    )


candidate = Table(  # the pool; a person is in it once
    "review_candidate",
    metadata,
    *_of_review(),
    Column("person", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("grid", String(64), nullable=False),
    Column("category", String(16), nullable=False),
    Column("gender", String(4)),
    Column("lot", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("note", String(255), nullable=False),
    Column("needs_paper", Boolean, nullable=False),
    Column("way", String(8)),
    Index("ix_review_candidate_standing", "community", "matter_no", "standing"),
)

sheet = Table(  # the answers by criterion, on the paper's random receipt
    "review_sheet",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("box", String(64), primary_key=True),
    Column("receipt", String(ballots.RECEIPT_LENGTH), primary_key=True),
    Column("scores", Text, nullable=False),
    sqlite_with_rowid=False,
)

suggestion = Table(  # words tell more than ticks, so they hang on no paper
    "review_suggestion",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("box", String(64), primary_key=True),
    Column("id", String(ballots.RECEIPT_LENGTH), primary_key=True),
    Column("words", Text, nullable=False),
    sqlite_with_rowid=False,
)

result = Table(
    "review_result",
    metadata,
    *_of_review(),
    Column("grid", String(64), primary_key=True),
    Column("period", String(32), nullable=False),
    Column("grade", String(16), nullable=False),
    Column("document", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("ix_review_result_grid", "community", "grid", "period"),
)

Changes = Mapping[str, Any]


def begin(connection: Connection, new: Review, pool: Iterable[Candidate]) -> None:
    """Enter a review with those who may be drawn."""
    row = asdict(new)
    for name in ("quota", "criteria"):  # as pairs, which keep the order of the plan
        row[name] = values.dump(list(row[name].items()))
    key = {"community": new.community, "matter_no": new.matter_no}
    upsert(connection, review, [row])
    upsert(connection, candidate, [key | asdict(one) for one in pool])


def get(connection: Connection, community: str, matter_no: str) -> Review:
    """A review, or :class:`UnknownReview`."""
    row = connection.execute(select(review).where(*_review(community, matter_no))).mappings().one_or_none()
    if row is None:
        raise UnknownReview
    return _read(row)


def reported(connection: Connection, community: str, limit: int = 50) -> list[Review]:
    """The reviews whose report is published, newest first."""
    match = (review.c.community == community, review.c.report_at.is_not(None))
    rows = connection.execute(select(review).where(*match).order_by(review.c.report_at.desc()).limit(limit))
    return [_read(row) for row in rows.mappings()]


def change(connection: Connection, community: str, matter_no: str, changes: Changes) -> None:
    """Note what has become known of a review."""
    known = {name: values.dump(value) if name == "report" else value for name, value in changes.items()}
    connection.execute(update(review).where(*_review(community, matter_no)).values(known))


# -- the pool ------------------------------------------------------------------------------------------


def pool(
    connection: Connection, community: str, matter_no: str, standings: Collection[Standing] = ()
) -> list[Candidate]:
    """Those who may be drawn, by grid, category and position; only those of some standings where they are named."""
    statement = select(candidate).where(*_pool(community, matter_no))
    if standings:
        statement = statement.where(candidate.c.standing.in_([str(one) for one in standings]))
    order = list(Category)
    found = [_candidate(row) for row in connection.execute(statement).mappings()]
    return sorted(found, key=lambda one: (one.grid, order.index(one.category), one.position, one.person))


def member(connection: Connection, community: str, matter_no: str, person: str) -> Candidate | None:
    """One person of the pool."""
    statement = select(candidate).where(*_pool(community, matter_no), candidate.c.person == person)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else _candidate(row)


def enter_lots(connection: Connection, community: str, matter_no: str, drawn: Iterable[Candidate]) -> None:
    """Write down what the draw gave everybody."""
    rows = [
        {"who": one.person, "lot": one.lot, "position": one.position, "standing": str(one.standing)}
        for one in drawn
    ]
    statement = update(candidate).where(*_pool(community, matter_no), candidate.c.person == bindparam("who"))
    if rows:
        connection.execute(statement, rows)


def update_members(
    connection: Connection, community: str, matter_no: str, persons: Iterable[str], changes: Changes
) -> None:
    """The same change for some persons of the pool."""
    match = (*_pool(community, matter_no), candidate.c.person.in_(list(persons)))
    connection.execute(update(candidate).where(*match).values(dict(changes)))


# -- forms ---------------------------------------------------------------------------------------------


def hand_in(
    connection: Connection, box: BallotBox, receipt: str, scores: Mapping[str, str], words: str
) -> None:
    """Put the answers that belong to a paper in the box beside it, and the suggestion apart from both."""
    key = {"community": box.community, "box": box.id}
    connection.execute(sheet.insert(), key | {"receipt": receipt, "scores": values.dump(dict(scores))})
    if words:
        connection.execute(suggestion.insert(), key | {"id": ballots.new_receipt(), "words": words})


def close(connection: Connection, box: BallotBox, now: datetime) -> None:
    """Close a grid's box for good, once."""
    if box.closed_at is not None:
        return
    ballots.close(connection, box, now)
    for table in (sheet, suggestion):
        ballots.rewrite_in_random_order(connection, table, *_box(table, box))


def scores(connection: Connection, box: BallotBox) -> list[Mapping[str, str]]:
    """The answers by criterion of every form in a box."""
    rows = connection.scalars(select(sheet.c.scores).where(*_box(sheet, box)))
    return [values.load(text) for text in rows]


def suggestions(connection: Connection, box: BallotBox) -> list[str]:
    """What was suggested in a box, in no order that tells anything."""
    return list(connection.scalars(select(suggestion.c.words).where(*_box(suggestion, box))))


def handed_in(connection: Connection, community: str, boxes: Sequence[str]) -> dict[str, int]:
    """How many forms each box holds."""
    table = ballots.participation
    match = (table.c.community == community, table.c.box.in_(boxes))
    rows = connection.execute(
        select(table.c.box, func.count().label("forms")).where(*match).group_by(table.c.box)
    )
    return {row.box: row.forms for row in rows}


# -- results -------------------------------------------------------------------------------------------


def record(
    connection: Connection,
    community: str,
    matter_no: str,
    period: str,
    rows: Iterable[Changes],
    now: datetime,
) -> None:
    """Keep the results of a review, one for each grid; a correction takes the place of what stood there."""
    key = {"community": community, "matter_no": matter_no, "period": period, "recorded_at": now}
    found = [
        key | {"grid": row["grid"], "grade": row["grade"], "document": values.dump(dict(row))} for row in rows
    ]
    upsert(connection, result, found)


def results(connection: Connection, community: str, matter_no: str) -> list[dict[str, Any]]:
    """The results of a review by grid, as they were recorded."""
    match = (result.c.community == community, result.c.matter_no == matter_no)
    rows = connection.scalars(select(result.c.document).where(*match).order_by(result.c.grid))
    return [values.load(text) for text in rows]


def graded(connection: Connection, community: str, period: str, grade: str) -> set[str]:
    """The grids whose latest result of a period is this grade."""
    match = (result.c.community == community, result.c.period == period)
    oldest_first = select(result.c.grid, result.c.grade).where(*match).order_by(result.c.recorded_at)
    latest = {row.grid: row.grade for row in connection.execute(oldest_first)}
    return {grid for grid, given in latest.items() if given == grade}


def _review(community: str, matter_no: str) -> tuple[ColumnElement[bool], ...]:
    return review.c.community == community, review.c.matter_no == matter_no


def _pool(community: str, matter_no: str) -> tuple[ColumnElement[bool], ...]:
    return candidate.c.community == community, candidate.c.matter_no == matter_no


def _box(table: Table, box: BallotBox) -> tuple[ColumnElement[bool], ...]:
    return table.c.community == box.community, table.c.box == box.id


def _read(row: RowMapping) -> Review:
    told = {name: dict(values.load(row[name])) for name in ("quota", "criteria")}
    report = None if row["report"] is None else values.load(row["report"])
    return Review(**{**row, **told, "report": report})


def _candidate(row: RowMapping) -> Candidate:
    own = {name: value for name, value in row.items() if name not in ("community", "matter_no")}
    kinds = {"category": Category(row["category"]), "standing": Standing(row["standing"])}
    return Candidate(**{**own, **kinds, "way": Way(row["way"]) if row["way"] else None})
