"""Drafts, their files, and requests to publish."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Draft:
    """Work on one process. ``retired_at`` is set while it lies in the bin."""

    key: int
    process_id: str
    name: str
    created_by: str
    created_at: datetime
    retired_by: str | None = None
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A BPMN, DMN or form file as the draft has it.

    ``revision`` counts the saves and is 0 while the file is as published. ``base`` is the digest of the published
    file the draft began from, ``published`` what is published now; both ``None`` for a file that is new.
    """

    name: str
    content: bytes
    revision: int
    base: str | None
    published: bytes | None
    saved_by: str = ""
    saved_at: datetime | None = None

    @property
    def kind(self) -> str:
        return self.name.rsplit(".", 1)[-1]

    @property
    def is_changed(self) -> bool:
        return self.content != self.published


@dataclass(frozen=True, slots=True)
class Save:
    """One save of a file; ``accepted`` is false when somebody else had saved meanwhile and this text was set aside."""

    key: int
    name: str
    revision: int
    saved_by: str
    saved_at: datetime
    accepted: bool


class State(StrEnum):
    """How far a request to publish has come."""

    REQUESTED = "REQUESTED"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Publication:
    """A request to publish files as they are, and what became of it.

    ``reason`` says why the rule changes, ``basis`` the law, article or resolution it rests on (依据). ``draft_key`` is
    ``None`` when an old version is put back in force.
    """

    key: int
    draft_key: int | None
    process_id: str
    name: str
    reason: str
    basis: str
    state: State
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """A file frozen when its publication was asked for; ``base`` as in :class:`DraftFile`."""

    name: str
    content: bytes
    base: str | None
