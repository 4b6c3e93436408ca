"""The ballot box. Who voted and what was voted lie in different tables.

In a secret vote nothing joins the two: no key, no order, no time. Papers have random names, SQLite stores
the rows of both tables by their keys and not in the order of arrival, and closing the box writes all papers
anew in random order, in one transaction. Whoever reads the server's files while a vote is running is
outside what a schema can protect against.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)

from engine.store.tables import Instant
from workflows.ballots.errors import AlreadyVoted, BallotClosed, UnknownBox
from workflows.ballots.model import BallotBox, BallotMode, Choice, Count, Receipt
from workflows.store import insert, metadata

RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is misread when written by hand
RECEIPT_LENGTH = 16

ballot_box = Table(
    "ballot_box",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("matter_no", String(64), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("motion_text", Text, nullable=False),
    Column("base_count", Integer, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("closed_at", Instant),
)


def _of_a_box() -> tuple[Column[str], Column[str], ForeignKeyConstraint]:
    return (
        Column("community", String(64), primary_key=True),
        Column("box", String(64), primary_key=True),
        ForeignKeyConstraint(["community", "box"], ["ballot_box.community", "ballot_box.id"]),
    )


participation = Table(  # who: one row for each seat that voted
    "ballot_participation",
    metadata,
    *_of_a_box(),
    Column("seat", String(64), primary_key=True),
    Column("person", String(64), nullable=False),
    sqlite_with_rowid=False,
)

secret_paper = Table(  # what, in a secret vote: nothing about anybody
    "ballot_secret_paper",
    metadata,
    *_of_a_box(),
    Column("receipt", String(RECEIPT_LENGTH), primary_key=True),
    Column("choice", String(16), nullable=False),
    sqlite_with_rowid=False,
)

named_paper = Table(  # what, in an open vote: the seat answers for it
    "ballot_named_paper",
    metadata,
    *_of_a_box(),
    Column("seat", String(64), primary_key=True),
    Column("receipt", String(RECEIPT_LENGTH), nullable=False),
    Column("choice", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("community", "box", "receipt"),
)

_PAPERS = {BallotMode.SECRET: secret_paper, BallotMode.NAMED: named_paper}


def open_box(connection: Connection, box: BallotBox) -> None:
    """Set up an empty box."""
    values = {column.name: getattr(box, column.name) for column in ballot_box.columns}
    connection.execute(ballot_box.insert(), values | {"mode": str(box.mode)})


def get(connection: Connection, community: str, id_: str) -> BallotBox:
    """The box, or :class:`UnknownBox`. Until the transaction ends nobody can close it."""
    match = (ballot_box.c.community == community, ballot_box.c.id == id_)
    locked = select(ballot_box).where(*match).with_for_update(read=True)
    row = connection.execute(locked).mappings().one_or_none()
    if row is None:
        raise UnknownBox
    return _box(row)


def of_matter(connection: Connection, community: str, matter_no: str) -> list[BallotBox]:
    """The boxes of a matter, in the order they were opened."""
    match = (ballot_box.c.community == community, ballot_box.c.matter_no == matter_no)
    rows = connection.execute(select(ballot_box).where(*match).order_by(ballot_box.c.opened_at)).mappings()
    return [_box(row) for row in rows]


def cast(
    connection: Connection,
    community: str,
    box_id: str,
    seat: str,
    person: str,
    choice: StrEnum,
    reason: str = "",
) -> str:
    """Put one paper into the box and give its receipt code, which is stored with nobody's name.

    A motion is answered with a :class:`Choice`, other questions with words of their own.

    A seat's second paper is refused (:class:`AlreadyVoted`), so is one that comes after closing
    (:class:`BallotClosed`). The reason is kept in an open vote only.
    """
    box = get(connection, community, box_id)
    if box.closed_at is not None:
        raise BallotClosed
    key = {"community": box.community, "box": box.id}
    entry = insert(connection, participation).values(**key, seat=seat, person=person).on_conflict_do_nothing()
    if connection.execute(entry.returning(participation.c.seat)).first() is None:
        raise AlreadyVoted
    paper = {**key, "receipt": new_receipt(), "choice": str(choice)}
    if box.mode is BallotMode.NAMED:
        paper |= {"seat": seat, "reason": reason}
    connection.execute(_PAPERS[box.mode].insert(), paper)
    return str(paper["receipt"])


def close(connection: Connection, box: BallotBox, now: datetime) -> None:
    """Close the box for good; the papers of a secret vote are written anew in random order."""
    match = (ballot_box.c.community == box.community, ballot_box.c.id == box.id)
    connection.execute(
        update(ballot_box).where(*match, ballot_box.c.closed_at.is_(None)).values(closed_at=now)
    )
    if box.mode is BallotMode.SECRET:
        match = (secret_paper.c.community == box.community, secret_paper.c.box == box.id)
        rewrite_in_random_order(connection, secret_paper, *match)


def count(connection: Connection, box: BallotBox) -> Count:
    """What the papers in the box say about the motion."""
    found = choices(connection, box)
    return Count(*(found.get(choice, 0) for choice in (Choice.AGREE, Choice.DISAGREE, Choice.ABSTAIN)))


def choices(connection: Connection, box: BallotBox) -> dict[str, int]:
    """How many papers in the box say what."""
    papers = _PAPERS[box.mode]
    match = (papers.c.community == box.community, papers.c.box == box.id)
    rows = connection.execute(
        select(papers.c.choice, func.count().label("papers")).where(*match).group_by(papers.c.choice)
    )
    return {row.choice: row.papers for row in rows}


def participants(connection: Connection, box: BallotBox) -> set[str]:
    """The seats that have voted."""
    match = (participation.c.community == box.community, participation.c.box == box.id)
    return set(connection.scalars(select(participation.c.seat).where(*match)))


def named_choices(connection: Connection, box: BallotBox) -> dict[str, Choice]:
    """What each seat voted; empty for a secret vote."""
    match = (named_paper.c.community == box.community, named_paper.c.box == box.id)
    rows = connection.execute(select(named_paper.c.seat, named_paper.c.choice).where(*match))
    return {seat: Choice(choice) for seat, choice in rows}


def look_up(connection: Connection, community: str, receipt: str) -> Receipt | None:
    """The box a receipt's paper lies in; a secret choice is not told, so that no vote can be sold."""
    code = receipt.strip().upper().replace("-", "")
    for mode, papers in _PAPERS.items():
        match = (papers.c.community == community, papers.c.receipt == code)
        row = connection.execute(select(papers.c.box, papers.c.choice).where(*match)).one_or_none()
        if row is not None:
            choice = Choice(row.choice) if mode is BallotMode.NAMED else None
            return Receipt(get(connection, community, row.box), choice)
    return None


def new_receipt() -> str:
    """A random code nobody can guess (80 bits)."""
    return "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))


def rewrite_in_random_order(connection: Connection, table: Table, *match: ColumnElement[bool]) -> None:
    """Write these rows of a secret vote anew, so that nothing tells in which order they came."""
    rows = [dict(row) for row in connection.execute(select(table).where(*match)).mappings()]
    secrets.SystemRandom().shuffle(rows)
    connection.execute(delete(table).where(*match))
    if rows:
        connection.execute(table.insert(), rows)


def _box(row: RowMapping) -> BallotBox:
    return BallotBox(**{**row, "mode": BallotMode(row["mode"])})
