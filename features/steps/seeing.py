"""那么：到了哪一步，交给了谁，公示了什么，谁看得到。"""

from __future__ import annotations

from typing import Any

import pytest
from pytest_bdd import then

from engine import deployments, instances, values
from engine.errors import NotFound
from features.community import COMMUNITY, NEIGHBOUR, PEOPLE
from features.council import PROCESS, Council
from features.desk import local
from features.steps.words import HANDED_TO, listed, person_behind, sentence
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


@then(sentence('"{name:文}"在{who:人}手里，不在{other:人}手里'))
def _(council: Council, name: str, who: str, other: str) -> None:
    assert name in [task.name for task in council.inbox_of(who)]
    assert name not in [task.name for task in council.inbox_of(other)]


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


@then(sentence("给{whom:词}的转办单带着议题编号、事实和理由"))
def _(council: Council, whom: str) -> None:
    slip = sent_once(council, HANDED_TO[whom])
    assert slip["source_no"] == council.instance().matter_no
    assert slip["facts"] == council.variables()["facts"]
    assert slip["reason"]


@then(sentence("给{whom:词}的转办单带着议题编号和责任单位"))
def _(council: Council, whom: str) -> None:
    slip = sent_once(council, HANDED_TO[whom])
    assert slip["source_no"] == council.instance().matter_no
    assert slip["executor_org"] == council.variables()["executor_org"]


@then(sentence("没有给{whom:词}的转办单"))
def _(council: Council, whom: str) -> None:
    assert sent(council, HANDED_TO[whom]) == []


@then(sentence('答复提案人的结论是"{result:文}"，并附上理由'))
def _(council: Council, result: str) -> None:
    answer = sent_once(council, "msg_deliberation_result")
    assert answer["deliberation_result"] == result
    assert answer["reason"] == council.variables()["opinion"]


@then(sentence('来处"{number:文}"得到的结论是"{result:文}"'))
def _(council: Council, number: str, result: str) -> None:
    answer = sent_once(council, "msg_deliberation_result")
    assert (answer["source_no"], answer["deliberation_result"]) == (number, result)
    assert answer["deliberation_no"] == council.instance().matter_no


def sent(council: Council, name: str) -> list[dict[str, Any]]:
    """What the matter's messages of that name said: they wait to be fetched, or a process has begun with them."""
    tables = council.rows_of_all_tables()
    kept = [values.load(row["variables"]) for row in tables["message"] if row["name"] == name]
    begun = {row["process_id"] for row in tables["start_subscription"] if row["message_name"] == name}
    number = council.instance().matter_no
    with council.look() as work:
        others = [
            instances.variables(work, one.key) for one in instances.find(work) if one.process_id in begun
        ]
    return kept + [found for found in others if found["source_no"] == number]


def sent_once(council: Council, name: str) -> dict[str, Any]:
    (payload,) = sent(council, name)
    return payload


@then("卷宗有编号和摘要，之后谁也改不了")
def _(council: Council) -> None:
    with council.look() as work:
        number = council.instance().matter_no
        digest = archive.digest_of(work.connection, COMMUNITY, number)
    assert council.variables()["archive_no"]
    assert digest == council.variables()["archive_digest"]
    assert council.history_is_whole()


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
