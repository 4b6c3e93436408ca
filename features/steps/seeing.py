"""那么：能看到什么。每一句都从产品自己的入口看，要紧的再看数据库。"""

from __future__ import annotations

from typing import Any

import pytest
from pytest_bdd import then

from engine import deployments, instances, user_tasks, values
from engine.errors import NotFound
from features.community import COMMUNITY, NEIGHBOUR, PEOPLE
from features.council import PROCESS, Council
from features.desk import local
from features.steps.words import BALLOT_MODES, OUTCOMES, listed, person_behind, sentence
from workflows.ballots import store as ballots
from workflows.meetings import store as archive

# -- 到了哪一步，交给谁，什么期限 --------------------------------------------------------------------------


@then(sentence('下一步是"{name:文}"'))
def _(council: Council, name: str) -> None:
    assert council.waiting() == [name]


@then(sentence('等着办的是"{names:文}"'))
def _(council: Council, names: str) -> None:
    assert sorted(council.waiting()) == sorted(listed(names))


@then(sentence('没有"{name:文}"在等人办'))
def _(council: Council, name: str) -> None:
    assert name not in council.waiting()


@then(sentence('"{name:文}"还在等 {count:d} 人'))
def _(council: Council, name: str, count: int) -> None:
    assert sum(task.name == name for task in council.open_tasks()) == count


@then(sentence('"{name:文}"交给{who:词}'))
def _(council: Council, name: str, who: str) -> None:
    must_wait_for(council, name, who)


@then(sentence('"{name:文}"交给{who:词}，期限是"{moment:文}"'))
def _(council: Council, name: str, who: str, moment: str) -> None:
    must_wait_for(council, name, who)
    assert council.task(name).due_at == local(moment)


def must_wait_for(council: Council, name: str, who: str) -> None:
    """The task waits in that person's list, and in no neighbour's."""
    key = council.task(name).key
    assert key in [task.key for task in council.inbox_of(person_behind(council, who))]
    assert key not in [task.key for task in council.inbox_of(NEIGHBOUR)]


@then(sentence("等着回执的有 {count:d} 人"))
def _(council: Council, count: int) -> None:
    assert len(council.open_tasks("rsvp")) == count


@then(sentence("等着申报的有 {count:d} 人"))
def _(council: Council, count: int) -> None:
    assert len(council.open_tasks("recusal_declaration")) == count


@then(sentence("等着确认纪要的有 {count:d} 人"))
def _(council: Council, count: int) -> None:
    assert len(council.open_tasks("minutes_confirm")) == count


@then("下一步要等公示期满")
def _(council: Council) -> None:
    with council.look() as work:
        state = instances.diagram_state(work, council.matter)
    assert council.waiting() == []
    assert "gw_publicity" in state["active"]


# -- 结束、转办、归档 -------------------------------------------------------------------------------------


@then(sentence('议题以"{end:文}"结束'))
def _(council: Council, end: str) -> None:
    matter = council.instance()
    assert (matter.state, matter.end_event_name) == ("COMPLETED", end)
    assert council.open_tasks() == []


@then(sentence('转办单"{message:文}"带着议题编号、事实和理由'))
def _(council: Council, message: str) -> None:
    sent = sent_once(council, message)
    assert sent["source_no"] == council.instance().matter_no
    assert sent["facts"] == council.variables()["facts"]
    assert sent["reason"]


@then(sentence('转办单"{message:文}"带着议题编号和责任单位'))
def _(council: Council, message: str) -> None:
    sent = sent_once(council, message)
    assert sent["source_no"] == council.instance().matter_no
    assert sent["executor_org"] == council.variables()["executor_org"]


@then(sentence('没有发出转办单"{message:文}"'))
def _(council: Council, message: str) -> None:
    assert messages(council, message) == []


@then(sentence('答复提案人的结论是"{result:文}"，并附上理由'))
def _(council: Council, result: str) -> None:
    sent = sent_once(council, "msg_deliberation_result")
    assert sent["deliberation_result"] == result
    assert sent["reason"] == council.variables()["opinion"]


