"""网格→社区→街道事项升级：每一句话怎样在真实的产品上演练。"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import scenarios, step

from engine import user_tasks
from engine.clock import VirtualClock
from features.community import COMMUNITY, ORGANISATIONS, PEOPLE, SECRETARY
from features.desk import local
from features.escalation import (
    BEFORE_EVERYTHING,
    COMMAND,
    DEPARTMENT_IDS,
    DEPARTMENTS,
    DUTY,
    GRID_SECRETARY,
    GRID_WORKER,
    OTHER_DUTY,
    OTHER_GRID,
    Escalation,
    Start,
    organisation,
)
from features.installation import install
from features.paths import Paths
from features.steps import handling
from features.steps.words import listed, sentence
from workflows.issues import rules
from workflows.issues import store as issues

FEATURE = Path(__file__).with_name("issue_escalation.feature")

scenarios(FEATURE.name)
handling.define()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """One installation for the session: models deployed, nobody has reported anything yet."""
    clock = VirtualClock(BEFORE_EVERYTHING)
    product, database = install(tmp_path_factory.mktemp("issues"), organisation(), clock)
    yield Start(product, database)
    product.store.close()


@pytest.fixture
def issue(start: Start, paths: Paths, request: pytest.FixtureRequest) -> Iterator[Escalation]:
    """One scenario."""
    issue = start.restore()
    yield issue
    paths.end(issue, request.node.nodeid)


@pytest.fixture
def desk(issue: Escalation) -> Escalation:
    """Where the sentences of :mod:`features.steps.handling` happen."""
    return issue


# -- 时间 --------------------------------------------------------------------------------------------


@step(sentence('上报那天是"{moment:文}"'))
@step(sentence('到了"{moment:文}"才上报'))
def _(issue: Escalation, moment: str) -> None:
    issue.begin(moment)


# -- 上报 --------------------------------------------------------------------------------------------


@step(sentence("{who:人}上报一件{kind:词}"))
def _(issue: Escalation, who: str, kind: str) -> None:
    issue.report(who, kind)


@step(sentence("{who:人}上报一件{kind:词}，在第13网格"))
def _(issue: Escalation, who: str, kind: str) -> None:
    issue.report(who, kind, grid_id=OTHER_GRID)


@step(sentence("{who:人}又上报同一件{kind:词}"))
def _(issue: Escalation, who: str, kind: str) -> None:
    issue.before = issue.matter
    issue.report(who, kind, title="12号楼门口井盖坏了", description="井盖边缘翘起来，晚上差点把人绊倒。")


@step(sentence("{who:人}试着上报一件{kind:词}"))
def _(issue: Escalation, who: str, kind: str) -> None:
    with issue.trying():
        issue.report(who, kind)


@step(sentence('有人不登录匿名上报一件{kind:词}，表上写了姓名"{name:文}"'))
def _(issue: Escalation, kind: str, name: str) -> None:
    issue.report_unnamed(kind, reporter_name=name)


@step(sentence("有人不登录实名上报一件{kind:词}"))
def _(issue: Escalation, kind: str) -> None:
    issue.report_unnamed(kind, anonymous=False, reporter_name="赵某某")


@step(sentence('热线转来一件"{title:文}"'))
def _(issue: Escalation, title: str) -> None:
    told = {"category": "facility", "severity": "low", "grid_id": "jsjy-g12", "place": "3号院东门"}
    told |= {"description": "3号院东门的路灯坏了一个星期。"}
    issue.forward("msg_issue_report", {"source_no": "RX-2026-0001", "title": title, **told})


@step(sentence('议事会转来一件"{title:文}"'))
def _(issue: Escalation, title: str) -> None:
    told = {
        "facts": "早高峰两次绿灯过不了路口，居民意见很大。",
        "grid_ids": ["jsjy-g12"],
        "people_affected": 40,
    }
    issue.forward(
        "msg_to_escalation", {"source_no": "YSH-2026-0009", "title": title, "reason": "政府职责", **told}
    )


@step(sentence("{who:人}补充完整后受理"))
def _(issue: Escalation, who: str) -> None:
    (task,) = issue.open_tasks("intake")
    shown = _shown(issue, task)
    kept = {
        name: shown[name] for name in ("title", "description", "category", "severity", "place", "grid_id")
    }
    issue.act(who, "intake", {**kept, "anonymous": True})


@step(sentence('转来的情况是"{text:文}"'))
def _(issue: Escalation, text: str) -> None:
    (task,) = issue.open_tasks("intake")
    assert (_shown(issue, task)["description"], _shown(issue, task)["people_affected"]) == (text, "40")


def _shown(issue: Escalation, task: user_tasks.UserTask) -> dict[str, Any]:
    """A form as it first shows."""
    with issue.look() as work:
        visible = user_tasks.context(work, task.key)
        offered = issue.product.offered(work.connection, visible)
        return issue.product.forms.of_task(work, task).open({**offered, **visible}, now=work.now).draft()


# -- 办理 --------------------------------------------------------------------------------------------


@step(sentence('{unit:词}把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, unit: str, name: str, result: str) -> None:
    issue.finish(DEPARTMENTS.get(unit, unit), name, result)


@step(sentence('{who:人}试着把"{name:文}"办成"{result:文}"，核查人写{other:人}'))
def _(issue: Escalation, who: str, name: str, result: str, other: str) -> None:
    with issue.trying():
        issue.hand_in(who, name, result, verifier=PEOPLE[other])


@step(sentence('{who:人}试着不到场就把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, who: str, name: str, result: str) -> None:
    with issue.trying():
        issue.hand_in(who, name, result, on_site=False, on_site_at=None)


@step(sentence('{who:人}试着不写理由就把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, who: str, name: str, result: str) -> None:
    with issue.trying():
        issue.hand_in(who, name, result, up_reason=None)


@step(sentence('{who:人}试着不报告就把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, who: str, name: str, result: str) -> None:
    with issue.trying():
        issue.hand_in(who, name, result)


@step(sentence('{who:人}试着报告以后把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, who: str, name: str, result: str) -> None:
    with issue.trying():
        issue.hand_in(who, name, result, minor_report="已向公安、民政等部门报告")


@step(sentence('{who:人}试着没有联系上就把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, who: str, name: str, result: str) -> None:
    with issue.trying():
        issue.hand_in(who, name, result, reached=False)


@step(sentence('{who:人}没有填延期就把"{name:文}"办成"{result:文}"'))
def _(issue: Escalation, who: str, name: str, result: str) -> None:
    issue.finish(who, name, result, extend_request=None)


@step(sentence('{who:人}为"{name:文}"申请延期 {days:d} 个工作日'))
def _(issue: Escalation, who: str, name: str, days: int) -> None:
    issue.finish(who, name, "已解决", extend_request=days)


@step(sentence('{who:人}试着为"{name:文}"再申请延期 {days:d} 个工作日'))
def _(issue: Escalation, who: str, name: str, days: int) -> None:
    with issue.trying():
        issue.hand_in(who, name, "已解决", extend_request=days)


@step(sentence('街道派单给"{units:文}"'))
def _(issue: Escalation, units: str) -> None:
    issue.act(COMMAND, "dispatch", {"departments": [DEPARTMENT_IDS[one] for one in listed(units)]})


@step(sentence('街道试着派单给"{unit:文}"，时限写到"{moment:文}"'))
def _(issue: Escalation, unit: str, moment: str) -> None:
    late = {"departments": [DEPARTMENT_IDS[unit]], "deadline": moment.replace(" ", "T")}
    with issue.trying():
        issue.act(COMMAND, "dispatch", late)


@step(sentence('联席会议裁定由"{unit:文}"牵头'))
def _(issue: Escalation, unit: str) -> None:
    ruling = {"departments": [DEPARTMENT_IDS[unit]], "ruling": f"由{unit}牵头办理。"}
    assert issue.publish("msg_ruling", ruling, by=SECRETARY) == 1


@step(sentence('办好、核查通过、回访"{satisfaction:文}"'))
def _(issue: Escalation, satisfaction: str) -> None:
    _through(issue, satisfaction)


def _through(issue: Escalation, satisfaction: str) -> None:
    issue.finish(GRID_WORKER, "网格处置", "已解决")
    issue.finish(GRID_SECRETARY, "核查结案", "通过")
    issue.finish(OTHER_DUTY, "回访", satisfaction)


@step(sentence('记住"{name:文}"这件任务'))
def _(issue: Escalation, name: str) -> None:
    issue.keep(name)


@step(sentence("{who:人}试着再交一次那件任务"))
def _(issue: Escalation, who: str) -> None:
    with issue.trying(), issue.work(who) as work:
        user_tasks.complete(work, issue.kept.key, {})


@step(sentence("{who:人}核对为重复，并入前一件"))
def _(issue: Escalation, who: str) -> None:
    with issue.look() as work:
        master = next(one for one in (issues.by_number(work.connection, COMMUNITY, "SX-2026-0001"),) if one)
    issue.finish(who, "核对重复", "重复并入", master_issue=master.matter_no)


@step("先报的那件办结")
def _(issue: Escalation) -> None:
    issue.matter = issue.before
    issue.finish(GRID_WORKER, "网格处置", "已解决")
    issue.finish(GRID_SECRETARY, "核查结案", "通过")
    issue.finish(OTHER_DUTY, "回访", "满意")


@step(sentence("{who:人}要求撤回"))
def _(issue: Escalation, who: str) -> None:
    assert issue.publish("msg_withdraw_issue", {}, by=who) == 1


@step("办到部门办结、台账销号")
def _(issue: Escalation) -> None:
    issue.act(COMMAND, "dispatch", {"departments": [DEPARTMENT_IDS["综合执法队"]]})
    issue.finish(DEPARTMENTS["综合执法队"], "签收退单", "签收")
    issue.finish(DEPARTMENTS["综合执法队"], "部门办理", "已解决")
    issue.close_ledger()


# -- 转办与答复 ----------------------------------------------------------------------------------------


@step("议事会收到这件事的议题")
def _(issue: Escalation) -> None:
    title = issue.variables()["title"]
    with issue.elsewhere("deliberation_meeting"):
        assert issue.waiting() == ["提出议题"]
        assert issue.variables()["title"] == title


@step(sentence('议事会当场议好，提案人"{satisfied:文}"'))
def _(issue: Escalation, satisfied: str) -> None:
    with issue.elsewhere("deliberation_meeting"):
        facts = "12号楼门前的车位不够，居民每天晚上都为停车的事争执。"
        issue.act(DUTY, "topic_proposal", {"title": "12号楼门前停车", "people_affected": 10, "facts": facts})
        issue.act(SECRETARY, "topic_screening", {"complexity": "simple"})
        issue.act(SECRETARY, "quick_record", {"proposer_satisfied": satisfied})


@step(sentence('议事会答复"{result:文}"'))
def _(issue: Escalation, result: str) -> None:
    assert issue.publish("msg_deliberation_result", {"deliberation_result": result}, by=SECRETARY) == 1


@step(sentence('和为贵答复"{result:文}"'))
def _(issue: Escalation, result: str) -> None:
    assert issue.publish("msg_mediation_result", {"mediation_result": result}, by=SECRETARY) == 1


@step(sentence('台账上这笔账的责任单位是"{organisation:文}"，期限是"{day:文}"'))
def _(issue: Escalation, organisation: str, day: str) -> None:
    with issue.elsewhere("hazard_ledger"):
        held = issue.variables()
    assert (held["executor_org"], held["source_deadline"]) == (ORGANISATIONS[organisation], day)


@step("这笔账整改、验收、销号")
def _(issue: Escalation) -> None:
    issue.close_ledger()


# -- 看到什么 ------------------------------------------------------------------------------------------


@step(sentence('等着办的只有"{name:文}"，处置路径是"{route:文}"'))
def _(issue: Escalation, name: str, route: str) -> None:
    assert (issue.waiting(), issue.variables()["route"]) == ([name], route)


@step("什么也不用办，等着答复")
def _(issue: Escalation) -> None:
    assert issue.waiting() == []
    assert issue.instance().state == "ACTIVE"
    assert issue.variables()["paused"] is True


@step(sentence('提级的理由是"{reason:文}"'))
def _(issue: Escalation, reason: str) -> None:
    assert [one["reason"] for one in issue.variables()["step_ups"]] == [reason]


@step(sentence("记超时 {count:d} 次"))
def _(issue: Escalation, count: int) -> None:
    assert issue.variables()["overdue_times"] == count


@step(sentence('这件事的到期时间是"{moment:文}"'))
def _(issue: Escalation, moment: str) -> None:
    assert issue.variables()["due_at"] == f"{moment.replace(' ', 'T')}:00@Asia/Shanghai"


@step(sentence('这一哨是"{whistle:文}"'))
def _(issue: Escalation, whistle: str) -> None:
    assert issue.variables()["whistle"] == whistle


@step(sentence("{who:人}看得到这件事"))
def _(issue: Escalation, who: str) -> None:
    assert issue.seen_by(who)


@step(sentence("{who:人}看不到这件事"))
def _(issue: Escalation, who: str) -> None:
    assert not issue.seen_by(who)


@step("这件事不再写着上报人")
def _(issue: Escalation) -> None:
    held = issue.variables()
    assert (held["anonymous"], held["reporter_name"], held["reporter_phone"]) == (True, None, None)
    with issue.look() as work:
        found = issues.by_number(work.connection, COMMUNITY, issue.instance().matter_no)
    assert found is not None
    assert found.reporter is None


@step(sentence('数据库里找不到"{text:文}"'))
def _(issue: Escalation, text: str) -> None:
    issue.product.store.close()  # 把日志写回库里
    database = issue.product.settings.database_url.removeprefix("sqlite:///")
    with open(database, "rb") as file:  # noqa: PTH123
        assert text.encode() not in file.read()


@step(sentence('查询码看到的进度是"{stage:文}"'))
def _(issue: Escalation, stage: str) -> None:
    assert issue.progress().stage == stage


@step(sentence('查询码看到的答复里写着"{words:文}"'))
def _(issue: Escalation, words: str) -> None:
    found = issue.progress()
    assert found.ended
    assert words in (found.answer or "")


# -- 三率 ----------------------------------------------------------------------------------------------


@step(sentence('办结三件事，回访分别是"{answers:文}"'))
def _(issue: Escalation, answers: str) -> None:
    for number, answer in enumerate(listed(answers), 1):
        issue.report("何秀英", "小事", category=["environment", "pets", "culture"][number - 1])
        for satisfaction in answer.split("后"):
            _through(issue, satisfaction)


@step(sentence("满意率的分母是 {base:d}，另有 {excluded:d} 件不计"))
def _(issue: Escalation, base: int, excluded: int) -> None:
    found = _rates(issue)
    assert (found.satisfied.base, found.excluded) == (base, excluded)


@step(
    sentence("响应率是 {responded:词}，解决率是 {solved:词}，满意率是 {satisfied:词}，不计 {excluded:d} 件")
)
def _(issue: Escalation, responded: str, solved: str, satisfied: str, excluded: int) -> None:
    found = _rates(issue)
    shown = [f"{one.count}/{one.base}" for one in (found.responded, found.solved, found.satisfied)]
    assert (shown, found.excluded) == ([responded, solved, satisfied], excluded)


@step(sentence("网格内办结率是 {share:词}"))
def _(issue: Escalation, share: str) -> None:
    assert _rates(issue).within_grid.share == Fraction(share)


def _rates(issue: Escalation) -> rules.Rates:
    with issue.look() as work:
        return rules.rates(
            issues.closings(work.connection, COMMUNITY, BEFORE_EVERYTHING, local("2027-12-31 00:00"))
        )
