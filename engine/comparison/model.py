"""What a comparison yields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """What became of an element."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"  # drawn elsewhere; nothing runs differently


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs: its id, what it is and is called (Chinese), and each difference as a sentence."""

    how: How
    element: str
    title: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileChanges:
    """All that differs in one file, by the name people know it by; ``lines`` is a unified diff without coordinates."""

    name: str
    title: str
    kind: str
    is_new: bool
    is_gone: bool
    changes: tuple[Change, ...]
    lines: tuple[str, ...]