def messages(council: Council, name: str) -> list[dict[str, Any]]:
    """The payloads of the messages of that name that wait to be fetched."""
    rows = council.rows_of_all_tables()["message"]
    return [values.load(row["variables"]) for row in rows if row["name"] == name]


def sent_once(council: Council, name: str) -> dict[str, Any]:
    (payload,) = messages(council, name)
    return payload


@then("卷宗有编号和摘要，之后谁也改不了")
def _(council: Council) -> None:
    with council.look() as work:
        number = council.instance().matter_no
        digest = archive.digest_of(work.connection, COMMUNITY, number)
    assert council.variables()["archive_no"]
    assert digest == council.variables()["archive_digest"]
    assert council.history_is_whole()


# -- 到会 ---------------------------------------------------------------------------------------------


@then(sentence('会议{verdict:词}，依据是"{rule:文}"'))
def _(council: Council, verdict: str, rule: str) -> None:
    found = council.variables()
    assert (found["quorum_met"], found["quorum_rule"]) == ({"有效": True, "无效": False}[verdict], rule)


@then(sentence('到会说明写着"{words:文}"'))
def _(council: Council, words: str) -> None:
    assert words in council.variables()["attendance_note"]


@then(sentence("可以投票的有 {count:d} 席"))
def _(council: Council, count: int) -> None:
    assert len(council.variables()["voters"]) == count


@then(sentence('{who:人}可以代表"{seat:文}"投票'))
def _(council: Council, who: str, seat: str) -> None:
    assert (seat, PEOPLE[who]) in [(one["seat_name"], one["person"]) for one in council.variables()["voters"]]


# -- 表决 ---------------------------------------------------------------------------------------------


@then(sentence("{who:人}没有领到表决票"))
def _(council: Council, who: str) -> None:
    with council.look() as work:
        given = user_tasks.of_instance(work, council.matter) + user_tasks.of_instance(
            work, council.matter, "COMPLETED"
        )
    papers = [task for task in given if task.is_ballot]
    assert papers
    assert PEOPLE[who] not in [task.assignee for task in papers]


@then(sentence("计票基数是 {count:d}"))
def _(council: Council, count: int) -> None:
    assert council.variables()["base_count"] == count


@then(sentence('表决结果是"{result:文}"'))
def _(council: Council, result: str) -> None:
    assert council.variables()["outcome"] == OUTCOMES[result]


@then(sentence('计票写明"{line:文}"'))
def _(council: Council, line: str) -> None:
    assert line in council.variables()["tally_lines"]


@then(sentence('投票方式是"{mode:文}"'))
def _(council: Council, mode: str) -> None:
    assert council.box().mode == BALLOT_MODES[mode]


@then("票箱里查得到每个席位怎么投的")
def _(council: Council) -> None:
    with council.look() as work:
        choices = ballots.named_choices(work.connection, council.box())
    assert sorted(choices) == sorted(seat["seat"] for seat in council.seats())
    assert sorted(choices.values()) == ["反对", "反对", "同意", "同意", "同意", "同意", "同意", "弃权"]


@then(sentence('"{seat:文}"的票是"{choice:文}"，票箱里共 {count:d} 张'))
def _(council: Council, seat: str, choice: str, count: int) -> None:
    with council.look() as work:
        choices = ballots.named_choices(work.connection, council.box())
    names = {one["seat"]: one["seat_name"] for one in council.seats()}
    assert len(choices) == count
    assert {names[one]: said for one, said in choices.items()}[seat] == choice


@then(sentence("票箱里有 {papers:d} 张票，记着 {seats:d} 个席位投过票"))
def _(council: Council, papers: int, seats: int) -> None:
    with council.look() as work:
        counted = ballots.count(work.connection, council.box())
        voted = ballots.participants(work.connection, council.box())
    assert (counted.returned, len(voted)) == (papers, seats)


@then("数据库里没有一处写着谁怎么投的")
def _(council: Council) -> None:
    tables = council.rows_of_all_tables()
    papers = tables.pop("ballot_secret_paper")
    assert {frozenset(paper) for paper in papers} == {frozenset({"community", "box", "receipt", "choice"})}
    receipts = {paper["receipt"] for paper in papers}
    for name, rows in tables.items():
        for row in rows:
            cells = [str(value) for value in row.values()]
            assert not {'"同意"', '"反对"', '"弃权"', "同意", "反对", "弃权"} & {*cells}, name
            assert not any('"choice"' in cell for cell in cells if name != "deployed_resource"), name
            assert not any(receipt in cell for receipt in receipts for cell in cells), name


