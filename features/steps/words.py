"""The words of the specifications: how a sentence is read, and what its nouns stand for in the product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pytest_bdd import parsers

from features.community import (
    LEDGER_CLERK,
    MODERATOR,
    RECORDER,
    SECRETARY,
    SUBDISTRICT_OFFICER,
    SUPERVISOR,
)
from features.council import Council

Sheet = dict[str, int]
"""A teller's figures by the names of the form."""
_FIGURES = {
    "发出": "issued",
    "收回": "returned",
    "同意": "agree",
    "反对": "disagree",
    "弃权": "abstain",
    "无效": "invalid",
}


@dataclass(frozen=True, slots=True)
class _Noun:
    """A kind of word in a sentence: what it looks like, and what it is read as."""

    pattern: str
    read: Callable[[str], Any] = str

    def __call__(self, text: str) -> Any:
        return self.read(text)


def _sheet(text: str) -> Sheet:
    words = text.split()
    return {_FIGURES[name]: int(count) for name, count in zip(words[::2], words[1::2], strict=True)}


_NOUNS = {
    "人": _Noun(r"[\u4e00-\u9fff]{2,3}"),
    "词": _Noun(r"(?:(?!试着)[^\"，。])+"),  # who only tries is told by a sentence of its own
    "文": _Noun(r"[^\"]*"),
    "计票单": _Noun(r"(?:[\u4e00-\u9fff]{2} \d+ ?){6}", _sheet),
}


def sentence(pattern: str) -> parsers.parse:
    """A step: ``{x:人}`` is a name, ``{x:词}`` words without comma, ``{x:文}`` anything between quotation marks.

    ``{x:计票单}`` are the six figures of a teller, each after its name.
    """
    return parsers.parse(pattern, extra_types=_NOUNS)


def listed(names: str) -> list[str]:
    """``甲、乙、丙`` one by one."""
    return names.split("、") if names else []


CLASSES = {
    "公共事务": "public_affair",
    "业主共同事项": "owners_matter",
    "涉及全体居民": "resident_all",
    "双方纠纷": "two_party_dispute",
    "政府职责": "gov_duty",
    "个人事项": "personal",
    "疑似违法": "illegal",
}
COMPLEXITY = {"简单": "simple", "复杂": "complex"}
MATTER_TYPES = {"一般": "general", "重大": "major"}
RELATIONS = {
    "没有关系": "none",
    "与多数居民相同": "common_interest",
    "本人是当事人": "self_party",
    "近亲属是当事人": "near_relative",
    "承包或供应方": "contractor",
    "受雇于当事方": "employer",
}
SOURCES = {"事项": "msg_issue_to_deliberation", "联席会议题": "msg_topic_from_joint_meeting"}
HANDED_TO = {
    "街道": "msg_to_escalation",
    "和为贵": "msg_to_mediation",
    "居民点单": "msg_to_service",
    "业主共同决定": "msg_to_owners_vote",
    "居民代表会议": "msg_to_residents_assembly",
    "书面征求意见": "msg_to_written_consultation",
    "督查组": "msg_to_inspection",
}
OUTCOMES = {"通过": "passed", "未通过": "rejected", "票数相等": "tie"}
BALLOT_MODES = {"记名": "open_named", "无记名": "secret"}

_POSTS = {
    "秘书处": SECRETARY,
    "记录员": RECORDER,
    "主持人": MODERATOR,
    "街道": SUBDISTRICT_OFFICER,
    "居务监督委员会": SUPERVISOR,
    "台账管理员": LEDGER_CLERK,
}


def person_behind(council: Council, who: str) -> str:
    """The person who holds a seat or a post, or who is named."""
    if who in council.seat_names():
        return council.holder(who)
    return _POSTS.get(who, who)
