"""Files members send with their forms: bytes beside the database, facts in it.

A file lies under a random name the server made; the name the member gave is only shown. It belongs to one matter
and is handed out only to those whom that matter concerns, always as a download (OWASP ASVS 5.0 V5.2–5.4).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, or_, select
from werkzeug.datastructures import FileStorage

from engine import history, instances
from engine.errors import NotFound, Refusal
from engine.runtime import Work
from web.forms.attachments import (
    ANY_FILE,
    MAX_BYTES,
    Attachment,
    Upload,
    examine,
    is_attachment,
    refusal,
)
from web.forms.sentences import say, size
from web.store import attachment

CHUNK = 256 * 1024
SUBMITTED = ("TASK_COMPLETED", "TASK_SIGNED")
"""Kinds of events that hold what somebody handed in."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on its way out."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class MatterFile:
    """A file of a matter as it is listed; ``size`` in bytes, ``sha256`` of its content."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    uploaded_by: str
    uploaded_at: datetime


class FileRefused(Refusal):
    """A file that is not taken: its kind, its size or its content."""


def taken(file: FileStorage) -> Upload:
    """A file as it was sent, if it is one that is taken (:class:`FileRefused`)."""
    upload = examine(file.filename or "", file.stream)
    wrong = refusal(upload, ANY_FILE, MAX_BYTES)
    if wrong is not None:
        accept = "、".join(ANY_FILE.extensions())
        raise FileRefused(say(wrong, name=upload.name, limit=size(MAX_BYTES), accept=accept))
    return upload


class Attachments:
    """The files of one installation."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, work: Work, instance_key: int, upload: Upload, *, shared: bool = False) -> Attachment:
        """Store a file for a matter. The bytes are on disk before the row is; a file without a row is never served.

        It belongs to what the actor fills in, or is ``shared`` at once with all whom the matter concerns.
        """
        name = secrets.token_hex(16)
        path = self._path(work.community, name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = _write(path, upload)
        work.connection.execute(
            attachment.insert().values(
                community=work.community,
                id=name,
                instance_key=instance_key,
                name=upload.name,
                media_type=upload.type,
                size=upload.size,
                sha256=digest,
                uploaded_by=work.actor.id,
                uploaded_at=work.now,
                shared=shared,
            )
        )
        return {"id": name, "name": upload.name, "size": upload.size, "type": upload.type}

    def share(self, work: Work, instance_key: int, upload: Upload) -> Attachment:
        """Put a file into a matter for all whom it concerns; the same one again by the same person is there already."""
        instances.require_part(work, instance_key)
        execution = work.execution(instance_key)
        kept = self.keep(work, instance_key, upload, shared=True)
        [new] = _files(work, instance_key, attachment.c.id == kept["id"])
        twin = (attachment.c.sha256 == new.sha256, attachment.c.name == new.name, attachment.c.shared)
        mine = (attachment.c.uploaded_by == work.actor.id, attachment.c.id != new.id)
        for known in _files(work, instance_key, *twin, *mine):
            work.connection.execute(attachment.delete().filter_by(community=work.community, id=new.id))
            self._path(work.community, new.id).unlink()
            return {"id": known.id, "name": known.name, "size": known.size, "type": known.media_type}
        told = {"file": new.id, "sha256": new.sha256}
        execution.record("FILE_ADDED", execution.model.process_id, told, {"name": new.name})
        return kept

    def of_matter(self, work: Work, instance_key: int) -> list[MatterFile]:
        """The files of a matter that everybody it concerns may see: shared ones, and those in what was handed in.

        What lies in an unfinished form is not among them. The oldest first.
        """
        instances.get(work, instance_key)
        handed_in = sorted(_handed_in(work, instance_key))
        return _files(work, instance_key, or_(attachment.c.shared, attachment.c.id.in_(handed_in)))

    def find(self, work: Work, name: str) -> StoredFile:
        """The file, or :class:`NotFound` when it is not there or its matter does not concern the actor."""
        row = work.connection.execute(
            select(attachment).where(attachment.c.community == work.community, attachment.c.id == name)
        ).one_or_none()
        if row is None:
            raise NotFound("文件")
        instances.get(work, row.instance_key)
        return StoredFile(self._path(work.community, row.id), row.name, row.media_type)

    def uploaded(self, work: Work, instance_key: int) -> list[Attachment]:
        """What the actor has sent for a matter so far: what a form sent again may refer to."""
        own = {"community": work.community, "instance_key": instance_key, "uploaded_by": work.actor.id}
        rows = work.connection.execute(select(attachment).filter_by(**own))
        return [{"id": row.id, "name": row.name, "size": row.size, "type": row.media_type} for row in rows]

    def _path(self, community: str, name: str) -> Path:
        return self._directory / community / name[:2] / name


def _files(work: Work, instance_key: int, *match: ColumnElement[bool]) -> list[MatterFile]:
    own = (attachment.c.community == work.community, attachment.c.instance_key == instance_key)
    columns = [attachment.c[name] for name in MatterFile.__dataclass_fields__]
    statement = select(*columns).where(*own, *match).order_by(attachment.c.uploaded_at, attachment.c.id)
    return [MatterFile(*row) for row in work.connection.execute(statement)]


def _handed_in(work: Work, instance_key: int) -> set[str]:
    """The files mentioned in what people submitted, which whoever the matter concerns may read."""
    events = history.timeline(work, instance_key)
    return {found for event in events if event.kind in SUBMITTED for found in _mentioned(event.data)}


def _mentioned(value: object) -> Iterator[str]:
    if is_attachment(value):
        yield value["id"]  # type: ignore[index]  # of that shape
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _mentioned(one)
    elif isinstance(value, list):
        for one in value:
            yield from _mentioned(one)


def _write(path: Path, upload: Upload) -> str:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(upload.stream, file, CHUNK)
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
