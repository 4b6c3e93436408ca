"""The nouns of publicity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a public notice is about."""

    MEETING = "会议通知"
    RESOLUTION = "决议公示"
    RESULT = "结果公开"
    REVIEWERS = "评议代表公示"
    DUTIES = "述职和承诺公示"
    REVIEW_RESULT = "评议结果公示"
    REVIEW_REPORT = "评议报告"


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """A notice on the community's board, readable without signing in; shown at least until ``until``."""

    community: str
    id: int
    kind: NoticeKind
    title: str
    body: str
    matter_no: str
    published_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Notification:
    """A message to one person about a matter; ``read_at`` is ``None`` until they have seen it."""

    community: str
    id: int
    person: str
    title: str
    body: str
    matter_no: str
    created_at: datetime
    read_at: datetime | None = None
