"""What people of the demonstration write into the forms, from a matter's data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from workflows.moments import SHANGHAI, local_date

Matter = Mapping[str, Any]
Data = dict[str, Any]


def local_text(moment: datetime) -> str:
    """A moment as a form takes it: local time, to the minute."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def proposal(matter: Matter) -> Data:
    defaults = {
        "topic_class": "public_affair",
        "body_id": "jsjy-council",
        "scope": ["小区"],
        "contact_ok": True,
    }
    return {**defaults, **matter["proposal"]}


def screening(matter: Matter, now: datetime) -> Data:
    defaults = {"complexity": "complex", "is_repeat": False, "legal_check": "不违反法律法规，可以协商。"}
    return {**defaults, **matter.get("screening", {}), "screen_date": local_date(now).isoformat()}


def approval(matter: Matter, variables: Mapping[str, Any]) -> Data:
    signer = "u0023" if variables["body_id"] == "jsjy-g12-council" else "u0102"
    return {
        "decision": "纳入议程",
        "matter_type": matter.get("matter_type", "general"),
        "agenda_order": 1,
        "opinion": "居民反映集中，同意纳入议程，请秘书处通知各方。",
        "approved_by": signer,
    }


def selection(matter: Matter, seats: Sequence[Mapping[str, Any]]) -> Data:
    columns = ("seat", "seat_name", "titular", "alternate")
    return {
        "seats": [{**{name: seat[name] for name in columns}, "vacant": False} for seat in seats],
        "interested_parties": matter["parties"],
        "resident_draw": matter.get("draw", 0),
        "moderator": "u0062",
        "tellers": ["u0059", "u0060"],
    }


def notice(matter: Matter, meeting: datetime, *, urgent: bool) -> Data:
    title = matter["proposal"]["title"]
    why = {"is_urgent": True, "urgent_reason": "节假日前后工作日不足，经召集人同意按紧急会议召集。"}
    return {
        "meeting_at": local_text(meeting),
        "place": "党群服务中心二楼议事厅",
        "meeting_mode": matter.get("meeting_mode", "现场"),
        "agenda": [{"no": 1, "topic": title, "presenter": "秘书处", "minutes": 40}],
        **(why if urgent else {}),
    }


def rsvp(matter: Matter, seat: Mapping[str, Any]) -> Data:
    if seat["seat"] in matter.get("absent", []):
        return {"attend": "请假", "written_opinion": "因公请假，书面意见随后送交。"}
    if seat["seat"] in matter.get("alternates", []):
        return {"attend": "候补代会", "alternate": seat["alternate"]}
    return {"attend": "参加"}


def declaration(matter: Matter, seat: Mapping[str, Any]) -> Data:
    own = matter.get("recusals", {}).get(seat["seat"], {"relation": "none"})
    return {**own, "promise": True}


def recusal_decision(visible: Mapping[str, Any]) -> Data:
    return {
        "member": visible["seat"]["person"],
        "recusal_result": "可列席说明但不表决",
        "reason": "与本议题有直接利害关系，可以到会说明情况，不参加表决。",
        "decided_by": "u0102",
    }


def sign_in(matter: Matter, variables: Mapping[str, Any], now: datetime) -> Data:
    declared = {one["seat"] for one in variables["recusals_now"] if one and one.get("relation")}
    rows = [_signature(matter, seat, seat["seat"] in declared, now) for seat in variables["roster"]]
    return {"attendance": rows, "observers_present": 11, "started_at": local_text(now)}


def deliberation(matter: Matter, variables: Mapping[str, Any]) -> Data:
    speakers = variables["attendees"][: len(matter["speeches"])]
    return {
        "rules_read": True,
        "speeches": [
            {
                "no": no,
                "speaker": one["person_name"],
                "seat": one["seat"],
                "stance": stance,
                "seconds": seconds,
            }
            for no, (one, (stance, seconds)) in enumerate(zip(speakers, matter["speeches"], strict=True), 1)
        ],
        "consensus": matter["consensus"],
        "disagreements": matter["disagreements"],
    }


def motion(matter: Matter, deadline: date) -> Data:
    budget = {"budget": 0, "fund_source": "无"}
    return {**budget, **matter["motion"], "deadline": deadline.isoformat(), "raise_to_secret": False}


def ballot(matter: Matter, seat: str) -> Data | None:
    choice = matter["votes"].get(seat)
    return None if choice is None else {"choice": choice, "confirm": True}


def minutes(matter: Matter, variables: Mapping[str, Any]) -> Data:
    result = "通过" if variables["outcome"] == "passed" else "未通过"
    decided = {"no": 1, "matter": variables["motion_text"], "result": result}
    return {
        "summary": matter["consensus"],
        "resolutions": [
            {**decided, "executor_org": variables["executor_org"], "deadline": variables["deadline"]}
        ],
        "minority": matter["disagreements"],
        "public_version": matter["public_version"],
        "drafted_by": "u0128",
    }


def objection_review(matter: Matter) -> Data:
    supervisors = ("u0118", "u0119", "u0120")
    return {
        "finding": "不成立",
        "remedy": "维持",
        "reply": matter["objection_reply"],
        "votes": [{"member": one, "opinion": "不成立"} for one in supervisors],
    }


def assignment(matter: Matter, variables: Mapping[str, Any]) -> Data:
    return {
        "executor_org": variables["executor_org"],
        "responsible_person": matter["responsible_person"],
        "measures": matter["measures"],
        "deadline": variables["deadline"],
        "check_by": "jsjy-supervision",
    }


def entry(matter: Matter, variables: Mapping[str, Any], now: datetime) -> Data:
    """The clerk completes what a resolution has put into the ledger."""
    return {
        "ledger_type": variables["ledger_type"],
        "source_ref": variables["source_ref"],
        "grid_id": variables["grid_id"],
        "place_type": "residence",
        "place": matter["proposal"]["title"][:20],
        "content": variables["content"],
        "consequence": variables["consequence"],
        "likelihood": variables["likelihood"],
        "found_at": local_text(now),
    }


def order(variables: Mapping[str, Any]) -> Data:
    """The rectification order, as the resolution says."""
    return {
        "disposal": "rectify",
        "executor_org": variables["executor_org"],
        "responsible_person": variables["responsible_person"],
        "measures": variables["measures"],
        "standard": "按决议的内容逐项落实，现场可以核对。",
        "deadline": variables["source_deadline"],
        "accept_by": "u0061",
    }


def acceptance() -> Data:
    return {
        "verifiers": ["u0061", "u0129"],
        "on_site": True,
        "accept_result": "合格",
        "opinion": "到现场逐项核对，已经落实。",
    }


def _signature(matter: Matter, seat: Mapping[str, Any], declared: bool, now: datetime) -> Data:
    row = {"seat": seat["seat"], "seat_name": seat["seat_name"]}
    if seat["seat"] in matter.get("absent", []):
        return {**row, "name": seat["person_name"], "attend": "缺席"}
    by_alternate = seat["seat"] in matter.get("alternates", [])
    relation = None if declared else declaration(matter, seat)["relation"]
    return {
        **row,
        "name": seat["alternate_name"] if by_alternate else seat["person_name"],
        "attend": "候补代会" if by_alternate else "本人到会",
        "signed_at": local_text(now).partition("T")[2],
        "relation": relation,
        "signed": True,
    }
