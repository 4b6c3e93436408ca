"""JSON in the database: one way to write it and to read it."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson


def dump(value: Any) -> str:
    """Canonical JSON text: keys sorted, no spaces, so that equal values have equal digests."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()


def load(text: str) -> Any:
    return orjson.loads(text)


def digest(*parts: str | bytes) -> str:
    """SHA-256 over the parts, hexadecimal."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() if isinstance(part, str) else part)
    return total.hexdigest()