@then("谁的理由也没有留下")
def _(council: Council) -> None:
    for name, rows in council.rows_of_all_tables().items():
        assert not any("这是我自己的理由" in str(value) for row in rows for value in row.values()), name


# -- 通知与公示 ----------------------------------------------------------------------------------------


@then(sentence('公示栏上有 {count:d} 份"{kind:文}"'))
def _(council: Council, count: int, kind: str) -> None:
    assert len(council.board(kind)) == count


@then(sentence('最新的会议通知写着"{words:文}"'))
def _(council: Council, words: str) -> None:
    assert words in council.board("会议通知")[0].body


@then(sentence('每个席位的代表都收到"{title:文}"'))
def _(council: Council, title: str) -> None:
    assert [seat for seat in council.seat_names() if not council.letters(council.holder(seat), title)] == []


@then(sentence('{who:人}收到 {count:d} 次"{title:文}"'))
def _(council: Council, who: str, count: int, title: str) -> None:
    assert len(council.letters(who, title)) == count


@then(sentence('{who:人}没有收到"{title:文}"'))
def _(council: Council, who: str, title: str) -> None:
    assert council.letters(who, title) == []


@then(sentence('{who:人}收到的"{title:文}"里写着"{words:文}"'))
def _(council: Council, who: str, title: str, words: str) -> None:
    (letter,) = council.letters(who, title)
    assert words in letter.body


# -- 纪要、台账、评价 -----------------------------------------------------------------------------------


@then(sentence('各席位的答复都记为"{answer:文}"'))
def _(council: Council, answer: str) -> None:
    rows = council.variables()["confirmations"]
    assert [row["agree_minutes"] for row in rows] == [answer] * len(council.seats())


@then(sentence('重写纪要时看得到更正"{correction:文}"'))
def _(council: Council, correction: str) -> None:
    (task,) = council.open_tasks("minutes")
    rows = council.visible_at(task)["confirmations"]
    assert [row["correction"] for row in rows if row["correction"]] == [correction]


@then(sentence('台账管理员手里有这件事的"{name:文}"'))
def _(council: Council, name: str) -> None:
    assert council.ledger_entry().name == name


@then(sentence("{who:人}的评价是空的"))
def _(council: Council, who: str) -> None:
    rows = council.variables()["feedbacks"]
    assert [row["satisfaction"] for row in rows if row["person"] == PEOPLE[who]] == [None]


# -- 拒绝、知情、版本 -----------------------------------------------------------------------------------


@then(sentence('被拒绝，理由是"{reason:文}"'))
def _(council: Council, reason: str) -> None:
    assert reason in council.look_at_refusal()


@then("没有被拒绝")
def _(council: Council) -> None:
    assert council.look_at_refusal() == ""


@then(sentence("{who:人}{sees:词}这件议题"))
def _(council: Council, who: str, sees: str) -> None:
    with council.look(who) as work:
        found = [one.key for one in instances.find(work)]
    assert (council.matter in found) is {"看得到": True, "看不到": False}[sees]


@then("打开不存在的议题，回答也是这一句")
def _(council: Council) -> None:
    answers = []
    for key in (council.matter, council.matter + 1):
        with council.look(NEIGHBOUR) as work, pytest.raises(NotFound) as refused:
            instances.get(work, key)
        answers.append(str(refused.value))
    assert answers[0] == answers[1]


@then(sentence("这件议题按第 {version:d} 版办理"))
def _(council: Council, version: int) -> None:
    assert council.instance().version == version


@then(sentence('"{name:文}"最新的是第 {version:d} 版'))
def _(council: Council, name: str, version: int) -> None:
    with council.look() as work:
        (latest,) = (one for one in deployments.definitions(work) if one.process_id == PROCESS and one.latest)
    assert (latest.name, latest.version) == (name, version)
