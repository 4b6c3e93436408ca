"""金色嘉苑社区 as the specifications know it: its people, posts and seats. All names are invented."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

COMMUNITY = "jsjy"
SUBDISTRICT = "huangtun"
GRID = "jsjy-g12"

COUNCIL, JOINT, GRID_COUNCIL = "八位一体议事会", "六位一体议事联席会", "第12网格联席会议"
BODIES = {COUNCIL: "jsjy-council", JOINT: "jsjy-joint6", GRID_COUNCIL: "jsjy-g12-council"}

PROPERTY, SERVICE_CENTRE, SUPERVISION = "金色嘉苑物业公司", "社区服务中心", "居务监督委员会"
ORGANISATIONS = {PROPERTY: "org-property", SERVICE_CENTRE: "org-service", SUPERVISION: "org-supervision"}

PARTY = "社区党组织"
_COUNCIL_SEATS = [  # id, name, titular, alternate; the first one is the core
    ("party", PARTY, "尤佑安", "彭宏图"),
    ("residents_committee", "村（居）委会", "任春兰", "周巧云"),
    ("service_center", "社区服务中心", "方立新", "戚学勤"),
    ("owners_committee", "业主委员会", "柳桂枝", "蒋永安"),
    ("property", "物业管理公司", "窦景行", "谢巧云"),
    ("social_org", "社会组织", "周慧敏", "尤凤仙"),
    ("partner_unit", "共建单位", "卫思齐", "喻志恒"),
    ("deputies", "两代表一委员", "窦德顺", "陈玉珍"),
]
_JOINT_SEATS = [
    *(_COUNCIL_SEATS[n] for n in (0, 1, 2)),
    ("charity_center", "社区公益中心", "韦立新", "沈宏图"),
    *(_COUNCIL_SEATS[n] for n in (3, 4)),
]
_GRID_SEATS = [
    ("party", PARTY, "何春兰", "俞佩瑶"),
    ("grid_worker", "网格员", "彭永安", "许明远"),
    ("buildings", "楼宇党小组", "潘学勤", "鲁桂枝"),
    ("owners", "业主代表", "奚瑞雪", "鲁秀岚"),
    ("merchants", "个体经营户", "葛雪琴", "韩志恒"),
]
_SEATS = {COUNCIL: _COUNCIL_SEATS, JOINT: _JOINT_SEATS, GRID_COUNCIL: _GRID_SEATS}

SECRETARY, RECORDER, MODERATOR = "柏明远", "戚佑安", "陈建平"
TELLERS, OTHER_TELLER = ("秦桂枝", "窦玉珍"), "沈国强"
SUBDISTRICT_OFFICER, SUPERVISOR, LEDGER_CLERK, ADMINISTRATOR = "柳佑安", "姜学勤", "沈玉兰", "程志远"
VERIFIER, APPROVER, LEADER = "蒋文清", "冯雅琴", "韦国栋"
PROPOSER, NEIGHBOUR = "何秀英", "罗建国"

_POSTS = [
    (SECRETARY, "secretariat", COMMUNITY),
    (RECORDER, "recorder", COMMUNITY),
    (MODERATOR, "two_committees", COMMUNITY),
    *((teller, "teller", COMMUNITY) for teller in (*TELLERS, OTHER_TELLER)),
    (SUPERVISOR, "supervisor", COMMUNITY),
    (RECORDER, "supervisor", COMMUNITY),
    (LEDGER_CLERK, "ledger_clerk", COMMUNITY),
    (VERIFIER, "verifier", COMMUNITY),
    (APPROVER, "approver", COMMUNITY),
    (LEADER, "leader", SUBDISTRICT),
    (ADMINISTRATOR, "process_admin", COMMUNITY),
    (SUBDISTRICT_OFFICER, "subdistrict", SUBDISTRICT),
]
RESIDENTS = [PROPOSER, NEIGHBOUR, "孟繁荣", "苏晓梅", "白玉林", "陆海涛", "郭淑琴", "范志刚"]


def _everybody() -> list[str]:
    seated = (
        name
        for seats in _SEATS.values()
        for _, _, titular, alternate in seats
        for name in (titular, alternate)
    )
    return list(dict.fromkeys([*seated, *(name for name, _, _ in _POSTS), *RESIDENTS]))


PEOPLE = {name: f"p{number:03}" for number, name in enumerate(_everybody(), 1)}
"""Person id by name; no two people here share a name."""
NAMES = {person: name for name, person in PEOPLE.items()}


def organisation() -> dict[str, Any]:
    """The community as the importer takes it."""
    return {
        "places": [
            _place("jngxq", "district", "济宁高新区", None),
            _place(SUBDISTRICT, "subdistrict", "黄屯街道", "jngxq"),
            _place(COMMUNITY, "community", "金色嘉苑社区", SUBDISTRICT),
            _place(GRID, "grid", "金色嘉苑第12网格", COMMUNITY),
        ],
        "people": [
            {"id": person, "name": name, "home": GRID if name in RESIDENTS else None}
            for name, person in PEOPLE.items()
        ],
        "organisations": [
            {"id": id_, "community": COMMUNITY, "name": name, "members": []}
            for name, id_ in ORGANISATIONS.items()
        ],
        "posts": [{"person": PEOPLE[name], "role": role, "place": place} for name, role, place in _POSTS],
        "bodies": [
            _body(COUNCIL, "council", COMMUNITY),
            _body(JOINT, "joint", COMMUNITY),
            _body(GRID_COUNCIL, "grid_council", GRID),
        ],
    }


def _place(id_: str, kind: str, name: str, parent: str | None) -> dict[str, Any]:
    return {"id": id_, "kind": kind, "name": name, "parent": parent}


def _body(name: str, kind: str, place: str) -> dict[str, Any]:
    seats = list(_seats(_SEATS[name]))
    return {
        "id": BODIES[name],
        "community": COMMUNITY,
        "place": place,
        "kind": kind,
        "name": name,
        "seats": seats,
    }


def _seats(rows: Iterable[tuple[str, str, str, str]]) -> Iterable[dict[str, Any]]:
    for number, (seat, name, titular, alternate) in enumerate(rows):
        yield {
            "seat": seat,
            "name": name,
            "core": number == 0,
            "titular": PEOPLE[titular],
            "alternate": PEOPLE[alternate],
        }
