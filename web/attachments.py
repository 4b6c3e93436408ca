"""Files members send with their forms: bytes beside the database, facts in it.

A file lies under a random name the server made; the name the member gave is only shown. It belongs to one matter
and is handed out only to those whom that matter concerns, always as a download (OWASP ASVS 5.0 V5.2–5.4).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from engine import instances
from engine.errors import NotFound
from engine.runtime import Work
from web.forms.attachments import Attachment, Upload
from web.store import attachment

CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on its way out."""

    path: Path
    name: str
    media_type: str


class Attachments:
    """The files of one installation."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def keep(self, work: Work, instance_key: int, upload: Upload) -> Attachment:
        """Store a file for a matter. The bytes are on disk before the row is; a file without a row is never served."""
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
            )
        )
        return {"id": name, "name": upload.name, "size": upload.size, "type": upload.type}

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


def _write(path: Path, upload: Upload) -> str:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(upload.stream, file, CHUNK)
        file.flush()
        os.fsync(file.fileno())
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
