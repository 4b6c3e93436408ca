"""A small community of its own: a council of eight seats, the posts a meeting needs, two residents."""

from __future__ import annotations

from typing import Any

SEATS = {
    "party": "社区党组织",
    "committee": "居民委员会",
    "service": "社区服务中心",
    "owners_committee": "业主委员会",
    "property": "物业公司",
    "social": "社会组织",
    "partner": "共建单位",
    "delegates": "两代表一委员",
}
PEOPLE = {
    "party": "党书记",
    "committee": "居主任",
    "service": "服主任",
    "owners_committee": "业主任",
    "property": "物经理",
    "social": "社会长",
    "partner": "共代表",
    "delegates": "代委员",
    "secretary": "秘书",
    "recorder": "记录",
    "teller-1": "监票甲",
    "teller-2": "监票乙",
    "supervisor": "监督",
    "admin": "管理",
    "verifier": "验收",
    "approver": "审批",
    "resident": "居民甲",
    "neighbour": "居民乙",
}
POSTS = {
    "party": ("rule_admin",),
    "secretary": ("secretariat", "community"),
    "recorder": ("recorder",),
    "teller-1": ("teller",),
    "teller-2": ("teller",),
    "supervisor": ("supervisor",),
    "admin": ("process_admin", "ledger_clerk", "subdistrict"),
    "verifier": ("verifier",),
    "approver": ("approver",),
    "resident": ("resident",),
    "neighbour": ("resident",),
}

ORGANISATION: dict[str, Any] = {
    "places": [
        {"id": "gxq", "kind": "district", "name": "高新区", "parent": None},
        {"id": "street", "kind": "subdistrict", "name": "洸河街道", "parent": "gxq"},
        {"id": "jsjy", "kind": "community", "name": "金色嘉苑社区", "parent": "street"},
        {"id": "g1", "kind": "grid", "name": "第一网格", "parent": "jsjy"},
    ],
    "people": [
        {"id": id_, "name": name, "home": "g1" if id_ in ("resident", "neighbour") else None}
        for id_, name in PEOPLE.items()
    ],
    "organisations": [
        {"id": "property-co", "community": "jsjy", "name": "和顺物业", "members": ["property"]},
        {"id": "owners-co", "community": "jsjy", "name": "业主委员会", "members": ["owners_committee"]},
    ],
    "posts": [
        {"person": person, "role": role, "place": "jsjy"} for person, roles in POSTS.items() for role in roles
    ],
    "bodies": [
        {
            "id": "jsjy-council",
            "community": "jsjy",
            "place": "jsjy",
            "kind": "council",
            "name": "八位一体议事会",
            "seats": [
                {"seat": seat, "name": name, "core": seat == "party", "titular": seat, "alternate": None}
                for seat, name in SEATS.items()
            ],
        }
    ],
}
