"""Issues at work, in verbs: a community with its grids, its duty posts and the departments of its subdistrict."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine import instances, messages
from engine.clock import VirtualClock
from engine.runtime import Work
from engine.user_tasks import UserTask
from features import community
from features.community import COMMUNITY, GRID, PEOPLE, SECRETARY, SUBDISTRICT
from features.desk import Desk, Fill, local
from features.papers import Answers, attachments
from features.striking import strike_off
from web.forms import FormState
from web.wiring import Product
from workflows.issues import store as issues
from workflows.issues import visitors
from workflows.issues.visitors import PROCESS, PUBLIC
from workflows.moments import SHANGHAI

BEFORE_EVERYTHING = local("2026-09-01 08:00")
OTHER_GRID = "jsjy-g13"
GRID_WORKER, GRID_SECRETARY, OTHER_GRID_WORKER = "彭永安", "何春兰", "鲁桂枝"
DUTY, OTHER_DUTY, COMMAND = "方立新", "戚学勤", community.SUBDISTRICT_OFFICER
DEPARTMENTS = {"综合执法队": "俞佩瑶", "自然资源所": "许明远", "市场监管所": "潘学勤"}
DEPARTMENT_IDS = {name: f"huangtun-d{n}" for n, name in enumerate(DEPARTMENTS, 1)}
PROPERTY_PERSON, OTHER_PROPERTY_PERSON = "窦景行", "谢巧云"
OF_MANY_POSTS = "沈宏图"
"""Grid secretary, on duty in the community and in every department: only the rules keep the duties apart."""

ISSUES: Mapping[str, Answers] = {
    "小事": {"category": "environment", "severity": "low"},
    "较急的小事": {"category": "pipe", "severity": "medium"},
    "纠纷": {"category": "dispute", "severity": "low"},
    "九人的停车事项": {"category": "parking", "severity": "medium", "people_affected": 9},
    "十人的停车事项": {"category": "parking", "severity": "medium", "people_affected": 10},
    "五十人的噪声事项": {"category": "noise", "severity": "low", "people_affected": 50},
    "安全隐患": {"category": "fire", "severity": "medium"},
    "重大隐患": {"category": "fire", "severity": "high"},
    "重大的公共设施事项": {"category": "facility", "severity": "high"},
    "违建": {"category": "illegal_build", "severity": "low", "needs_enforcement": True},
    "跨社区的事": {"category": "pipe", "severity": "low", "cross_community": True},
    "突发的事": {"category": "elderly", "severity": "emergency"},
    "涉及未成年人的事": {"category": "children", "severity": "high", "involves_minor": True},
    "重点人员流入": {"category": "key_person", "severity": "medium"},
}
_REPORT: Answers = {
    "title": "12号楼门前井盖松动",
    "description": "井盖边缘翘起来约三厘米，晚上没有灯，容易绊倒人。",
    "place": "12号楼2单元门前",
    "grid_id": GRID,
    "people_affected": 1,
    "involves_minor": False,
    "reporter_phone": "0537-0100001",
    "consent": True,
}
_USUAL: Mapping[str, Answers] = {
    "grid_handle": {"on_site": True, "action_taken": "到场处理完毕。", "before_after": attachments(2)},
    "community_handle": {"opinion": "已经联系各方处理。"},
    "party_handle": {"measures": "已经派人修好。", "evidence": attachments(1)},
    "dispatch": {"requirement": "现场处置并答复诉求人。"},
    "dept_handle": {"measures": "到现场依法处置。", "evidence": attachments(1)},
    "verify": {"reason": "现场看过了。", "photos": attachments(1)},
    "callback": {"channel": "电话", "reached": True, "responded": "是", "solved": "已解决"},
    "restricted_handover": {"handed_to": "公安派出所", "opinion": "按规定移交。"},
    "overdue_answer": {"answer_note": "已经问过承接的一方。"},
}
_RESULTS: Mapping[str, Mapping[str, Answers]] = {
    "grid_handle": {
        "已解决": {"result": "resolved"},
        "需社区处理": {"result": "up", "up_reason": "网格没有权限。"},
        "非职责": {"result": "out_of_scope", "up_reason": "属于法院受理的事项，请向法院起诉。"},
        "上报人撤回": {"result": "withdrawn"},
    },
    "community_handle": {
        "已解决": {"result": "resolved"},
        "交责任方": {"result": "assign_party", "party": "org-property"},
        "转议事会": {"result": "deliberate"},
        "转和为贵": {"result": "mediate"},
        "立账销号": {"result": "ledger", "party": "org-property"},
        "转居民点单": {"result": "service"},
        "报街道": {"result": "up"},
    },
    "dept_receipt": {
        "签收": {"receipt": "签收"},
        "退单": {"receipt": "退单", "return_reason": "不是本单位职责。"},
    },
    "duplicate_review": {word: {"is_duplicate": word} for word in ("重复并入", "相关联", "不重复")},
    "verify": {word: {"verified": word} for word in ("通过", "不通过")},
    "overdue_answer": {word: {"decision": word} for word in ("继续等候", "收回自办")},
    "callback": {word: {"satisfaction": word} for word in ("满意", "基本满意", "不满意")}
    | {"未评": {"satisfaction": "未评", "reached": False}},
    "restricted_handover": {"移交": {}},
}
_TIMES = ("first_contact_at", "on_site_at", "contacted_at", "verified_at")
_UNITS: Mapping[str, Answers] = {
    "已解决": {},
    "阶段性解决": {},
    "无法解决": {"legal_basis": "没有法律依据。"},
}


def organisation() -> dict[str, Any]:
    """The council's community with a second grid, people on duty and departments."""
    everything = community.organisation()
    other = {"id": OTHER_GRID, "kind": "grid", "name": "金色嘉苑第13网格", "parent": COMMUNITY}
    posts = [
        (GRID_WORKER, "grid_worker", GRID),
        (GRID_SECRETARY, "grid_secretary", GRID),
        (OTHER_GRID_WORKER, "grid_worker", OTHER_GRID),
        (DUTY, "community", COMMUNITY),
        (OTHER_DUTY, "community", COMMUNITY),
        (OF_MANY_POSTS, "grid_secretary", GRID),
        (OF_MANY_POSTS, "community", COMMUNITY),
    ]
    departments = [
        {
            "id": DEPARTMENT_IDS[name],
            "community": SUBDISTRICT,
            "name": name,
            "members": [PEOPLE[person], PEOPLE[OF_MANY_POSTS]],
        }
        for name, person in DEPARTMENTS.items()
    ]
    for one in everything["organisations"]:
        if one["id"] == "org-property":
            one["members"] = [PEOPLE[PROPERTY_PERSON], PEOPLE[OTHER_PROPERTY_PERSON]]
    return everything | {
        "places": [*everything["places"], other],
        "posts": [
            *everything["posts"],
            *({"person": PEOPLE[name], "role": role, "place": place} for name, role, place in posts),
        ],
        "organisations": [*everything["organisations"], *departments],
    }


