"""表决方案、投票、纸票、计票、票数相等。"""

from __future__ import annotations

from pytest_bdd import step

from engine import user_tasks
from features.community import MODERATOR, PEOPLE, SECRETARY
from features.council import Council
from features.steps.words import MATTER_TYPES, Sheet, sentence

VOTES = "同意 {agree:d} 反对 {disagree:d} 弃权 {abstain:d}"
MEETING_AT = "2026-10-22 19:00"
POSTS = {"甲": "paper_entry_a", "乙": "paper_entry_b"}

# -- 议到哪一步 ----------------------------------------------------------------------------------------


@step(sentence("{count:d} 个席位到会，{kind:词}事项开始投票"))
def _(council: Council, count: int, kind: str) -> None:
    council.meet(MEETING_AT, count, matter_type=MATTER_TYPES[kind])
    council.move()


@step(sentence("{count:d} 个席位到会，一般事项议到表决方案"))
def _(council: Council, count: int) -> None:
    council.meet(MEETING_AT, count)


@step(sentence("{count:d} 个席位到会，涉及个人的事项议到表决方案"))
def _(council: Council, count: int) -> None:
    council.meet(MEETING_AT, count, personal=True)


@step(sentence("{count:d} 个席位到会，涉及个人的事项开始投票"))
def _(council: Council, count: int) -> None:
    council.meet(MEETING_AT, count, personal=True)
    council.move()


@step(sentence("线上会议有 {count:d} 个席位到会，一般事项开始投票"))
def _(council: Council, count: int) -> None:
    council.meet(MEETING_AT, count, meeting_mode="线上")
    council.move()


@step(sentence("{count:d} 个席位到会，一般事项发了纸质票，投票时间已过"))
def _(council: Council, count: int) -> None:
    council.meet(MEETING_AT, count)
    council.move(paper_issued=True)
    council.let_pass(30)


# -- 表决方案 ------------------------------------------------------------------------------------------


@step("主持人提出表决方案")
def _(council: Council) -> None:
    council.move()


@step(sentence('主持人提出表决方案"{motion:文}"'))
def _(council: Council, motion: str) -> None:
    council.move(motion_text=motion)


@step("主持人提出记名的表决方案")
def _(council: Council) -> None:
    council.move(ballot_mode="open_named", raise_to_secret=False)


@step("主持人提出改为无记名的表决方案")
def _(council: Council) -> None:
    council.move(raise_to_secret=True)


@step(sentence('主持人决定"{method:文}"'))
def _(council: Council, method: str) -> None:
    council.act(MODERATOR, "tie_resolution", {"method": method})


# -- 投票 --------------------------------------------------------------------------------------------


@step(sentence(f"投票是{VOTES}"))
def _(council: Council, agree: int, disagree: int, abstain: int) -> None:
    council.vote(["同意"] * agree + ["反对"] * disagree + ["弃权"] * abstain)


@step(sentence(f"投票是{VOTES}，各自写了理由"))
def _(council: Council, agree: int, disagree: int, abstain: int) -> None:
    council.vote(["同意"] * agree + ["反对"] * disagree + ["弃权"] * abstain, reason="这是我自己的理由")


@step(sentence('{who:人}投"{choice:文}"'))
def _(council: Council, who: str, choice: str) -> None:
    council.keep_ballot(who)
    council.act(who, "ballot", {"choice": choice})


@step(sentence('{who:人}试着再投"{choice:文}"'))
def _(council: Council, who: str, choice: str) -> None:
    with council.trying():
        council.submit(who, council.kept_ballot, {"choice": choice})


@step(sentence('{who:人}试着替{voter:人}投"{choice:文}"'))
def _(council: Council, who: str, voter: str, choice: str) -> None:
    council.keep_ballot(voter)
    with council.trying():
        council.submit(who, council.kept_ballot, {"choice": choice})


@step(sentence('{who:人}试着不确认就投"{choice:文}"'))
def _(council: Council, who: str, choice: str) -> None:
    with council.trying():
        council.act(who, "ballot", {"choice": choice, "confirm": False})


@step(sentence("{who:人}已经打开自己的表决票"))
def _(council: Council, who: str) -> None:
    council.keep_ballot(who)


@step(sentence("{who:人}试着交上那张票"))
def _(council: Council, who: str) -> None:
    assert council.kept_ballot.assignee == PEOPLE[who]
    with council.trying():
        council.submit(who, council.kept_ballot, {"choice": "同意"})


@step(sentence("{who:人}试着把表决票存成草稿"))
def _(council: Council, who: str) -> None:
    council.keep_ballot(who)
    with council.trying(), council.work(who) as work:
        user_tasks.save_draft(work, council.kept_ballot.key, {"choice": "同意"})


@step(sentence('"{seat:文}"换由{who:人}代表'))
def _(council: Council, seat: str, who: str) -> None:
    (id_,) = (row["seat"] for row in council.seats() if row["seat_name"] == seat)
    assert council.publish("msg_member_changed", {"seat": id_, "person": PEOPLE[who]}, by=SECRETARY) == 1


# -- 计票 --------------------------------------------------------------------------------------------


@step(sentence("{who:人}录入{post:词}岗：{sheet:计票单}"))
def _(council: Council, who: str, post: str, sheet: Sheet) -> None:
    council.act(who, POSTS[post], sheet)


@step(sentence("{who:人}试着录入{post:词}岗：{sheet:计票单}"))
def _(council: Council, who: str, post: str, sheet: Sheet) -> None:
    (task,) = council.open_tasks(POSTS[post])
    with council.trying():
        council.submit(who, task, sheet)


@step("监票人确认票数")
def _(council: Council) -> None:
    council.confirm_tally()
