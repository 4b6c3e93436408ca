"""Files for the demo's papers: small, valid, made here."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from web.forms.attachments import Upload, examine

WIDTH, HEIGHT = 320, 200  # pixels
PAPER = (240, 236, 226)


def sample(name: str) -> Upload:
    """A file that is what its name says: ``.png`` or ``.pdf``."""
    return examine(name, io.BytesIO(_MAKERS[PurePosixPath(name).suffix]()))


def _png() -> bytes:
    """A sheet of one colour (PNG 1.2: signature, IHDR, IDAT, IEND)."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    row = b"\x00" + bytes(PAPER) * WIDTH
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(row * HEIGHT))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _pdf() -> bytes:
    """One empty A4 page (ISO 32000-1, 7.5: header, body, cross-reference table, trailer)."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return body + tail % (size, table, size, len(body))


_MAKERS: Mapping[str, Callable[[], bytes]] = {".png": _png, ".pdf": _pdf}
