"""Who has confirmed which figure; rows are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Index, String, Table, select

from engine.errors import NotFound, Refusal
from engine.store.tables import Instant
from workflows.parameters import catalogue
from workflows.parameters.model import Confirmation
from workflows.parameters.rules import NOTE_LENGTH
from workflows.store import metadata

if TYPE_CHECKING:
    from engine.runtime import Work

confirmation = Table(
    "parameter_confirmation",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("parameter", String(64), nullable=False),
    Column("value", String(255), nullable=False),
    Column("note", String(NOTE_LENGTH), nullable=False),
    Column("person", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_parameter_confirmation", "community", "parameter"),
)


def confirm(work: Work, key: str, note: str) -> None:
    """The actor stands for the present value of a figure, and says on what ground.

    Raises :class:`NotFound` for a key there is not, :class:`Refusal` without a ground.
    """
    found = catalogue.parameter(key)
    if found is None:
        raise NotFound
    note = note.strip()
    if not note:
        raise Refusal("请写明确认的依据，例如会议纪要的编号或者文件名。")
    if len(note) > NOTE_LENGTH:
        raise Refusal(f"依据最多 {NOTE_LENGTH} 个字，请写短一些。")
    work.connection.execute(
        confirmation.insert(),
        {
            "community": work.community,
            "id": work.engine.keys.next(),
            "parameter": key,
            "value": found.value,
            "note": note,
            "person": work.actor.id,
            "at": work.now,
        },
    )


def confirmations(work: Work) -> list[Confirmation]:
    """All of the community, newest first."""
    table = confirmation.c
    rows = work.connection.execute(
        select(table.parameter, table.value, table.note, table.person, table.at)
        .where(table.community == work.community)
        .order_by(table.id.desc())
    )
    return [Confirmation(*row) for row in rows]
