"""提议、初审、党组织审议、确定协商主体、发通知：从议题到开会以前。"""

from __future__ import annotations

from typing import Any

from pytest_bdd import step

from features.community import BODIES, COUNCIL, GRID, PEOPLE, PROPOSER, SECRETARY
from features.council import Council
from features.desk import Fill
from features.papers import Answers
from features.steps.words import CLASSES, COMPLEXITY, MATTER_TYPES, SOURCES, listed, sentence

NOT_FILLED_IN = {"topic_class": "public_affair", "body_id": BODIES[COUNCIL], "scope": ["楼栋"]}
"""What a topic that comes from elsewhere does not bring along."""


@step(sentence('现在是"{moment:文}"'))
@step(sentence('时间到了"{moment:文}"'))
def _(council: Council, moment: str) -> None:
    council.wait_until(moment)


@step(sentence("过了 {minutes:d} 分钟"))
def _(council: Council, minutes: int) -> None:
    council.let_pass(minutes)


@step(sentence('"{body:文}"有 {count:d} 个席位，核心席位是"{core:文}"'))
def _(council: Council, body: str, count: int, core: str) -> None:
    council.body = body
    seats = council.seats()
    assert body in BODIES
    assert len(seats) == count
    assert [seat["seat_name"] for seat in seats if seat["core"]] == [core]


# -- 提出与初审 --------------------------------------------------------------------------------------


@step(sentence('{who:人}提交议题"{title:文}"'))
def _(council: Council, who: str, title: str) -> None:
    council.propose(who, title=title)


@step(sentence('{who:人}提交了性质是"{kind:文}"的议题'))
def _(council: Council, who: str, kind: str) -> None:
    council.propose(who, topic_class=CLASSES[kind])


@step(sentence('{who:人}和联名人{signer:人}提交了性质是"{kind:文}"的议题'))
def _(council: Council, who: str, signer: str, kind: str) -> None:
    council.propose(who, topic_class=CLASSES[kind], joint_signers=[PEOPLE[signer]])


@step(sentence("{who:人}提交了影响 {people:d} 人的公共事务议题"))
def _(council: Council, who: str, people: int) -> None:
    council.propose(who, people_affected=people)


@step(sentence("秘书处初审为{size:词}议题"))
@step(sentence("秘书处初审为{size:词}议题，并写明理由"))
def _(council: Council, size: str) -> None:
    council.screen(complexity=COMPLEXITY[size])


@step(sentence('秘书处认定六个月内议过，理由是"{reason:文}"'))
def _(council: Council, reason: str) -> None:
    council.screen(is_repeat=True, result_reason=reason)


@step("秘书处试着不写理由就转办")
def _(council: Council) -> None:
    with council.trying():
        council.screen(result_reason="")


@step(sentence('即时议的结果提案人"{satisfied:文}"'))
def _(council: Council, satisfied: str) -> None:
    council.act(SECRETARY, "quick_record", {"proposer_satisfied": satisfied})


@step(sentence('系统把影响 {people:d} 人的{source:词}"{number:文}"转成议题'))
def _(council: Council, people: int, source: str, number: str) -> None:
    council.bring_from(SOURCES[source], number, _told(people), by=None)


@step(sentence('秘书处把影响 {people:d} 人的{source:词}"{number:文}"转成议题'))
def _(council: Council, people: int, source: str, number: str) -> None:
    council.bring_from(SOURCES[source], number, _told(people), by=SECRETARY)


def _told(people: int) -> Answers:
    told = {"title": "楼道堆物清理", "facts": "二单元楼道堆满杂物，消防通道不畅，住户多次反映。"}
    return {**told, "grid_ids": [GRID], "people_affected": people}


@step("秘书处照填好的内容提交议题")
def _(council: Council) -> None:
    council.act(SECRETARY, "topic_proposal", lambda shown: {**shown, **NOT_FILLED_IN})


# -- 党组织审议与协商主体 ------------------------------------------------------------------------------


@step("议题已经通过初审")
def _(council: Council) -> None:
    council.propose()
    council.screen()


@step(sentence('党组织的结论是"{decision:文}"'))
def _(council: Council, decision: str) -> None:
    council.approve(decision=decision)


@step("议题已经纳入议程")
def _(council: Council) -> None:
    council.bring_to_agenda()


@step("议题已经纳入议程并确定协商主体")
def _(council: Council) -> None:
    council.bring_to_agenda()
    council.select()


@step("秘书处确定协商主体")
def _(council: Council) -> None:
    council.select()


@step(sentence("秘书处确定协商主体，抽选 {count:d} 名居民代表"))
def _(council: Council, count: int) -> None:
    council.select({"resident_draw": count})


@step(sentence('秘书处试着在"{seats:文}"空缺时确定协商主体'))
def _(council: Council, seats: str) -> None:
    with council.trying():
        council.select(vacant(seats))


@step(sentence('秘书处试着确定监票计票人为"{names:文}"'))
def _(council: Council, names: str) -> None:
    with council.trying():
        council.select({"tellers": [PEOPLE[name] for name in listed(names)]})


def vacant(seats: str) -> Fill:
    """The selection form with some seats marked as vacant."""
    empty = {"titular": None, "vacant": True, "vacancy_reason": "尚未选出"}

    def fill(shown: dict[str, Any]) -> Answers:
        rows = shown["seats"]
        return {"seats": [row | (empty if row["seat_name"] in listed(seats) else {}) for row in rows]}

    return fill


# -- 通知 --------------------------------------------------------------------------------------------


@step(sentence('秘书处通知"{moment:文}"开会'))
def _(council: Council, moment: str) -> None:
    council.notify(moment)


@step(sentence('秘书处试着通知"{moment:文}"开会'))
def _(council: Council, moment: str) -> None:
    with council.trying():
        council.notify(moment)


@step(sentence('秘书处试着通知"{moment:文}"开紧急会议，理由是"{reason:文}"'))
def _(council: Council, moment: str, reason: str) -> None:
    with council.trying():
        council.notify(moment, is_urgent=True, urgent_reason=reason)


@step(sentence('会议定于"{moment:文}"召开'))
def _(council: Council, moment: str) -> None:
    council.convene(moment)


@step(sentence('会议定于"{moment:文}"召开，议的是{kind:词}事项'))
def _(council: Council, moment: str, kind: str) -> None:
    council.convene(moment, matter_type=MATTER_TYPES[kind])


@step(sentence('"{seats:文}"空缺，会议定于"{moment:文}"召开'))
def _(council: Council, seats: str, moment: str) -> None:
    council.bring_to_agenda()
    council.select(vacant(seats))
    council.notify(moment)


# -- 撤回 --------------------------------------------------------------------------------------------


@step(sentence("{who:人}撤回议题"))
def _(council: Council, who: str) -> None:
    assert who == PROPOSER
    assert council.publish("msg_withdraw_topic", {}, by=who) == 1
