"""What people write on the forms when a scenario is about something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from features.community import (
    GRID,
    LEDGER_CLERK,
    MODERATOR,
    ORGANISATIONS,
    PEOPLE,
    PROPERTY,
    RECORDER,
    SERVICE_CENTRE,
    TELLERS,
    VERIFIER,
)

Answers = Mapping[str, Any]


def attachments(count: int) -> list[dict[str, Any]]:
    """References to so many stored pictures."""
    return [
        {"id": f"{n:032}", "name": f"照片{n}.jpg", "size": 1024, "type": "image/jpeg"}
        for n in range(1, count + 1)
    ]


ENTRY: Answers = {
    "ledger_type": "安全隐患",
    "grid_id": GRID,
    "place_type": "residence",
    "place": "5号楼2单元楼道",
    "content": "楼道里堆着旧家具，电动自行车在旁边充电。",
    "consequence": 3,
    "likelihood": 2,
    "photos": attachments(1),
}
"""A hazard of the lowest grade."""

ORDER: Answers = {
    "executor_org": ORGANISATIONS[PROPERTY],
    "responsible_person": PEOPLE["窦景行"],
    "measures": "清走堆物，拉断电源，装隔断。",
    "standard": "楼道畅通，没有车辆充电。",
    "accept_by": PEOPLE[VERIFIER],
}
"""What is written on an order where its source has not said it already."""

DEFAULTS: Mapping[str, Answers] = {
    "topic_proposal": {
        "title": "夜间错时停车共享",
        "topic_class": "public_affair",
        "body_id": "jsjy-council",
        "scope": ["小区"],
        "grid_ids": [GRID],
        "people_affected": 300,
        "facts": "三号院夜间车位不足，车辆停到消防通道，居民多次反映。",
    },
    "topic_screening": {
        "complexity": "complex",
        "result_reason": "此事不属于议事会议决的范围，应当由有权决定的一方办理。",
    },
    "quick_record": {
        "participants": [PEOPLE["任春兰"], PEOPLE["窦景行"]],
        "opinions": "当面商量，大家都同意先修好。",
        "conclusion": "物业当天修好。",
        "proposer_satisfied": "满意",
    },
    "party_approval": {
        "decision": "纳入议程",
        "matter_type": "general",
        "opinion": "事关居民出行，同意。",
        "approved_by": PEOPLE["尤佑安"],
    },
    "stakeholder_selection": {
        "interested_parties": [{"name": "夜间停车的住户", "person": None, "interest": "受益"}],
        "moderator": PEOPLE[MODERATOR],
        "tellers": [PEOPLE[teller] for teller in TELLERS],
    },
    "meeting_notice": {
        "place": "党群服务中心二楼议事厅",
        "meeting_mode": "现场",
        "materials": attachments(1),
    },
    "recusal_declaration": {"relation": "none", "promise": True},
    "recusal_decision": {"recusal_result": "回避", "reason": "与议题有直接利害关系。"},
    "rsvp": {"attend": "参加"},
    "reconvene": {"failed_reason": "人数不足", "notify_absent": True},
    "deliberation_record": {
        "rules_read": True,
        "speeches": [{"no": 1, "speaker": "柳桂枝", "stance": "赞成", "seconds": 112}],
        "consensus": "夜间共享共建单位的车位。",
        "disagreements": "无",
    },
    "motion": {
        "motion_text": "自2026年11月起，夜间共享共建单位停车场的六十个车位",
        "executor_org": ORGANISATIONS[PROPERTY],
        "deadline": "2026-12-01",
    },
    "ballot": {"confirm": True},
    "tie_resolution": {"method": "再议一轮后重新表决", "note": "双方理由还没有说完。"},
    "paper_entry": {"photo": attachments(1)},
    "minutes": {"public_version": "会议同意夜间共享车位。", "drafted_by": PEOPLE[RECORDER]},
    "minutes_confirm": {"agree_minutes": "确认"},
    "objection_review": {"reply": "已经逐项核实，答复如上。"},
    "assignment": {
        "responsible_person": PEOPLE["窦景行"],
        "measures": "划线、登记、装牌。",
        "check_by": ORGANISATIONS[SERVICE_CENTRE],
    },
    "ledger_entry": ENTRY,
    "intake_entry": {name: value for name, value in ENTRY.items() if name not in ("content", "ledger_type")},
    "receipt": {"receipt": "签收"},
    "rectify": {"percent": 100, "note": "已经改完。", "next_step": "close"},
    "extension": {"approve": "同意"},
    "close_request": {"result": "六十个车位已经共享。", "evidence": attachments(2)},
    "acceptance": {
        "verifiers": [PEOPLE[VERIFIER], PEOPLE[LEDGER_CLERK]],
        "on_site": True,
        "accept_result": "合格",
        "opinion": "对照标准看过了。",
        "photos": attachments(1),
    },
    "close_approval": {"approve": "同意销号", "opinion": "同意。"},
    "result_publication": {"photos": attachments(2), "publish_days": 7},
    "result_feedback": {"satisfaction": "满意"},
}
"""By element id; ``paper_entry`` stands for both posts. A form's own defaults come before these."""


def defaults(element: str) -> Answers:
    """The usual answers to a step's form."""
    return DEFAULTS.get(element.removesuffix("_a").removesuffix("_b"), {})
