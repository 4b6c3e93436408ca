"""Files that come with a form: what may be uploaded, and the references that stand for them afterwards.

Storing is not done here. :class:`Upload` is handed to a port (``uploads``), which keeps the bytes and answers
with an :class:`Attachment`; only files that pass count, size and type reach it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TypedDict

import filetype

MAX_BYTES = 10 * 1024 * 1024
"""Limit of one file where the form names none."""

_SNIFFED = 8192
_NAME_LIMIT = 120


class Attachment(TypedDict):
    """Reference to a stored file: the value of a file field is a list of these. ``size`` is in bytes."""

    id: str
    name: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way to the store: a safe name, its size in bytes, its type as found in its content."""

    name: str
    size: int
    type: str
    stream: IO[bytes]


Uploads = Callable[[Upload], Attachment]
"""Port: keeps the file and answers with the reference."""


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file we take: its media type, and what its first bytes may look like (None: plain text)."""

    type: str
    content: frozenset[str | None]


def _of(media_type: str, *others: str | None) -> FileType:
    return FileType(media_type, frozenset(others or {media_type}))


_ZIP, _OLE = "application/zip", "application/x-ole-storage"
_OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_OFFICE = "application/vnd.openxmlformats-officedocument."

FILE_TYPES: Mapping[str, FileType] = {
    ".jpg": _of("image/jpeg"),
    ".jpeg": _of("image/jpeg"),
    ".png": _of("image/png"),
    ".gif": _of("image/gif"),
    ".webp": _of("image/webp"),
    ".heic": _of("image/heic"),
    ".pdf": _of("application/pdf"),
    ".doc": _of("application/msword", _OLE),
    ".xls": _of("application/vnd.ms-excel", _OLE),
    ".ppt": _of("application/vnd.ms-powerpoint", _OLE),
    ".docx": _of(f"{_OFFICE}wordprocessingml.document", f"{_OFFICE}wordprocessingml.document", _ZIP),
    ".xlsx": _of(f"{_OFFICE}spreadsheetml.sheet", f"{_OFFICE}spreadsheetml.sheet", _ZIP),
    ".pptx": _of(f"{_OFFICE}presentationml.presentation", f"{_OFFICE}presentationml.presentation", _ZIP),
    ".txt": _of("text/plain", None),
    ".csv": _of("text/csv", None),
    ".zip": _of(_ZIP),
    ".mp3": _of("audio/mpeg"),
    ".m4a": _of("audio/mp4", "audio/mp4", "video/mp4"),
    ".amr": _of("audio/amr"),
    ".wav": _of("audio/x-wav"),
    ".mp4": _of("video/mp4", "video/mp4", "video/x-m4v"),
    ".mov": _of("video/quicktime"),
}
"""Extension → type. What is not here is never taken, whatever a form accepts: nothing that a browser runs."""


@dataclass(frozen=True, slots=True)
class Accept:
    """The HTML ``accept`` list: extensions, media types, ``image/*``. Empty accepts every known type."""

    tokens: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Accept:
        return cls(tuple(token.strip().lower() for token in text.split(",") if token.strip()))

    def unknown(self) -> list[str]:
        """Tokens that no known type of file answers to."""
        return [token for token in self.tokens if not any(_answers(token, e) for e in FILE_TYPES)]

    def extensions(self) -> tuple[str, ...]:
        """Every extension that may come, in the order of :data:`FILE_TYPES`."""
        return tuple(e for e in FILE_TYPES if not self.tokens or any(_answers(t, e) for t in self.tokens))

    def takes(self, name: str) -> bool:
        return suffix(name) in self.extensions()


ANY_FILE = Accept()


def _answers(token: str, extension: str) -> bool:
    media_type = FILE_TYPES[extension].type
    return token in (extension, media_type, media_type.split("/")[0] + "/*", "*/*")


def suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def safe_name(name: str) -> str:
    """The last part of a path, printable and short, with its extension kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(c for c in last if c.isprintable()).strip()
    stem, extension = PurePosixPath(printable).stem, PurePosixPath(printable).suffix
    return stem[: _NAME_LIMIT - len(extension)] + extension[:_NAME_LIMIT]


def examine(name: str, stream: IO[bytes]) -> Upload:
    """Measure a file and look at its first bytes; the stream stands at its start again afterwards."""
    head = stream.read(_SNIFFED)
    size = stream.seek(0, 2)
    stream.seek(0)
    kept = safe_name(name)
    known = FILE_TYPES.get(suffix(kept))
    genuine = known is not None and _sniff(head) in known.content
    return Upload(kept, size, known.type if known and genuine else "", stream)


def _sniff(head: bytes) -> str | None:
    """The media type the first bytes speak of; the old Office formats share one envelope."""
    if head.startswith(_OLE_MAGIC):
        return _OLE
    found: str | None = filetype.guess_mime(head)
    return found or ("application/octet-stream" if b"\0" in head else None)


def refusal(upload: Upload, accept: Accept, max_bytes: int) -> str | None:
    """The key of the sentence that tells why a file is not taken, or None."""
    if not accept.takes(upload.name):
        return "file_type"
    if upload.size == 0:
        return "file_empty"
    if upload.size > max_bytes:
        return "file_size"
    return None if upload.type else "file_content"


def is_attachment(value: object) -> bool:
    """Whether a value has the shape of an :class:`Attachment`."""
    if not isinstance(value, Mapping):
        return False
    texts = all(isinstance(value.get(key), str) and value[key] for key in ("id", "name", "type"))
    return texts and type(value.get("size")) is int and value["size"] >= 0
