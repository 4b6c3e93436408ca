"""纪要、公示与异议、交办、销号、结果公开与评价；流程改版；替人办理。"""

from __future__ import annotations

from pytest_bdd import step

from engine import instances
from features.community import ORGANISATIONS, PEOPLE, SECRETARY, SUPERVISOR
from features.council import Council
from features.papers import attachments
from features.steps.words import sentence

# -- 纪要 --------------------------------------------------------------------------------------------


@step("记录员写好纪要")
def _(council: Council) -> None:
    council.write_minutes()


@step(sentence('记录员试着写公开版"{text:文}"'))
def _(council: Council, text: str) -> None:
    with council.trying():
        council.write_minutes(public_version=text)


@step("各席位都确认纪要")
@step("其他席位确认纪要")
def _(council: Council) -> None:
    council.each("minutes_confirm")


@step(sentence('{who:人}对纪要提出更正"{correction:文}"'))
def _(council: Council, who: str, correction: str) -> None:
    council.act(who, "minutes_confirm", {"agree_minutes": "提出更正", "correction": correction})


@step(sentence('决议在"{moment:文}"的会上通过'))
def _(council: Council, moment: str) -> None:
    council.resolve(moment)


@step(sentence('决议在"{moment:文}"的会上通过，纪要已送各席位'))
def _(council: Council, moment: str) -> None:
    council.resolve(moment)
    council.write_minutes()


@step(sentence('决议在"{moment:文}"的会上通过，从"{published:文}"起公示'))
def _(council: Council, moment: str, published: str) -> None:
    council.resolve(moment)
    council.wait_until(published)
    council.write_minutes()
    council.each("minutes_confirm")


# -- 公示与异议 ----------------------------------------------------------------------------------------


@step(sentence('{who:人}提出异议"{kind:文}"'))
def _(council: Council, who: str, kind: str) -> None:
    content = "我核对了公示的内容，认为与会上的情况不符，请核查。"
    said = {"objector": PEOPLE[who], "objection_type": kind, "content": content, "evidence": []}
    assert council.publish("msg_objection", said, by=who) == 1


@step(sentence('居务监督委员会认定异议"{finding:文}"，处理是"{remedy:文}"'))
def _(council: Council, finding: str, remedy: str) -> None:
    council.review_objection(finding, remedy, SUPERVISOR)


@step(sentence('居务监督委员会试着认定异议"{finding:文}"，处理是"{remedy:文}"'))
def _(council: Council, finding: str, remedy: str) -> None:
    with council.trying():
        council.review_objection(finding, remedy, SUPERVISOR)


@step(sentence("居务监督委员会试着让到会的{who:人}一起核查"))
def _(council: Council, who: str) -> None:
    with council.trying():
        council.review_objection("成立", "重新表决", SUPERVISOR, who)


@step(sentence('决议公示期满，现在是"{moment:文}"'))
def _(council: Council, moment: str) -> None:
    council.resolve("2026-09-18 19:00")
    council.write_minutes()
    council.each("minutes_confirm")
    council.wait_until(moment)


# -- 交办、销号、公开、评价 ------------------------------------------------------------------------------


@step(sentence('召集人把决议交办给"{organisation:文}"'))
def _(council: Council, organisation: str) -> None:
    council.assign(executor_org=ORGANISATIONS[organisation])


@step(sentence('召集人把决议交办给"{organisation:文}"，完成时限是"{deadline:文}"'))
def _(council: Council, organisation: str, deadline: str) -> None:
    council.assign(executor_org=ORGANISATIONS[organisation], deadline=deadline)


@step("召集人试着把验收也交给责任单位")
def _(council: Council) -> None:
    with council.trying():
        council.assign(check_by=council.variables()["executor_org"])


@step("责任单位整改，验收合格后销号")
def _(council: Council) -> None:
    council.close_ledger()


@step("秘书处公开实施结果")
def _(council: Council) -> None:
    council.act(SECRETARY, "result_publication")


@step(sentence("秘书处试着只公开 {days:d} 天"))
def _(council: Council, days: int) -> None:
    with council.trying():
        council.act(SECRETARY, "result_publication", {"publish_days": days, "photos": attachments(2)})


@step(sentence('{who:人}评价"{satisfaction:文}"'))
def _(council: Council, who: str, satisfaction: str) -> None:
    council.act(who, "result_feedback", {"satisfaction": satisfaction})


# -- 流程改版 ------------------------------------------------------------------------------------------


@step(sentence("{who:人}把到会比例改为四分之三并部署"))
def _(council: Council, who: str) -> None:
    council.redeploy(who, "quorum_check.dmn", "present * 3 - entitled * 2", "present * 4 - entitled * 3")


@step(sentence("{who:人}把通知提前期改为五个工作日并部署"))
def _(council: Council, who: str) -> None:
    council.redeploy(who, "meeting_notice.form", "工作日后(now(), 3)", "工作日后(now(), 5)")


@step(sentence("{who:人}把原来的流程再部署一次"))
def _(council: Council, who: str) -> None:
    council.redeploy(who)


@step(sentence('{who:人}试着部署一个缺了"会议通知"表单的流程'))
def _(council: Council, who: str) -> None:
    name = "deliberation_meeting.meeting_notice"
    with council.trying():
        council.redeploy(who, "deliberation_meeting.bpmn", name, f"{name}_that_is_not_there")


# -- 替人办理 ------------------------------------------------------------------------------------------


@step(sentence('{who:人}试着替人办理"{name:文}"'))
def _(council: Council, who: str, name: str) -> None:
    with council.trying():
        council.submit(who, council.task(name))


@step(sentence("{who:人}试着打开这件议题"))
def _(council: Council, who: str) -> None:
    with council.trying(), council.look(who) as work:
        instances.get(work, council.matter)
