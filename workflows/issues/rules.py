"""What is decided about issues. Pure: everything comes in as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from workflows.issues.model import Closing, Issue, Level, Rate, Rates, Reason, StepUp

SAME_WITHIN = timedelta(days=30)
ALIKE = Fraction(1, 4)
"""Design values: how far apart two reports of one thing may lie, and how much of the shorter one's wording the
longer one must have. Suspicion only; a person decides (接诉即办条例第11条)."""

HANDLING = {
    "grid_handle": "网格",
    "community_handle": "社区",
    "party_handle": "责任方",
    "dept_handle": "承办单位",
}
"""The steps in which an issue is handled, by element id: who did one may neither verify nor call back."""

LEVEL_NAMES = {Level.GRID: "网格", Level.COMMUNITY: "社区", Level.SUBDISTRICT: "街道"}

_STAGES: Sequence[tuple[str, set[str]]] = (
    ("待核查", {"verify"}),
    ("待回访", {"callback"}),
    ("等候转办结果", {"gw_answer", "overdue_answer"}),
    ("网格办理中", {"grid_handle"}),
    ("社区办理中", {"community_stage", "intake"}),
    ("街道办理中", {"dispatch", "department_receipts", "department_work", "restricted_handover"}),
    ("待分流", {"issue_report", "duplicate_review"}),
)

_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs nobody confuses on paper: no 0 and O, no 1 and I."""
CODE_BYTES = 10
_GROUP = 5


def alike(one: str, other: str) -> bool:
    """Whether two reports may be about the same thing: the share of neighbouring signs they have in common."""
    first, second = _pairs(one), _pairs(other)
    shorter = min(len(first), len(second))
    return shorter > 0 and Fraction(len(first & second), shorter) >= ALIKE


def may_be_same(new: Issue, known: Issue) -> bool:
    """Same grid, same category, within thirty days, in similar words; sensitive issues are never shown."""
    hidden = new.sensitive or known.sensitive
    same_kind = (new.grid, new.category) == (known.grid, known.category)
    near = abs(new.reported_at - known.reported_at) <= SAME_WITHIN
    return not hidden and same_kind and near and alike(new.text, known.text)


def next_level(level: str) -> Level:
    """The level above; the subdistrict hands on to departments, not upwards."""
    order = list(Level)
    return order[min(order.index(Level(level)) + 1, len(order) - 1)]


def step_up(level: str, because: Reason, written: str | None, at: str) -> StepUp:
    """The record of a step: the reason somebody wrote, or that the level's time was over."""
    name = LEVEL_NAMES[Level(level)]
    reason = (
        f"{name}时限届满，自动提级" if because is Reason.OVERDUE else (written or f"{name}提请上一级办理")
    )
    return StepUp(source=level, target=next_level(level), because=because, reason=reason, at=at)


def is_major_hazard(severity: str | None, category: str | None) -> bool:
    """A hazard nobody can take back once it is known (安全生产法第41条: 如实记录、报告、治理)."""
    return severity == "high" and category in ("fire", "safety")


def levels(record: Iterable[StepUp], now: str | None) -> tuple[str, ...]:
    """The levels an issue has come through, the present one last; none before it was triaged."""
    passed = [one["source"] for one in record]
    return tuple(LEVEL_NAMES[Level(one)] for one in [*passed, now] if one)


def outcome(variables: Mapping[str, Any]) -> str:
    """How an issue ended, in the words of the end events."""
    if variables["route"] == "restricted":
        return "限定知悉移交"
    if variables["followup"] == "supervise":
        return "转督查后办结"
    if variables["answered_by"] == "deliberation":
        return "转议事会后办结"
    return _BY_LEVEL[Level(variables["level"])]


_BY_LEVEL = {Level.GRID: "网格内办结", Level.COMMUNITY: "社区内办结", Level.SUBDISTRICT: "街道办结"}


def handling_note(variables: Mapping[str, Any]) -> str:
    """What was done, level by level, for those who verify, call back and ask."""
    units = [one.get("measures") for one in variables["handlings"] if one]
    done = [
        ("网格", variables["action_taken"]),
        ("社区", variables["opinion"]),
        ("责任方", variables["measures"] if variables["party"] else None),
        ("承办单位", "；".join(filter(None, units))),
        ("转办答复", variables["answer_note"]),
    ]
    return "\n".join(f"{who}：{what}" for who, what in done if what)


def contacted_in_time(contacts: Iterable[datetime | None], due: datetime, *, reachable: bool) -> bool | None:
    """Whether somebody spoke to the reporter before the contact was due; ``None`` where nobody could."""
    if not reachable:
        return None
    known = [one for one in contacts if one is not None]
    return bool(known) and min(known) <= due


def stage(active: Collection[str]) -> str:
    """What is told to whoever asks with a query code, from the elements where tokens are."""
    return next((name for name, elements in _STAGES if not elements.isdisjoint(active)), "办理中")


def query_code(noise: bytes) -> str:
    """A code of ten signs (fifty bits of ten random bytes) in two groups: ``7K2MP-9QX3D``."""
    letters = [_CODE_LETTERS[byte % len(_CODE_LETTERS)] for byte in noise[:CODE_BYTES]]
    return f"{''.join(letters[:_GROUP])}-{''.join(letters[_GROUP:])}"


def read_code(written: str) -> str:
    """A query code as people type it: any case, with or without the hyphen and spaces."""
    letters = "".join(one for one in written.upper() if one in _CODE_LETTERS)
    return f"{letters[:_GROUP]}-{letters[_GROUP:]}"


def rates(closings: Sequence[Closing]) -> Rates:
    """The three rates over closed issues, with the counts behind them."""
    contacts = [one.contacted_in_time for one in closings if one.contacted_in_time is not None]
    solved = [one.solved for one in closings if one.solved is not None]
    rated = [one.counted_as for one in closings if one.counted_as != "excluded"]
    levels = [one.level for one in closings]
    inside = sum(level in (Level.GRID, Level.COMMUNITY) for level in levels)
    return Rates(
        responded=Rate(sum(contacts), len(contacts)),
        solved=Rate(solved.count("已解决"), len(solved)),
        satisfied=Rate(rated.count("satisfied"), len(rated)),
        excluded=len(closings) - len(rated),
        within_grid=Rate(levels.count(Level.GRID), len(levels)),
        within_community=Rate(inside, len(levels)),
        without_overdue=Rate(sum(not one.overdue_times for one in closings), len(closings)),
    )


def _pairs(text: str) -> set[str]:
    """The pairs of neighbouring letters and digits; punctuation says nothing about the thing."""
    signs = "".join(sign for sign in text.casefold() if sign.isalnum())
    return {signs[n : n + 2] for n in range(len(signs) - 1)}
