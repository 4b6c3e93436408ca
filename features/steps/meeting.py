"""回执、申报与回避、签到、流会、议事：从通知到表决以前。"""

from __future__ import annotations

from typing import Any

from pytest_bdd import step

from features.community import PARTY, PEOPLE, RECORDER, SECRETARY
from features.council import BY_ALTERNATE, Council
from features.papers import Answers
from features.steps.words import RELATIONS, listed, person_behind, sentence

# -- 回执、申报、回避 ----------------------------------------------------------------------------------


@step("各席位都申报没有利害关系并回执参加")
def _(council: Council) -> None:
    council.each("recusal_declaration")
    council.each("rsvp")


@step(sentence('{who:人}已经回执"{answer:文}"'))
def _(council: Council, who: str, answer: str) -> None:
    council.act(who, "rsvp", {"attend": answer})


@step(sentence("{who:人}试着替{member:人}填回执"))
def _(council: Council, who: str, member: str) -> None:
    (task,) = (task for task in council.open_tasks("rsvp") if task.assignee == PEOPLE[member])
    with council.trying():
        council.submit(who, task)


@step(sentence('"{seat:文}"申报的关系是"{relation:文}"'))
def _(council: Council, seat: str, relation: str) -> None:
    council.declare(seat, RELATIONS[relation])


@step(sentence('{who:词}决定"{seat:文}"的代表"{result:文}"'))
def _(council: Council, who: str, seat: str, result: str) -> None:
    council.decide_recusal(person_behind(council, who), seat, result)


@step(sentence('{who:词}决定"{seat:文}"的代表"{result:文}"，由{substitute:人}替补'))
def _(council: Council, who: str, seat: str, result: str, substitute: str) -> None:
    council.decide_recusal(person_behind(council, who), seat, result, PEOPLE[substitute])


@step(sentence("有 {count:d} 个席位申报后回避"))
def _(council: Council, count: int) -> None:
    for seat in council.seat_names()[-count:]:
        council.declare(seat, RELATIONS["承包或供应方"])
        council.decide_recusal(council.holder(PARTY), seat, "回避")


# -- 到会 --------------------------------------------------------------------------------------------


@step("会议时间到了")
def _(council: Council) -> None:
    council.hold_meeting()


@step(sentence('{count:d} 个席位签到，其中有"{seats:文}"'))
def _(council: Council, count: int, seats: str) -> None:
    council.sign_in(council.some_seats(count, including=listed(seats)))


@step(sentence('会议时间到了，{count:d} 个席位签到，其中有"{seats:文}"'))
def _(council: Council, count: int, seats: str) -> None:
    council.hold_meeting()
    council.sign_in(council.some_seats(count, including=listed(seats)))


@step(sentence('会议时间到了，{count:d} 个席位签到，其中没有"{seat:文}"'))
def _(council: Council, count: int, seat: str) -> None:
    council.hold_meeting()
    council.sign_in(council.some_seats(count, without=[seat]))


@step(sentence('会议时间到了，{count:d} 个席位签到，其中"{seat:文}"由候补代会'))
def _(council: Council, count: int, seat: str) -> None:
    council.hold_meeting()
    council.sign_in(council.some_seats(count, including=[seat]), ways={seat: BY_ALTERNATE})


@step(sentence("{count:d} 个席位签到，都补报没有利害关系"))
def _(council: Council, count: int) -> None:
    present = council.some_seats(count)
    council.sign_in(present, relations=dict.fromkeys(present, "none"))


@step(sentence('{count:d} 个席位签到，只有"{seats:文}"补报没有利害关系'))
def _(council: Council, count: int, seats: str) -> None:
    council.sign_in(council.some_seats(count), relations=dict.fromkeys(listed(seats), "none"))


@step(sentence('记录员试着把两个席位都签成"{name:文}"'))
def _(council: Council, name: str) -> None:
    def twice(shown: dict[str, Any]) -> Answers:
        rows = [row | {"attend": "本人到会"} for row in shown["attendance"]]
        return {"attendance": [row | ({"name": name} if n < 2 else {}) for n, row in enumerate(rows)]}

    with council.trying():
        council.act(RECORDER, "sign_in", twice)


# -- 流会 --------------------------------------------------------------------------------------------


@step(sentence('秘书处改在"{moment:文}"再开'))
def _(council: Council, moment: str) -> None:
    council.reconvene(moment)


@step(sentence('秘书处试着改在"{moment:文}"再开'))
def _(council: Council, moment: str) -> None:
    with council.trying():
        council.reconvene(moment)


@step(sentence('秘书处试着不催告缺席方就改在"{moment:文}"再开'))
def _(council: Council, moment: str) -> None:
    with council.trying():
        council.act(SECRETARY, "reconvene", {"new_time": moment.replace(" ", "T"), "notify_absent": False})


@step(sentence('会议定于"{moment:文}"召开，已经流会 {times:d} 次，议的是一般事项'))
def _(council: Council, moment: str, times: int) -> None:
    council.convene(moment)
    for _time in range(times):
        council.hold_meeting()
        council.sign_in(council.some_seats(5))
        council.reconvene(council.days_after_meeting(7))


@step("主持人宣布到会席位跌破法定人数")
def _(council: Council) -> None:
    assert council.publish("msg_quorum_lost", {}, by=person_behind(council, "主持人")) == 1


# -- 议事 --------------------------------------------------------------------------------------------


@step("主持人记录议事过程")
def _(council: Council) -> None:
    council.deliberate()


@step(sentence("主持人试着记录{who:人}发言 {times:d} 次，每次 {seconds:d} 秒"))
def _(council: Council, who: str, times: int, seconds: int) -> None:
    speech = {"speaker": who, "stance": "赞成", "seconds": seconds}
    with council.trying():
        council.deliberate(speeches=[{"no": no, **speech} for no in range(1, times + 1)])


@step("主持人试着不宣读规则就交议事记录")
def _(council: Council) -> None:
    with council.trying():
        council.deliberate(rules_read=False)


@step("会议议到投票")
def _(council: Council) -> None:
    council.deliberate()
    council.move()


@step(sentence("会议议到投票，结果是同意 {agree:d} 反对 {disagree:d} 弃权 {abstain:d}"))
def _(council: Council, agree: int, disagree: int, abstain: int) -> None:
    council.deliberate()
    council.move()
    council.vote(["同意"] * agree + ["反对"] * disagree + ["弃权"] * abstain)
    council.confirm_tally()
