"""Which lane of a process is filled by whom: the one table, and what it takes to read it. Pure.

A lane is a *seat* of the deliberating body, a *post* looked for place by place (grid, community, subdistrict,
district), or a *party*: the person or organisation recorded on the matter itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from workflows.organisation.model import Seat

CORE_SEAT = "core"
ALL_SEATS = "*"


class LaneKind(StrEnum):
    """How a lane finds its people."""

    SEAT = "seat"
    POST = "post"
    PARTY = "party"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Lane:
    """One line of the table.

    ``title`` is shown to people. ``words`` are the seat's id (or ``core``, ``*``), the post, or the names of
    the variables that hold the party, the first that is set counts. ``otherwise`` is the lane that takes over
    when the seat is recused or vacant, or the party unknown.
    """

    kind: LaneKind
    title: str
    words: tuple[str, ...] = ()
    otherwise: str | None = None


def _post(name: str, title: str) -> tuple[str, Lane]:
    return name, Lane(LaneKind.POST, title, (name,))


def _party(name: str, title: str, *variables: str, otherwise: str | None = None) -> tuple[str, Lane]:
    return name, Lane(LaneKind.PARTY, title, variables, otherwise)


def _seat(name: str, title: str, seat: str, otherwise: str | None = None) -> tuple[str, Lane]:
    return name, Lane(LaneKind.SEAT, title, (seat,), otherwise)


LANES: Mapping[str, Lane] = dict(
    [
        _seat("chair", "召集人", CORE_SEAT, otherwise="subdistrict"),
        _seat("party", "社区党组织", CORE_SEAT, otherwise="subdistrict"),
        _seat("member", "席位代表", ALL_SEATS),
        _seat("owners_committee", "业主委员会", "owners_committee", otherwise="community"),
        _party("initiator", "发起人", "initiator"),
        _party("proposer", "提案人", "initiator"),
        _party("reporter", "上报人", "reporter", "initiator"),
        _party("finder", "排查人", "finder", "initiator"),
        _party("applicant", "申请人", "applicant", "initiator"),
        _party("respondent", "被申请人", "respondent"),
        _party("subject", "被评议、被督查方", "subject"),
        _party("evaluator", "评议代表", "evaluator"),
        _party("owner", "业主", "owner"),
        _party("responsible", "责任人", "responsible_person", "executor_org", otherwise="community"),
        _party("executor", "责任单位", "responsible_person", "executor_org", otherwise="community"),
        _party("provider", "服务方", "provider", otherwise="dispatcher"),
        _party("org", "社会组织负责人", "org", "initiator"),
        _party("moderator", "主持人", "moderator", otherwise="secretariat"),
        _party("department", "承办单位", "department", otherwise="subdistrict"),
        _party("unit", "成员单位", "unit", otherwise="subdistrict"),
        _post("secretariat", "议事会秘书处"),
        _post("organiser", "组织方"),
        _post("ledger_clerk", "台账管理员"),
        _post("recorder", "记录员"),
        _post("teller", "监票计票人"),
        _post("verifier", "验收人"),
        _post("approver", "销号审批人"),
        _post("supervisor", "居务监督委员会委员"),
        _post("community", "社区值班岗"),
        _post("subdistrict", "街道值班岗"),
        _post("grid_worker", "网格员"),
        _post("grid_secretary", "网格书记"),
        _post("building_leader", "楼宇党小组长"),
        _post("two_committees", "社区两委成员"),
        _post("party_members", "党员大会成员"),
        _post("assembly", "居民代表"),
        _post("deputy", "人大代表"),
        _post("cppcc", "政协委员"),
        _post("unit_delegate", "驻区代表"),
        _post("resident", "居民"),
        _post("reception", "和为贵服务中心接待岗"),
        _post("committee", "人民调解委员会主任"),
        _post("mediator", "调解员"),
        _post("police", "公安机关"),
        _post("window", "综合窗口"),
        _post("dispatcher", "派单员"),
        _post("office", "街道综合办"),
        _post("leader", "街道分管领导"),
        _post("lead", "督查领导小组"),
        _post("inspector", "督查员"),
        _post("rechecker", "复查人"),
        _post("discipline", "纪检"),
        _post("incubator", "社会组织孵化中心"),
        _post("panel", "评审专家"),
        _post("process_admin", "流程管理员"),
        _post("rule_admin", "规则管理员"),
        _post("admin", "系统管理员"),
        _post("auditor", "审计员"),
        ("system", Lane(LaneKind.NOBODY, "系统")),
    ]
)


def post_group(role: str, place: str) -> str:
    """The group of those who hold a post at a place: ``teller@jsjy``."""
    return f"{role}@{place}"


def seat_group(body: str, seat: str) -> str:
    """The group of the one who holds a seat: ``seat:party@jsjy-council``."""
    return f"seat:{seat}@{body}"


def organisation_group(organisation: str) -> str:
    """The group of those who act for an organisation: ``org:jsjy-property``."""
    return f"org:{organisation}"


def read_group(group: str) -> tuple[str, str, str]:
    """A group's kind (``seat``, ``org`` or ``post``), its word and its place, body or organisation."""
    kind, colon, rest = group.partition(":")
    if not colon:
        kind, rest = "post", group
    word, _, where = rest.rpartition("@")
    return kind, word, where


def holder(seat: Seat, today: date) -> str | None:
    """The person who acts for the seat: the titular member in office, else the alternate, else nobody."""
    if in_office(seat.mandate_from, seat.mandate_until, today):
        return seat.titular or seat.alternate
    return None


def in_office(start: date | None, end: date | None, today: date) -> bool:
    """Whether the day lies within both dates, each included; ``None`` is open."""
    return (start is None or start <= today) and (end is None or today <= end)


def chosen_seats(lane: Lane, seats: Sequence[Seat]) -> list[Seat]:
    """The seats of a body a seat lane means."""
    (word,) = lane.words
    return [one for one in seats if word in (ALL_SEATS, one.seat) or (word == CORE_SEAT and one.core)]


def recused(variables: Mapping[str, Any]) -> frozenset[str]:
    """The seats that may not act in this matter."""
    return frozenset(variables.get("recused_seats") or ())


def party(lane: Lane, variables: Mapping[str, Any]) -> str | None:
    """The person or organisation recorded on the matter, ``None`` when nobody is yet."""
    return next((str(variables[name]) for name in lane.words if variables.get(name)), None)
