"""Numbers without gaps: the sequence is a row, counted up in the transaction that uses the number."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, String, Table

from engine.runtime import Work
from workflows.matters import rules
from workflows.moments import local_date
from workflows.store import insert, metadata

number_sequence = Table(
    "number_sequence",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("prefix", String(16), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)


def next_number(connection: Connection, community: str, prefix: str, year: int) -> str:
    """The next number of the community for that prefix and year, from 0001 on."""
    statement = insert(connection, number_sequence).values(
        community=community, prefix=prefix, year=year, last=1
    )
    statement = statement.on_conflict_do_update(
        index_elements=["community", "prefix", "year"], set_={"last": number_sequence.c.last + 1}
    )
    sequence: int = connection.execute(statement.returning(number_sequence.c.last)).scalar_one()
    return rules.number(prefix, year, sequence)


def number_matter(work: Work, process_id: str) -> str:
    """The number of a new matter of a process, in the year it is in China: the engine's numbering port."""
    return next_number(work.connection, work.community, rules.prefix(process_id), local_date(work.now).year)
