"""台账和销号：每一句话怎样在真实的产品上演练。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import scenarios, step

from engine import instances, worker
from engine.clock import VirtualClock
from engine.timing import read_instant
from features.community import (
    COMMUNITY,
    LEDGER_CLERK,
    ORGANISATIONS,
    PEOPLE,
    SECRETARY,
)
from features.desk import local
from features.escalation import (
    BEFORE_EVERYTHING,
    GRID_WORKER,
    OTHER_PROPERTY_PERSON,
    Start,
    organisation,
)
from features.installation import install
from features.ledger import LOOSE_COVER, OF_LEVEL, PLACES, Ledger
from features.paths import Paths
from features.steps import handling
from features.steps.words import listed, sentence
from features.striking import EXECUTOR, completed
from web.forms.nodes import walk
from workflows.ledger import store as ledger_store
from workflows.ledger.model import Tally
from workflows.ledger.rules import LEVELS, STATES
from workflows.organisation import store as organisations
from workflows.organisation.model import Post

FEATURE = Path(__file__).with_name("hazard_ledger.feature")
ELSEWHERE = "12号楼地下车库"

scenarios(FEATURE.name)
handling.define()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """One installation for the session: models deployed, nothing in the ledger yet."""
    clock = VirtualClock(BEFORE_EVERYTHING)
    product, database = install(tmp_path_factory.mktemp("ledger"), organisation(), clock)
    yield Start(product, database)
    product.store.close()


@pytest.fixture
def ledger(start: Start, paths: Paths, request: pytest.FixtureRequest) -> Iterator[Ledger]:
    """One scenario."""
    start.restore()
    ledger = Ledger(start.product, VirtualClock(BEFORE_EVERYTHING))
    yield ledger
    paths.end(ledger, request.node.nodeid)


@pytest.fixture
def desk(ledger: Ledger) -> Ledger:
    """Where the sentences of :mod:`features.steps.handling` happen."""
    return ledger


# -- 登记 --------------------------------------------------------------------------------------------


@step(sentence('登记那天是"{moment:文}"'))
def _(ledger: Ledger, moment: str) -> None:
    ledger.begin(moment)


@step(sentence("{who:人}登记一处隐患"))
def _(ledger: Ledger, who: str) -> None:
    ledger.register(who)


@step(sentence("{who:人}登记一处{level:词}隐患"))
def _(ledger: Ledger, who: str, level: str) -> None:
    ledger.register(who, **OF_LEVEL[level])


@step(sentence("{who:人}在{place:词}登记一处隐患，后果 {consequence:d}、可能性 {likelihood:d}"))
def _(ledger: Ledger, who: str, place: str, consequence: int, likelihood: int) -> None:
    ledger.register(who, place_type=PLACES[place], consequence=consequence, likelihood=likelihood)


@step(sentence("{who:人}在同一位置又登记一处隐患"))
def _(ledger: Ledger, who: str) -> None:
    _again(ledger, who)


@step(sentence("{who:人}在同一位置又登记一处{level:词}隐患"))
def _(ledger: Ledger, who: str, level: str) -> None:
    _again(ledger, who, **OF_LEVEL[level])


@step(sentence("{who:人}在别的位置又登记一处隐患"))
def _(ledger: Ledger, who: str) -> None:
    _again(ledger, who, place=ELSEWHERE)


def _again(ledger: Ledger, who: str, **answers: Any) -> None:
    ledger.earlier = ledger.instance().matter_no
    ledger.register(who, **answers)


@step(sentence("{who:人}登记一处隐患，说的是居民也报过的井盖"))
def _(ledger: Ledger, who: str) -> None:
    ledger.register(who, **LOOSE_COVER)
    ledger.before = ledger.matter


@step(sentence("{who:人}试着登记一处没有照片的隐患"))
def _(ledger: Ledger, who: str) -> None:
    with ledger.trying():
        ledger.register(who, photos=[])


@step(sentence("{who:人}登记一件没有照片的民生问题"))
def _(ledger: Ledger, who: str) -> None:
    ledger.register(who, photos=[], ledger_type="民生问题")


@step("居民上报的井盖立了账")
def _(ledger: Ledger) -> None:
    ledger.asked_for_by_an_issue("安全隐患")
    if ledger.before:
        ledger.act(LEDGER_CLERK, "intake_entry")


@step("居民上报的涉及未成年人的隐患立了账")
def _(ledger: Ledger) -> None:
    ledger.asked_for_by_an_issue("涉及未成年人的事", minor_report="已向公安、民政等部门报告")


@step(sentence('议事会要求把"{title:文}"立账，时限是"{day:文}"'))
def _(ledger: Ledger, title: str, day: str) -> None:
    ledger.asked_for(
        {
            "source_no": "YSH-2026-0001",
            "title": title,
            "facts": "夜间车位不足，车辆停到消防通道，居民多次反映。",
            "executor_org": ORGANISATIONS["金色嘉苑物业公司"],
            "responsible_person": PEOPLE[EXECUTOR],
            "deadline": day,
            "measures": "夜间共享车位。",
            "ledger_type": "决议落实",
        }
    )


@step(sentence("{who:人}受理立账"))
def _(ledger: Ledger, who: str) -> None:
    ledger.act(who, "intake_entry", lambda shown: {"consequence": shown["consequence"] or 3})


# -- 交办、整改、验收 ------------------------------------------------------------------------------------


@step(sentence('{who:人}试着不写管控措施就把"{name:文}"办成"{result:文}"'))
def _(ledger: Ledger, who: str, name: str, result: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, name, result)


@step(sentence('{who:人}写好管控措施把"{name:文}"办成"{result:文}"'))
def _(ledger: Ledger, who: str, name: str, result: str) -> None:
    ledger.finish(who, name, result, interim="停课整改，专人看守。")


@step(sentence("{who:人}试着交办给物业，由物业的{acceptor:人}验收"))
def _(ledger: Ledger, who: str, acceptor: str) -> None:
    with ledger.trying():
        ledger.hand_in(
            who, "交办", "交办", responsible_person=PEOPLE[OTHER_PROPERTY_PERSON], accept_by=PEOPLE[acceptor]
        )


@step(sentence("{who:人}试着交办给议事会的{person:人}，由{acceptor:人}自己验收"))
def _(ledger: Ledger, who: str, person: str, acceptor: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, "交办", "交办", responsible_person=PEOPLE[person], accept_by=PEOPLE[acceptor])


@step(sentence("{who:人}试着让排查的{finder:人}当责任人"))
def _(ledger: Ledger, who: str, finder: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, "交办", "交办", responsible_person=PEOPLE[finder])


@step(sentence('{who:人}试着交办，期限写到"{day:文}"'))
def _(ledger: Ledger, who: str, day: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, "交办", "交办", deadline=day)


@step(sentence('{who:人}把"交办"办成"交办"，责任人是{person:人}'))
def _(ledger: Ledger, who: str, person: str) -> None:
    ledger.finish(who, "交办", "交办", responsible_person=PEOPLE[person])


@step(sentence('{who:人}交办，期限写到"{day:文}"'))
def _(ledger: Ledger, who: str, day: str) -> None:
    ledger.finish(who, "交办", "交办", deadline=day)


@step("办到签收")
def _(ledger: Ledger) -> None:
    ledger.accepted_order()


@step("办到申请销号")
def _(ledger: Ledger) -> None:
    ledger.handed_in()


@step("办到验收合格")
def _(ledger: Ledger) -> None:
    ledger.accepted()


@step("办到销号")
def _(ledger: Ledger) -> None:
    ledger.struck_off()


@step("办到书记批准销号")
def _(ledger: Ledger) -> None:
    ledger.struck_off("尤佑安")


@step("整改完成，申请销号")
def _(ledger: Ledger) -> None:
    ledger.done()


@step(sentence("{who:人}改完申请销号"))
def _(ledger: Ledger, who: str) -> None:
    ledger.act(who, "rectify")
    ledger.act(who, "close_request", completed(ledger))


@step(sentence('{who:人}试着只改了一半就把"{name:文}"办成"{result:文}"'))
def _(ledger: Ledger, who: str, name: str, result: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, name, result, percent=50)


@step(sentence("{who:人}试着申请延期 {days:d} 天"))
def _(ledger: Ledger, who: str, days: int) -> None:
    with ledger.trying():
        ledger.hand_in(who, "整改", "申请延期", extend_days=days)


@step(sentence("结果是{outcome:词}"))
def _(ledger: Ledger, outcome: str) -> None:
    said = ledger.look_at_refusal()
    assert (("最多延期" in said), ledger.waiting()) == {
        "办成了": (False, ["延期审批"]),
        "办不成": (True, ["整改"]),
    }[outcome]


@step(sentence("{who:人}身兼验收和整改"))
def _(ledger: Ledger, who: str) -> None:
    with ledger.product.store.transaction() as connection:
        organisations.appoint(connection, Post(PEOPLE[who], "verifier", COMMUNITY))


@step(sentence('{who:人}试着不到现场就把"{name:文}"办成"{result:文}"'))
def _(ledger: Ledger, who: str, name: str, result: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, name, result, on_site=False)


@step(sentence("{who:人}试着验收，验收人都写责任单位的"))
def _(ledger: Ledger, who: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, "复查验收", "合格", verifiers=[PEOPLE[EXECUTOR], PEOPLE[OTHER_PROPERTY_PERSON]])


@step(sentence('{who:人}试着验收不合格，重新整改到"{day:文}"'))
def _(ledger: Ledger, who: str, day: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, "复查验收", "不合格", rectify_by=day)


@step(sentence('系统停到"{moment:文}"才恢复'))
def _(ledger: Ledger, moment: str) -> None:
    ledger.clock.set(local(moment))
    while worker.run_due(ledger.engine):
        pass


# -- 并账、改派、提请 ------------------------------------------------------------------------------------


@step(sentence("{who:人}把后立的账并入先立的"))
def _(ledger: Ledger, who: str) -> None:
    ledger.finish(who, "交办", "并入", master_no=_number_of(ledger, ledger.before))


@step("先立的账办到销号")
def _(ledger: Ledger) -> None:
    ledger.matter = ledger.before
    ledger.struck_off()


@step("先立的账先办到销号")
def _(ledger: Ledger) -> None:
    mine, ledger.matter = ledger.matter, ledger.before
    ledger.struck_off()
    ledger.matter = mine


@step(sentence('{who:人}报告责任单位"{reason:文}"'))
def _(ledger: Ledger, who: str, reason: str) -> None:
    assert ledger.publish("msg_executor_changed", {"change_reason": reason}, by=who) == 1


@step(sentence("{who:人}试着改派给原来的单位"))
def _(ledger: Ledger, who: str) -> None:
    with ledger.trying():
        ledger.hand_in(who, "改派责任单位", "改派", executor_org=ORGANISATIONS["金色嘉苑物业公司"])


@step(sentence('{who:人}改派给"{name:文}"'))
def _(ledger: Ledger, who: str, name: str) -> None:
    ledger.finish(who, "改派责任单位", "改派", executor_org=ORGANISATIONS[name])


@step(sentence('联席会议裁定由"{name:文}"整改'))
def _(ledger: Ledger, name: str) -> None:
    ruling = {"departments": [ORGANISATIONS[name]], "ruling": f"由{name}整改。"}
    assert ledger.publish("msg_ruling", ruling, by=SECRETARY) == 1


@step("议事会收到这笔账的议题")
def _(ledger: Ledger) -> None:
    held = ledger.variables()
    with ledger.elsewhere("deliberation_meeting"):
        topic = ledger.variables()
    assert (topic["title"], topic["facts"]) == (held["title"], held["content"])


@step(sentence('议事会答复"{result:文}"'))
def _(ledger: Ledger, result: str) -> None:
    assert ledger.publish("msg_deliberation_result", {"deliberation_result": result}, by=SECRETARY) == 1


# -- 看到什么 ------------------------------------------------------------------------------------------


@step(sentence("定为{level:词}"))
def _(ledger: Ledger, level: str) -> None:
    assert _graded(ledger)[0] == level


@step(sentence("定为{level:词}，{days:d} 日内整改"))
def _(ledger: Ledger, level: str, days: int) -> None:
    assert _graded(ledger) == (level, days, level == "重大")


@step(sentence("定为{level:词}，{days:d} 日内整改，每天提醒进展"))
def _(ledger: Ledger, level: str, days: int) -> None:
    assert _graded(ledger) == (level, days, True)


def _graded(ledger: Ledger) -> tuple[str, int, bool]:
    held, level = ledger.variables(), ledger.entry().level
    assert level == held["hazard_level"]
    assert level is not None
    return LEVELS[level], held["rectify_days"], held["daily_watch"]


@step(sentence("账上是{state:词}"))
def _(ledger: Ledger, state: str) -> None:
    assert STATES[ledger.entry().state] == state


@step(sentence('账上是{state:词}，责任单位是"{name:文}"，期限到"{day:文}"'))
def _(ledger: Ledger, state: str, name: str, day: str) -> None:
    line = ledger.entry()
    assert (STATES[line.state], line.executor) == (state, ORGANISATIONS[name])
    _due(ledger, day)


@step(sentence('退回了 {times:d} 次，账上期限到"{day:文}"'))
def _(ledger: Ledger, times: int, day: str) -> None:
    assert (ledger.entry().rejected, ledger.variables()["reject_times"]) == (times, times)
    _due(ledger, day)


def _due(ledger: Ledger, day: str) -> None:
    assert ledger.variables()["deadline"] == day
    _until(ledger, day)


def _until(ledger: Ledger, day: str) -> None:
    """The whole of that day counts (民法典第203条), on the line and on the clock of the cards."""
    due = ledger.entry().due_at
    assert due == local(f"{day} 23:59:59")
    assert read_instant(ledger.variables()["due_at"]) == due


@step(sentence('时限算到"{day:文}"那天结束'))
def _(ledger: Ledger, day: str) -> None:
    _until(ledger, day)


@step(sentence('账上的责任单位是"{name:文}"，原来的"{former:文}"还写着'))
def _(ledger: Ledger, name: str, former: str) -> None:
    line = ledger.entry()
    assert (line.executor, line.former) == (ORGANISATIONS[name], former)


@step("账上写着挂牌督办")
def _(ledger: Ledger) -> None:
    assert ledger.entry().supervised_at == ledger.clock.now()


@step("账上写着上一次的编号")
def _(ledger: Ledger) -> None:
    assert ledger.entry().recurrence_of == ledger.earlier


@step(sentence("什么也不用办，账上是{state:词}"))
def _(ledger: Ledger, state: str) -> None:
    assert (ledger.waiting(), STATES[ledger.entry().state]) == ([], state)


@step(sentence('立账单上写着"{words:文}"'))
def _(ledger: Ledger, words: str) -> None:
    assert words in ledger.shown("受理立账").draft()["content"]


@step(sentence('交办单上责任单位已经写着"{name:文}"'))
def _(ledger: Ledger, name: str) -> None:
    assert ledger.shown("交办").draft()["executor_org"] == ORGANISATIONS[name]


@step(sentence('整改单上写着"{words:文}"'))
def _(ledger: Ledger, words: str) -> None:
    texts = [one for one in walk(ledger.shown("整改").nodes) if one.field.type == "text" and not one.hidden]
    assert any(words in line for one in texts for line in one.text)


@step("来源的事还在等候答复")
def _(ledger: Ledger) -> None:
    assert _source(ledger) == ([], None)


@step(sentence('来源的事得到答复"{words:文}"'))
def _(ledger: Ledger, words: str) -> None:
    waiting, note = _source(ledger)
    assert waiting == ["回访"]
    assert words in (note or "")


@step(sentence('来源的事回到"{name:文}"'))
def _(ledger: Ledger, name: str) -> None:
    waiting, note = _source(ledger)
    assert waiting == [name]
    assert "不属隐患" in (note or "")


def _source(ledger: Ledger) -> tuple[list[str], str | None]:
    mine, ledger.matter = ledger.matter, ledger.source
    found = ledger.waiting(), ledger.variables()["answer_note"]
    ledger.matter = mine
    return found


def _number_of(ledger: Ledger, key: int) -> str:
    with ledger.look() as work:
        return instances.get(work, key).matter_no


# -- 谁看得到，数字 --------------------------------------------------------------------------------------


@step(sentence("台账上{names:词}看得到这笔账"))
def _(ledger: Ledger, names: str) -> None:
    assert _seen(ledger, names) == dict.fromkeys(listed(names), True)


@step(sentence("台账上{names:词}看不到这笔账"))
def _(ledger: Ledger, names: str) -> None:
    assert _seen(ledger, names) == dict.fromkeys(listed(names), False)


def _seen(ledger: Ledger, names: str) -> dict[str, bool]:
    """Who finds the entry in the list; opening it must say the same."""
    number = ledger.instance().matter_no
    found = {}
    for name in listed(names):
        found[name] = number in ledger.finds(name)
        with ledger.look() as work:
            opened = ledger_store.visible(work.connection, COMMUNITY, ledger.scope(name), number)
        assert (opened is not None) is found[name]
    return found


@step("登记五处隐患：两处销号，一处超期没有改，一处撤账，一处刚交办")
def _(ledger: Ledger) -> None:
    for number in (1, 2):
        ledger.register(GRID_WORKER, place=f"{number}号楼顶层")
        ledger.struck_off()
    ledger.register(GRID_WORKER, place="3号楼顶层")
    ledger.accepted_order()
    ledger.register(GRID_WORKER, place="4号楼顶层")
    ledger.finish(LEDGER_CLERK, "交办", "撤账")
    ledger.wait_until("2026-10-28 09:00")
    ledger.register(GRID_WORKER, place="5号楼顶层")
    ledger.order()


@step(
    sentence(
        "公开的数字是在账 {opened:d}、超期 {overdue:d}、已销号 {closed:d}，销号率 {rate:词}，按期整改率 {timely:词}"
    )
)
def _(ledger: Ledger, opened: int, overdue: int, closed: int, rate: str, timely: str) -> None:
    found = Tally.sum(ledger.tallies().values())
    assert (found.open, found.overdue, found.closed) == (opened, overdue, closed)
    shown = [f"{one.count}/{one.base}" for one in (found.closing_rate, found.on_time_rate)]
    assert shown == [rate, timely]


@step(sentence("复发率是 {rate:词}"))
def _(ledger: Ledger, rate: str) -> None:
    found = Tally.sum(ledger.tallies().values()).recurrence_rate
    assert f"{found.count}/{found.base}" == rate
