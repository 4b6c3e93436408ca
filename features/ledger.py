"""The ledger at work, in verbs: what is found goes into the book, is put right, and is struck off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import instances, messages
from features.community import (
    APPROVER,
    COMMUNITY,
    LEDGER_CLERK,
    PEOPLE,
    SECRETARY,
    VERIFIER,
)
from features.escalation import DUTY, Escalation
from features.papers import ORDER, Answers
from features.striking import EXECUTOR, LEDGER, completed
from web.forms import FormState
from workflows.ledger import store
from workflows.ledger.model import Entry, Filter, Scope, Tally
from workflows.ledger.rules import PLACE_TYPES

PLACES = {name: word for word, name in PLACE_TYPES.items()}
RESULTS: Mapping[str, Mapping[str, Answers]] = {
    "assign": {
        "交办": {"disposal": "rectify", **ORDER},
        "直接验收": {"disposal": "accept", **ORDER},
        "提请议事会": {"disposal": "deliberate", "disposal_reason": "涉及整栋楼，要大家一起定。"},
        "撤账": {"disposal": "dismiss", "disposal_reason": "到现场看过，是正常施工。"},
        "移交执法": {
            "disposal": "transfer",
            "disposal_reason": "涉嫌违法，须执法查处。",
            "transfer_to": "huangtun-d1",
        },
        "并入": {"disposal": "merge"},
    },
    "receipt": {
        "签收": {"receipt": "签收"},
        "异议": {"receipt": "异议", "dispute_reason": "这一段归市政管，不是物业的。"},
    },
    "rectify": {
        "继续整改": {"percent": 40, "next_step": "continue"},
        "申请销号": {"percent": 100, "next_step": "close"},
        "申请延期": {
            "percent": 40,
            "next_step": "extend",
            "extend_days": 15,
            "extend_reason": "隔断要定做，厂家说两个星期以后才能到货安装。",
            "extend_interim": "每天巡查两次，夜里有人值守。",
        },
    },
    "extension": {word: {"approve": word} for word in ("同意", "不同意")},
    "close_request": {"已完成": {"result": "堆物已清，隔断已装。"}},
    "acceptance": {word: {"accept_result": word} for word in ("合格", "不合格")},
    "close_approval": {word: {"approve": word} for word in ("同意销号", "退回")},
    "reassign": {
        "改派": {"keep_liability": True, "opinion": "同意改派。", "responsible_person": PEOPLE["方立新"]}
    },
}


class Ledger(Escalation):
    """A community with its ledger; ``source`` is the matter that asked for the entry in hand."""

    source = 0
    earlier = ""

    def register(self, by: str, **answers: Any) -> None:
        """Find something and enter it."""
        with self.work(by) as work:
            self.matter = instances.start(work, LEDGER, {})
        self.act(by, "ledger_entry", answers)

    def asked_for(self, payload: Mapping[str, Any]) -> None:
        """Another matter asks for an entry."""
        with self.work(SECRETARY) as work:
            assert messages.publish(work, "msg_create_ledger", payload["source_no"], payload) == 1
            (self.matter,) = (one.key for one in instances.find(work, started_by_me=True))

    def asked_for_by_an_issue(self, kind: str, **answers: Any) -> None:
        """A resident's report is put into the ledger."""
        self.report("何秀英", kind)
        self.finish(DUTY, "社区处置", "立账销号", **answers)
        self.source = self.matter
        with self.elsewhere(LEDGER):
            entry = self.matter
        self.matter = entry

    def order(self, **answers: Any) -> None:
        """The clerk hands it to those responsible, with what must hold until it is done."""
        interim = {"interim": "拉警戒线，每天巡查两次。"}
        self.finish(LEDGER_CLERK, "交办", "交办", **{**interim, **answers})

    def accepted_order(self) -> None:
        """Ordered, and taken on."""
        self.order()
        self.finish(EXECUTOR, "签收", "签收")

    def handed_in(self) -> None:
        """From the order to the request."""
        self.accepted_order()
        self.done()

    def done(self) -> None:
        """The work is done, and somebody is to look at it."""
        self.finish(EXECUTOR, "整改", "申请销号")
        self.finish(EXECUTOR, "申请销号", "已完成")

    def accepted(self) -> None:
        """From the order to the approval."""
        self.handed_in()
        self.finish(VERIFIER, "复查验收", "合格")

    def struck_off(self, by: str = APPROVER) -> None:
        """All the way."""
        self.accepted()
        self.finish(by, "销号审批", "同意销号")

    def shown(self, name: str) -> FormState:
        """A form as it first shows."""
        with self.look() as work:
            return self.paper(work, self.task(name), {})

    def entry(self) -> Entry:
        """The line in the book."""
        with self.look() as work:
            found = store.by_number(work.connection, COMMUNITY, self.instance().matter_no)
        assert found is not None
        return found

    def scope(self, who: str) -> Scope:
        """Whose entries a person may see."""
        actor = self.actor(who)
        with self.look() as work:
            return store.scope(work.connection, COMMUNITY, actor.id, actor.principals)

    def finds(self, who: str, wanted: Filter | None = None) -> list[str]:
        """The numbers of what a person finds on the page of the ledger."""
        scope = self.scope(who)
        with self.look() as work:
            found = store.find(work.connection, COMMUNITY, scope, wanted or Filter(), work.now, limit=100)
        return [one.matter_no for one in found]

    def tallies(self) -> Mapping[str | None, Tally]:
        """The public figures."""
        with self.look() as work:
            return store.tallies(work.connection, COMMUNITY, None, Filter(), work.now)

    def _result(self, element: str, result: str) -> dict[str, Any]:
        if element not in RESULTS:
            return super()._result(element, result)
        now = completed(self) if element == "close_request" else {}
        return {**RESULTS[element][result], **now}


LOOSE_COVER: Answers = {
    "place": "12号楼2单元门前",
    "content": "井盖边缘翘起来约三厘米，晚上没有灯，容易绊倒人。",
}
"""What a resident reports as well, in the same words."""

OF_LEVEL: Mapping[str, Answers] = {
    "一般": {"consequence": 3, "likelihood": 2},
    "较大": {"consequence": 4, "likelihood": 3},
    "重大": {"consequence": 5, "likelihood": 3},
}
"""Ratings of each grade, in a residential quarter."""
