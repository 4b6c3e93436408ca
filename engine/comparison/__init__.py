"""What differs between two versions of a model file, in words for whoever has to agree to it.

Pure: reads two files and nothing else. A file that cannot be read is compared as text alone.
"""

from __future__ import annotations

from engine import documents
from engine.comparison import forms, processes, tables, text
from engine.comparison.model import Change, FileChanges, How

__all__ = ["Change", "FileChanges", "How", "compare"]

_READERS = {"bpmn": processes.compare, "dmn": tables.compare, "form": forms.compare}


def compare(name: str, old: bytes | None, new: bytes | None) -> FileChanges:
    """The changes that lead from ``old`` to ``new``; ``None`` stands for a file that is not there."""
    kind = name.rsplit(".", 1)[-1]
    changes = () if old is None or new is None else tuple(_READERS[kind](old, new))
    defined = documents.identities(name, new or old or b"")
    title = "、".join(one.name for one in defined) or name
    return FileChanges(name, title, kind, old is None, new is None, changes, tuple(text.diff(kind, old, new)))