class Start:
    """The database of the session as it is before anybody has reported anything."""

    def __init__(self, product: Product, database: Path) -> None:
        self.product = product
        self._database, self._copy = database, database.with_name("start.db")
        product.store.close()
        shutil.copy(database, self._copy)

    def restore(self) -> Escalation:
        """A scenario of its own."""
        self.product.store.close()
        shutil.copy(self._copy, self._database)
        return Escalation(self.product, VirtualClock(BEFORE_EVERYTHING))


class Escalation(Desk):
    """A community whose residents report; ``code`` is what a reporter without an account was given."""

    code = ""
    before = 0
    kept: UserTask

    def begin(self, moment: str) -> None:
        """The day the scenario begins, before anything has been reported."""
        assert not self.matter
        self.clock = self.engine.clock = VirtualClock(local(moment))

    # -- reporting -----------------------------------------------------------------------------------

    def report(self, by: str, kind: str, **answers: Any) -> None:
        """Report an issue in one's own name."""
        with self.work(by) as work:
            self.matter = instances.start(work, PROCESS, {})
        self.act(by, "issue_report", {**ISSUES[kind], **answers})

    def report_unnamed(self, kind: str, **answers: Any) -> None:
        """Report an issue on the page for everybody."""
        data = {**_REPORT, **ISSUES[kind], "anonymous": True, **answers}
        with self.engine.work(PUBLIC, COMMUNITY) as work:
            self.code = visitors.hand_in(work, visitors.begin(work), data)
            found = issues.by_code(work.connection, COMMUNITY, self.code)
        assert found is not None
        self.matter = found.instance_key

    def forward(self, message: str, payload: Mapping[str, Any]) -> None:
        """Another matter hands an issue on."""
        with self.work(SECRETARY) as work:
            assert messages.publish(work, message, payload["source_no"], payload) == 1
            (self.matter,) = (one.key for one in instances.find(work, started_by_me=True))

    # -- handling ------------------------------------------------------------------------------------

    def finish(self, who: str, name: str, result: str, **answers: Any) -> None:
        """Let a person do the open step of that name with that result."""
        self.act(who, self.task(name).element_id, self._result(self.task(name).element_id, result) | answers)

    def hand_in(self, who: str, name: str, result: str, **answers: Any) -> None:
        """The same for somebody whose step it may not be."""
        task = self.task(name)
        self.submit(who, task, self._result(task.element_id, result) | answers)

    def paper(self, work: Work, task: UserTask, answers: Fill | None) -> FormState:
        """A form as it first shows, with what people usually write here."""
        shown = super().paper(work, task, answers)
        usual = _REPORT if task.element_id in ("issue_report", "intake") else _USUAL.get(task.element_id, {})
        now = self.clock.now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
        unknown = [name for name in _TIMES if name in shown.form.names() and not shown.raw.get(name)]
        verifier = {"verifier": work.actor.id} if task.element_id == "verify" else {}
        given = answers if isinstance(answers, Mapping) else {}
        return replace(shown, raw={**shown.raw, **usual, **dict.fromkeys(unknown, now), **verifier, **given})

    def close_ledger(self) -> None:
        """The entry is put right, accepted and struck off."""
        strike_off(self)

    # -- seeing --------------------------------------------------------------------------------------

    def progress(self) -> visitors.Progress:
        """What the query code tells."""
        with self.look() as work:
            found = visitors.progress(work, self.code)
        assert found is not None
        return found

    def sent(self, message: str) -> list[Mapping[str, Any]]:
        """The events by which this matter sent that message."""
        return [
            one.data
            for one in self.timeline()
            if one.kind == "MESSAGE_PUBLISHED" and one.data["name"] == message
        ]

    def waits_for(self, who: str, name: str) -> bool:
        """Whether the step waits in a person's list."""
        key = self.task(name).key
        return key in [task.key for task in self.inbox_of(who)]

    def keep(self, name: str) -> None:
        """Remember an open step, to hand it in once more."""
        self.kept = self.task(name)

    def seen_by(self, who: str) -> bool:
        """Whether a person finds the matter."""
        with self.look(who) as work:
            return self.matter in [one.key for one in instances.find(work)]

    def _result(self, element: str, result: str) -> dict[str, Any]:
        if element in ("dept_handle", "party_handle"):
            return {"result": result, **_UNITS[result]}
        return dict(_RESULTS[element][result])
