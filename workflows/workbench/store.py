"""Drafts and publications in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    select,
    true,
    update,
)

from engine.store.tables import Instant
from workflows.store import insert, metadata, upsert
from workflows.workbench.model import Draft, Publication, PublishedFile, Save, State

draft = Table(
    "workbench_draft",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("process_id", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("retired_by", String(64)),
    Column("retired_at", Instant),
    Index("ix_workbench_draft_process", "process_id"),
)

draft_file = Table(  # what the draft changes; all else is as published
    "workbench_file",
    metadata,
    Column("draft_key", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("base", String(64)),
    Column("saved_by", String(64), nullable=False),
    Column("saved_at", Instant, nullable=False),
)

save = Table(  # every save, the ones that came too late as well
    "workbench_save",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("draft_key", BigInteger, nullable=False),
    Column("name", String(255), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("saved_by", String(64), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Index("ix_workbench_save_file", "draft_key", "name"),
)

presence = Table(  # who has a draft open
    "workbench_presence",
    metadata,
    Column("draft_key", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(64), primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("draft_key", BigInteger),
    Column("process_id", String(255), nullable=False),
    Column("name", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at", Instant),
    Column("remark", Text, nullable=False),
    Index("ix_publication_state", "state"),
)

published_version = Table(  # which versions a publication brought; a shared form or table brings several
    "published_version",
    metadata,
    Column("definition_key", BigInteger, primary_key=True, autoincrement=False),
    Column("publication_key", BigInteger, nullable=False),
)

publication_file = Table(
    "publication_file",
    metadata,
    Column("publication_key", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("base", String(64)),
)

KEPT_SAVES = 50
"""Saves of one file that are kept to go back to."""

# -- drafts ------------------------------------------------------------------------------------------


def add_draft(connection: Connection, new: Draft) -> None:
    connection.execute(draft.insert().values(asdict(new)))


def drafts(connection: Connection) -> list[Draft]:
    """All drafts, the newest first, those in the bin as well."""
    rows = connection.execute(select(draft).order_by(draft.c.key.desc()))
    return [Draft(**row) for row in rows.mappings()]


def get_draft(connection: Connection, key: int) -> Draft | None:
    row = connection.execute(select(draft).where(draft.c.key == key)).mappings().one_or_none()
    return None if row is None else Draft(**row)


def change_draft(connection: Connection, key: int, **changes: Any) -> None:
    connection.execute(update(draft).where(draft.c.key == key).values(changes))


def erase_drafts(connection: Connection, keys: Iterable[int]) -> None:
    """Drop drafts with all they hold."""
    found = list(keys)
    connection.execute(delete(draft).where(draft.c.key.in_(found)))
    for table in (draft_file, save, presence):
        connection.execute(delete(table).where(table.c.draft_key.in_(found)))


# -- files -------------------------------------------------------------------------------------------


def files(connection: Connection, draft_key: int) -> dict[str, RowMapping]:
    """The rows of the files a draft has of its own, by name."""
    rows = connection.execute(select(draft_file).where(draft_file.c.draft_key == draft_key))
    return {row["name"]: row for row in rows.mappings()}


def put_file(connection: Connection, row: dict[str, Any]) -> bool:
    """Write the next revision of a file, unless somebody has written it already; whether it was written."""
    expected = row["revision"] - 1
    own = (draft_file.c.draft_key == row["draft_key"], draft_file.c.name == row["name"])
    if expected:
        changed = {name: value for name, value in row.items() if name not in ("draft_key", "name", "base")}
        statement = update(draft_file).where(*own, draft_file.c.revision == expected).values(changed)
        return connection.execute(statement).rowcount == 1
    fresh = insert(connection, draft_file).values(row).on_conflict_do_nothing()
    return connection.execute(fresh).rowcount == 1


def rebase(connection: Connection, draft_key: int, name: str, base: str | None) -> None:
    own = (draft_file.c.draft_key == draft_key, draft_file.c.name == name)
    connection.execute(update(draft_file).where(*own).values(base=base))


def drop_file(connection: Connection, draft_key: int, name: str) -> None:
    own = (draft_file.c.draft_key == draft_key, draft_file.c.name == name)
    connection.execute(delete(draft_file).where(*own))


def add_save(connection: Connection, draft_key: int, content: bytes, one: Save) -> None:
    connection.execute(save.insert().values(asdict(one) | {"draft_key": draft_key, "content": content}))
    own = (save.c.draft_key == draft_key, save.c.name == one.name)
    newest = select(save.c.key).where(*own).order_by(save.c.key.desc()).limit(KEPT_SAVES)
    connection.execute(delete(save).where(*own, save.c.key.not_in(newest.scalar_subquery())))


def saves(connection: Connection, draft_key: int, name: str) -> list[Save]:
    """The saves of a file, the newest first."""
    columns = [save.c.key, save.c.name, save.c.revision, save.c.saved_by, save.c.saved_at, save.c.accepted]
    own = (save.c.draft_key == draft_key, save.c.name == name)
    return [
        Save(**row)
        for row in connection.execute(select(*columns).where(*own).order_by(save.c.key.desc())).mappings()
    ]


def saved_content(connection: Connection, draft_key: int, key: int) -> tuple[str, bytes] | None:
    """The file name and text of one save."""
    own = (save.c.draft_key == draft_key, save.c.key == key)
    row = connection.execute(select(save.c.name, save.c.content).where(*own)).one_or_none()
    return None if row is None else (row.name, row.content)


# -- presence ----------------------------------------------------------------------------------------


def note_presence(connection: Connection, draft_key: int, person: str, now: datetime) -> None:
    upsert(connection, presence, [{"draft_key": draft_key, "person": person, "seen_at": now}])


def present(connection: Connection, draft_key: int) -> dict[str, datetime]:
    """When each person was last seen at a draft."""
    rows = connection.execute(select(presence).where(presence.c.draft_key == draft_key))
    return {row.person: row.seen_at for row in rows}


# -- publications ------------------------------------------------------------------------------------


def add_publication(connection: Connection, new: Publication, content: Iterable[PublishedFile]) -> None:
    connection.execute(publication.insert().values(asdict(new)))
    rows = [asdict(file) | {"publication_key": new.key} for file in content]
    connection.execute(publication_file.insert(), rows)


def get_publication(connection: Connection, key: int) -> Publication | None:
    found = _publications(connection, publication.c.key == key)
    return found[0] if found else None


def publications(connection: Connection, process_id: str) -> list[Publication]:
    """Everything that was asked for one process, the newest first."""
    return _publications(connection, publication.c.process_id == process_id)


def all_publications(connection: Connection) -> list[Publication]:
    return _publications(connection, true())


def waiting(connection: Connection) -> list[Publication]:
    """What waits for approval."""
    return _publications(connection, publication.c.state == State.REQUESTED)


def published_files(connection: Connection, key: int) -> list[PublishedFile]:
    table = publication_file
    rows = connection.execute(select(table).where(table.c.publication_key == key).order_by(table.c.name))
    return [PublishedFile(row.name, row.content, row.base) for row in rows]


def decide(connection: Connection, key: int, **changes: Any) -> bool:
    """Note what became of a request that is still open; whether it was."""
    still = (publication.c.key == key, publication.c.state == State.REQUESTED)
    return connection.execute(update(publication).where(*still).values(changes)).rowcount == 1


def note_versions(connection: Connection, key: int, definition_keys: Iterable[int]) -> None:
    """Note which versions of processes a publication brought."""
    for definition_key in definition_keys:
        row = {"definition_key": definition_key, "publication_key": key}
        connection.execute(published_version.insert().values(row))


def published_versions(connection: Connection) -> dict[int, Publication]:
    """The publications that brought versions, by the version's definition key."""
    found = {one.key: one for one in _publications(connection, publication.c.state == State.PUBLISHED)}
    rows = connection.execute(select(published_version))
    return {row.definition_key: found[row.publication_key] for row in rows}


def _publications(connection: Connection, condition: Any) -> list[Publication]:
    rows = connection.execute(select(publication).where(condition).order_by(publication.c.key.desc()))
    return [Publication(**{**row, "state": State(row["state"])}) for row in rows.mappings()]
