"""半年居民评议：每一句话怎样在真实的产品上演练。"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import scenarios, step

from engine import instances, messages, user_tasks
from engine.clock import VirtualClock
from engine.timing import read_instant
from features.community import COMMUNITY, GRID, LEDGER_CLERK, TELLERS
from features.community import PEOPLE as STAFF
from features.desk import local
from features.installation import install
from features.paths import Paths
from features.review import (
    BEGINNING,
    CRITERIA,
    GRIDS,
    ORGANISER,
    OTHER_GRID,
    OTHER_SECRETARY,
    PEOPLE,
    PROCESS,
    QUOTA,
    SECRETARY,
    Reviewing,
    Start,
    organisation,
)
from features.steps.words import listed, sentence
from workflows.ballots import store as ballots
from workflows.lots import lot, public_seed
from workflows.organisation import store as people
from workflows.organisation.model import Post
from workflows.reviews import store
from workflows.reviews.model import Candidate, Category, Review, Standing
from workflows.reviews.rosters import box_id

scenarios(Path(__file__).with_name("semiannual_review.feature").name)

MISTAKES: Mapping[str, Mapping[str, Any]] = {
    "每网格二十名代表": {"panel_size": 20, "quota": "12 1 1 4 2"},
    "居民代表只有八名": {"quota": "8 4 3 4 2"},
    "没有政协委员名额": {"quota": "13 2 0 4 2"},
    "权重合计九十": {"criteria": [{"indicator": "走访服务", "weight": 90}]},
    "评议会在九个工作日后": {"meeting_at": "2026-11-13T15:00"},
    "种子只有四位": {"draw_seed": "4071"},
}
FIGURES = {
    "发出": "issued",
    "收回": "returned",
    "无效": "invalid",
    "满意": "satisfied",
    "基本满意": "basically",
    "不满意": "unsatisfied",
    "不了解": "unknown",
}
RATINGS_OF = {"称职": (13, 1), "基本称职": (10, 3)}
"""Of fifteen valid forms, how many satisfied and how many unsatisfied give a grade."""


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """One installation for the session: models deployed, no review yet."""
    product, database = install(tmp_path_factory.mktemp("reviews"), organisation(), VirtualClock(BEGINNING))
    yield Start(product, database)
    product.store.close()


@pytest.fixture
def review(start: Start, paths: Paths, request: pytest.FixtureRequest) -> Iterator[Reviewing]:
    """One scenario."""
    review = start.restore()
    yield review
    paths.end(review, request.node.nodeid)


# -- 走到哪一步 ----------------------------------------------------------------------------------------


@step("第12网格的方案已经提交")
def planned(review: Reviewing, start: Start) -> None:
    review.begin()
    review.plan()


@step("第12网格的名单公示期满")
def shown(review: Reviewing, start: Start) -> None:
    start.reach(review, "shown", _to_shown)


@step("第12网格的代表都已确认")
def complete(review: Reviewing, start: Start) -> None:
    start.reach(review, "complete", _to_complete)


@step("第12网格的评议会时间到了")
def meeting(review: Reviewing, start: Start) -> None:
    start.reach(review, "meeting", _to_meeting)


@step("两个网格的评议会时间到了")
def both_meeting(review: Reviewing, start: Start) -> None:
    start.reach(review, "both", _to_meeting_of_both)


def _to_shown(review: Reviewing) -> None:
    review.begin()
    review.plan()
    review.verify()
    review.publicity_passes()


def _to_complete(review: Reviewing) -> None:
    _to_shown(review)
    review.all_accept()


def _to_meeting(review: Reviewing) -> None:
    _to_complete(review)
    review.report()
    review.to_the_meeting()


def _to_meeting_of_both(review: Reviewing) -> None:
    review.begin()
    review.plan(*GRIDS)
    review.verify()
    review.publicity_passes()
    review.all_accept()
    review.report(SECRETARY)
    review.report(OTHER_SECRETARY)
    review.to_the_meeting()


@step(sentence("第12网格到会 {present:d} 名，正在评议"))
@step(sentence("第12网格到会 {present:d} 名，都用手机评"))
def _(review: Reviewing, start: Start, present: int) -> None:
    meeting(review, start)
    review.sign_in({GRID: present})


@step(sentence("第12网格到会 {present:d} 名，都领纸质票"))
def on_paper(review: Reviewing, start: Start, present: int) -> None:
    meeting(review, start)
    review.sign_in({GRID: present}, paper=present)


@step(sentence("第12网格到会 {present:d} 名，其中 {paper:d} 名领纸质票"))
def _(review: Reviewing, start: Start, present: int, paper: int) -> None:
    meeting(review, start)
    review.sign_in({GRID: present}, paper=paper)


@step(sentence("第12网格到会 {present:d} 名，第13网格到会 {other:d} 名"))
def _(review: Reviewing, present: int, other: int) -> None:
    review.sign_in({GRID: present, OTHER_GRID: other})


@step(sentence('第12网格已经计票，等次是"{grade:文}"'))
def counted(review: Reviewing, start: Start, grade: str) -> None:
    meeting(review, start)
    review.sign_in({GRID: 15})
    satisfied, unsatisfied = RATINGS_OF[grade]
    _rate(review, 15, satisfied, unsatisfied)
    review.certify()


@step("第12网格上一期不称职")
def _(review: Reviewing) -> None:
    before = Review(
        community=COMMUNITY,
        matter_no="PY-2026-0999",
        period="2026上半年",
        title="2026上半年居民评议",
        meeting_at=local("2026-06-25 15:00"),
        quota=QUOTA,
        criteria={},
        pool_size=0,
        pool_sha256="",
    )
    with review.engine.store.transaction() as connection:
        store.begin(connection, before, [])
        rows = [{"grid": GRID, "grade": "不称职"}]
        store.record(connection, COMMUNITY, before.matter_no, before.period, rows, before.meeting_at)


@step("居民1没有满十八岁，居民2是本网格的网格员，居民3是监票计票人")
def _(review: Reviewing) -> None:
    person = people.person
    with review.engine.store.transaction() as connection:
        young = person.update().where(person.c.id == PEOPLE["居民1"])
        connection.execute(young.values(born=date(2010, 1, 1)))
        people.appoint(connection, Post(PEOPLE["居民2"], "grid_worker", GRID))
        people.appoint(connection, Post(PEOPLE["居民3"], "teller", COMMUNITY))


# -- 时间 --------------------------------------------------------------------------------------------


@step(sentence('时间走到"{moment:文}"'))
def _(review: Reviewing, moment: str) -> None:
    review.wait_until(moment)


@step(sentence("过了 {minutes:d} 分钟"))
def _(review: Reviewing, minutes: int) -> None:
    review.let_pass(minutes)


@step(sentence("过了 {days:d} 天"))
def _(review: Reviewing, days: int) -> None:
    review.wait_until(review.clock.now() + timedelta(days=days))


@step("名单公示期满")
def _(review: Reviewing) -> None:
    review.publicity_passes()


@step("到了评议会时间")
def _(review: Reviewing) -> None:
    review.to_the_meeting()


@step("结果公示期满")
def _(review: Reviewing) -> None:
    review.wait_until(read_instant(review.variables()["result_until"]))


# -- 开始、方案、名单 ------------------------------------------------------------------------------------


@step(sentence("{who:人}发起评议"))
def _(review: Reviewing, who: str) -> None:
    review.begin(who)


@step(sentence("{who:人}试着发起评议"))
def _(review: Reviewing, who: str) -> None:
    with review.trying():
        review.begin(who)


@step("还没有评议")
def _(review: Reviewing) -> None:
    assert _matters(review) == []


@step(sentence('评议自己开始了，等着办的只有"{name:文}"'))
def _(review: Reviewing, name: str) -> None:
    (review.matter,) = _matters(review)
    assert review.waiting() == [name]


def _matters(review: Reviewing) -> list[int]:
    with review.look() as work:
        return [one.key for one in instances.find(work) if one.process_id == PROCESS]


@step(sentence('评议的名称是"{title:文}"'))
def _(review: Reviewing, title: str) -> None:
    assert review.instance().title == title


@step(sentence('方案里"{mistake:文}"'))
def _(review: Reviewing, mistake: str) -> None:
    wrong = dict(MISTAKES[mistake])
    if isinstance(wrong.get("quota"), str):
        places = zip(QUOTA, wrong["quota"].split(), strict=True)
        wrong["quota"] = [{"category": str(name), "places": int(n)} for name, n in places]
    with review.trying():
        review.plan(**wrong)


@step("方案里没有写种子")
def _(review: Reviewing) -> None:
    review.plan(draw_seed=None)


@step("种子是评议编号和候选库摘要拼成的")
def _(review: Reviewing) -> None:
    expected = public_seed(review.instance().matter_no, [one.person for one in review.pool()])
    assert review.review().seed == expected


@step(sentence('用公布的候选库和种子"{seed:文}"重算，抽中和候补的名单与系统一致'))
def _(review: Reviewing, seed: str) -> None:
    pool = review.pool()
    for category, places in QUOTA.items():
        stratum = [one for one in pool if one.category is category]
        again = sorted((one.person for one in stratum), key=lambda person: lot(seed, person))
        by_position = sorted(stratum, key=lambda one: one.position)
        assert [one.person for one in by_position] == again
        invited = {one.person for one in stratum if one.standing is Standing.INVITED}
        assert invited == set(again[:places])


@step(sentence("第12网格抽中 {total:d} 名代表，居民代表 {residents:d} 名"))
def _(review: Reviewing, total: int, residents: int) -> None:
    seated = review.seated()
    assert len(seated) == total
    assert sum(one.category is Category.RESIDENT for one in seated) == residents


@step("候选库里没有居民1、居民2、居民3")
def _(review: Reviewing) -> None:
    assert {one.name for one in review.pool()}.isdisjoint({"居民1", "居民2", "居民3"})


@step(sentence('监督委员会把第一名居民代表以"{reason:文}"剔除'))
def _(review: Reviewing, reason: str) -> None:
    out = _at(review, Category.RESIDENT, 1)
    review.verify([{"person": out.person, "reason": reason}])
    assert _at(review, Category.RESIDENT, 1).standing is Standing.EXCLUDED


@step(sentence("递补的是第 {position:d} 签的{category:词}"))
def _(review: Reviewing, position: int, category: str) -> None:
    assert _at(review, Category(category), position).standing is Standing.INVITED


@step("公示的名单只写姓和类别")
def _(review: Reviewing) -> None:
    body = review.board("评议代表公示")[0].body
    assert "居某（居民代表）" in body
    assert not any(one.name in body for one in review.seated())


@step("名单已经核验")
def _(review: Reviewing) -> None:
    review.verify()


@step(sentence('名单公示到"{moment:文}"'))
def _(review: Reviewing, moment: str) -> None:
    assert f"{local(moment):%Y-%m-%dT%H:%M}" in review.variables()["roster_until"]


@step(sentence('{who:人}对名单提出异议"{content:文}"'))
def _(review: Reviewing, who: str, content: str) -> None:
    assert review.publish("msg_roster_objection", {"content": content, "evidence": []}, by=who) == 1


def _at(review: Reviewing, category: Category, position: int) -> Candidate:
    (found,) = (one for one in review.pool() if (one.category, one.position) == (category, position))
    return found


# -- 确认、递补 ------------------------------------------------------------------------------------------


@step("除了一名居民代表不能参加，其他人都答复参加")
def _(review: Reviewing) -> None:
    review.reply(_at(review, Category.RESIDENT, 1).person, accept="不能参加", reason="外出")
    _accept_open(review)


@step("除了一名居民代表不答复，其他人都答复参加")
def _(review: Reviewing) -> None:
    silent = _at(review, Category.RESIDENT, 1).person
    for one in review.pool(Standing.INVITED):
        if one.person != silent:
            review.reply(one.person)


@step("三名政协委员先后不能参加，其他人都答复参加")
def _(review: Reviewing) -> None:
    _nobody_of(review, Category.CPPCC, 3)


@step("六名人大代表先后不能参加，其他人都答复参加")
def _(review: Reviewing) -> None:
    _nobody_of(review, Category.DEPUTY, 6)


def _nobody_of(review: Reviewing, category: Category, many: int) -> None:
    """So many of a category decline, one after the other as they are asked; all others accept."""
    for position in range(1, many + 1):
        one = _at(review, category, position)
        if one.standing is not Standing.INVITED:
            _accept_open(review, but=category)
        review.reply(one.person, accept="不能参加", reason="外出")
    _accept_open(review, but=category)


def _accept_open(review: Reviewing, but: Category | None = None) -> None:
    for one in review.pool(Standing.INVITED):
        if one.category is not but:
            review.reply(one.person)


@step("被请的人都答复参加")
def _(review: Reviewing) -> None:
    review.all_accept()


@step(sentence("只有第 {position:d} 签的{category:词}被请确认"))
@step(sentence("第 {position:d} 签的{category:词}被请确认"))
def _(review: Reviewing, position: int, category: str) -> None:
    asked = review.pool(Standing.INVITED)
    assert [(one.category, one.position) for one in asked] == [(Category(category), position)]
    assert review.waiting() == ["受邀确认"]


@step(sentence('构成缺口是"{gap:文}"'))
def _(review: Reviewing, gap: str) -> None:
    assert [one["panel_gap"] for one in review.variables()["panel_checks"]] == [gap]


@step("一名居民代表告知不能参加了")
def _(review: Reviewing) -> None:
    person = _at(review, Category.RESIDENT, 1).person
    with review.engine.work(review.acting(person), COMMUNITY) as work:
        assert messages.publish(work, "msg_evaluator_withdraw", review.review().matter_no, {"person": person})


@step(sentence('第 {position:d} 签的{category:词}成为代表，收到"{title:文}"'))
def _(review: Reviewing, position: int, category: str, title: str) -> None:
    now = _at(review, Category(category), position)
    assert now.standing is Standing.ACCEPTED
    assert len(review.letters(now.name, title)) == 1
    assert len(review.seated()) == sum(QUOTA.values())


@step(sentence("{who:人}试着确认参加"))
def _(review: Reviewing, who: str) -> None:
    with review.trying():
        review.reply(STAFF[who])


# -- 述职 ----------------------------------------------------------------------------------------------


@step(sentence("{who:人}述职"))
def _(review: Reviewing, who: str) -> None:
    review.report(who)


@step(sentence('{who:人}对述职提出异议"{content:文}"'))
def _(review: Reviewing, who: str, content: str) -> None:
    payload = {"objector": STAFF[who], "content": content, "evidence": []}
    assert review.publish("msg_duty_objection", payload, by=who) == 1


@step(sentence('{who:人}核查异议，结论"{finding:文}"'))
def _(review: Reviewing, who: str, finding: str) -> None:
    answers = {"duty_finding": finding, "reply": "三月改为电话走访，没有入户，已经补上。"}
    review.do(who, "duty_objection_review", answers)


# -- 签到、评议 ------------------------------------------------------------------------------------------


@step(sentence("{who:人}试着给两个人登记同一个票号"))
def _(review: Reviewing, who: str) -> None:
    (task,) = review.open_tasks("review_sign_in")
    rows = [
        {
            "code": str(n),
            "name": one.name,
            "person": one.person,
            "present": True,
            "way": "纸质",
            "ticket": "P7",
        }
        for n, one in enumerate(review.pool(Standing.ACCEPTED)[:2])
    ]
    with review.trying():
        review.submit(who, task, {"attendance": rows})


@step(sentence('一名代表评"{rating:文}"'))
def _(review: Reviewing, rating: str) -> None:
    review.evaluate(_on_phone(review)[0].person, rating)


@step(sentence('这名代表试着再评"{rating:文}"'))
def _(review: Reviewing, rating: str) -> None:
    with review.trying():
        review.evaluate(_on_phone(review)[0].person, rating)


@step(sentence('十三名代表评"{rating:文}"'))
def _(review: Reviewing, rating: str) -> None:
    review.vote(*[rating] * 13)


@step(sentence('十三名代表评"{rating:文}"，一名代表评"{other:文}"并写"{words:文}"'))
def _(review: Reviewing, rating: str, other: str, words: str) -> None:
    review.vote(*[rating] * 13)
    review.evaluate(_on_phone(review)[-1].person, other, suggestion=words)


@step(sentence('剩下的那名代表试着评"{rating:文}"'))
def _(review: Reviewing, rating: str) -> None:
    (task,) = review.kept_tasks
    with review.trying(), review.engine.work(review.acting(_on_phone(review)[-1].person), COMMUNITY) as work:
        user_tasks.complete(work, task.key, _form(rating))


@step("一名领了纸质票的代表试着用手机评")
def _(review: Reviewing) -> None:
    paper = next(one for one in review.pool() if one.way == "纸质")
    with review.trying():
        review.evaluate(paper.person, "满意")


@step(sentence('{who:人}试着评"{rating:文}"'))
def _(review: Reviewing, who: str, rating: str) -> None:
    with review.trying():
        review.evaluate(STAFF[who], rating)


@step("一名代表试着只评一项就交")
def _(review: Reviewing) -> None:
    with review.trying():
        review.evaluate(_on_phone(review)[0].person, "满意", scores=_form("满意")["scores"][:1])


@step(sentence('他们评 {satisfied:d} 张"满意"、{unsatisfied:d} 张"不满意"，其余"不了解"'))
def _(review: Reviewing, satisfied: int, unsatisfied: int) -> None:
    _rate(review, 21, satisfied, unsatisfied)


@step(sentence('到会的人都评"{rating:文}"'))
def _(review: Reviewing, rating: str) -> None:
    review.vote(*[rating] * 21)


def _rate(review: Reviewing, total: int, satisfied: int, unsatisfied: int) -> None:
    rest = total - satisfied - unsatisfied
    review.vote(*["满意"] * satisfied, *["不满意"] * unsatisfied, *["不了解"] * rest)


def _form(rating: str) -> dict[str, Any]:
    scores = [{"indicator": row["indicator"], "rating": rating} for row in CRITERIA]
    return {"scores": scores, "overall": rating}


def _on_phone(review: Reviewing) -> list[Candidate]:
    return [one for one in review.pool() if one.way == "手机"]


@step(sentence("交上来 {count:d} 份"))
def _(review: Reviewing, count: int) -> None:
    box = box_id(review.review().matter_no, GRID)
    with review.look() as work:
        assert store.handed_in(work.connection, COMMUNITY, [box]) == {box: count}


@step("经过和变量里没有谁评了什么")
def _(review: Reviewing) -> None:
    answered = [one for one in review.timeline() if one.kind == "TASK_ANSWERED"]
    told = json.dumps([dict(one.data) for one in answered], ensure_ascii=False)
    counted = {"tallies": None, "grades": None}  # the sums, and the words of the plan
    held = json.dumps(review.variables() | counted, ensure_ascii=False)
    assert len(answered) == 14 + 21
    assert "不满意" not in told + held
    assert "夜间多巡查" not in told + held


@step(sentence('意见"{words:文}"和票上的选择没有任何东西连着'))
def _(review: Reviewing, words: str) -> None:
    with review.look() as work:
        box = ballots.get(work.connection, COMMUNITY, box_id(review.review().matter_no, GRID))
        assert store.suggestions(work.connection, box) == [words]
        (row,) = work.connection.execute(store.suggestion.select()).mappings()
        papers = work.connection.scalars(
            ballots.secret_paper.select().with_only_columns(ballots.secret_paper.c.receipt)
        )
        assert row["id"] not in set(papers)
    assert set(ballots.secret_paper.c.keys()) == {"community", "box", "receipt", "choice"}
    assert set(ballots.participation.c.keys()) == {"community", "box", "seat", "person"}


# -- 纸质票、计票 ----------------------------------------------------------------------------------------


def _sheet(figures: str) -> dict[str, int]:
    found = {}
    for part in figures.split():
        name = part.rstrip("0123456789")
        found[FIGURES[name]] = int(part[len(name) :])
    return found


@step(sentence('甲岗录"{figures:文}"'))
def _(review: Reviewing, figures: str) -> None:
    review.enter(TELLERS[0], "paper_entry_a", _sheet(figures))


@step(sentence('乙岗录"{figures:文}"'))
def _(review: Reviewing, figures: str) -> None:
    review.enter(TELLERS[1], "paper_entry_b", _sheet(figures))


@step(sentence('两岗都录"{figures:文}"'))
def both(review: Reviewing, figures: str) -> None:
    review.enter(TELLERS[0], "paper_entry_a", _sheet(figures))
    review.enter(TELLERS[1], "paper_entry_b", _sheet(figures))


@step("两岗三次都录得不一样")
def _(review: Reviewing) -> None:
    first = _sheet("发出17 收回16 无效1 满意9 基本满意4 不满意1 不了解1")
    for _time in range(3):
        review.enter(TELLERS[0], "paper_entry_a", first)
        review.enter(TELLERS[1], "paper_entry_b", {**first, "satisfied": 8, "basically": 5})


@step(sentence("{who:人}到场监督"))
def _(review: Reviewing, who: str) -> None:
    review.do(who, "supervise_count", {"witness": who, "count_note": "两人唱票，一人看。"})


@step("甲岗的人试着录乙岗")
def _(review: Reviewing) -> None:
    with review.trying():
        (task,) = review.open_tasks("paper_entry_b")
        review.submit(TELLERS[0], task, {})


@step(sentence('甲岗试着录"{figures:文}"'))
def _(review: Reviewing, figures: str) -> None:
    with review.trying():
        review.enter(TELLERS[0], "paper_entry_a", _sheet(figures))


@step(sentence('录入单上写着"{words:文}"'))
def _(review: Reviewing, words: str) -> None:
    task = review.open_tasks("paper_entry_a")[0]
    with review.look() as work:
        context = user_tasks.context(work, task.key)
        told = review.product.forms.of_task(work, task).open(
            {**review.product.offered(work.connection, context), **context}, now=work.now
        )
    texts = [line for node in told.nodes if node.field.type == "text" for line in node.text]
    assert any(words in line for line in texts)


@step("监票人签名确认")
def certified(review: Reviewing) -> None:
    review.certify()


@step(sentence('监票人写了异常说明"{words:文}"'))
def _(review: Reviewing, words: str) -> None:
    review.certify(words)


# -- 反馈、申辩、整改、报告 ---------------------------------------------------------------------------------


@step(sentence("{who:人}认可结果"))
def _(review: Reviewing, who: str) -> None:
    review.do(who, "subject_statement", {"accept_result": "认可"})


@step(sentence('{who:人}申辩"{words:文}"'))
def _(review: Reviewing, who: str, words: str) -> None:
    review.do(who, "subject_statement", {"accept_result": "申辩", "statement": words})


@step(sentence('{who:人}核查申辩，结论"{finding:文}"'))
def _(review: Reviewing, who: str, finding: str) -> None:
    review.do(who, "appeal_review", {"finding": finding, "reason": "已经逐项核实。"})


@step(sentence("{who:人}提交整改方案"))
def _(review: Reviewing, who: str) -> None:
    until = read_instant(review.variables()["result_until"]).date() + timedelta(days=28)
    item = {"problem": "夜间巡查少", "measure": "每晚巡查一次", "responsible": STAFF[who], "due": str(until)}
    review.do(who, "rectification_plan", {"items": [item], "deadline": str(until)})


@step(sentence('台账上有一笔"{title:文}"，责任人是{who:人}'))
def _(review: Reviewing, title: str, who: str) -> None:
    number = review.instance().matter_no
    with review.look() as work:
        (entry,) = instances.answering(work, number)
        held = instances.variables(work, entry.key)
    assert entry.process_id == "hazard_ledger"
    assert (held["title"], held["responsible_person"]) == (title, STAFF[who])
    assert held["measures"] == "夜间巡查少：每晚巡查一次"


@step("这笔账销号")
def _(review: Reviewing) -> None:
    answer = {"ledger_no": "TZ-2026-0001", "result": "已经每晚巡查。"}
    assert review.publish("msg_ledger_closed", answer, by=LEDGER_CLERK) == 1


@step("组织方提交评议报告")
def _(review: Reviewing) -> None:
    words = {"summary": "总体情况良好，夜间巡查要加强。", "suggestions": "多走访。", "usage": ["培训"]}
    review.do(ORGANISER, "review_report", words)


@step(sentence('{who:人}决定"{decision:文}"'))
def decide(review: Reviewing, who: str, decision: str) -> None:
    review.do(who, "extension_decision", {"decision": decision, "merge_reason": "疫情防控期间不便聚集。"})


@step(sentence('{who:人}在年底决定"{decision:文}"'))
def _(review: Reviewing, who: str, decision: str) -> None:
    review.wait_until("2026-12-31 23:59:59")
    decide(review, who, decision)


# -- 看到什么 ------------------------------------------------------------------------------------------


@step(sentence('等着办的只有"{name:文}"'))
def _(review: Reviewing, name: str) -> None:
    assert review.waiting() == [name]


@step(sentence('等着办的有"{names:文}"'))
def _(review: Reviewing, names: str) -> None:
    assert sorted(review.waiting()) == sorted(listed(names))


@step(sentence('等着办的没有"{name:文}"'))
def _(review: Reviewing, name: str) -> None:
    assert name not in review.waiting()


@step("评议还在办")
def _(review: Reviewing) -> None:
    assert review.instance().state == "ACTIVE"


@step(sentence('"{name:文}"轮到{who:人}，"{moment:文}"前办完'))
def _(review: Reviewing, name: str, who: str, moment: str) -> None:
    assert review.task(name).key in [task.key for task in review.inbox_of(who)]
    assert review.task(name).due_at == local(moment)


@step(sentence('"{name:文}"在"{moment:文}"前办完'))
def _(review: Reviewing, name: str, moment: str) -> None:
    assert review.task(name).due_at == local(moment)


@step("被请确认的还是原来的 21 名")
def _(review: Reviewing) -> None:
    assert {one.position <= QUOTA[one.category] for one in review.pool(Standing.INVITED)} == {True}


@step("被请确认的都换成候补")
def _(review: Reviewing) -> None:
    assert {one.position <= QUOTA[one.category] for one in review.pool(Standing.INVITED)} == {False}


@step(sentence('办不成，因为"{words:文}"'))
def _(review: Reviewing, words: str) -> None:
    assert words in review.look_at_refusal()


@step(sentence('这次评议以"{end:文}"了结'))
def _(review: Reviewing, end: str) -> None:
    found = review.instance()
    assert (found.state, found.end_event_name, review.waiting()) == ("COMPLETED", end, [])


@step(sentence('第{grid:d}网格的等次是"{grade:文}"，后续是"{follow_up:文}"'))
def _(review: Reviewing, grid: int, grade: str, follow_up: str) -> None:
    row = _result(review, f"jsjy-g{grid}")
    assert (row["grade"], row["follow_up"]) == (grade, follow_up)


@step(sentence('第12网格的算式里有"{words:文}"'))
def _(review: Reviewing, words: str) -> None:
    assert words in "\n".join(_result(review, GRID)["lines"])


def _result(review: Reviewing, grid: str) -> dict[str, Any]:
    with review.look() as work:
        (row,) = (
            one
            for one in store.results(work.connection, COMMUNITY, review.instance().matter_no)
            if one["grid"] == grid
        )
    return row


@step(sentence('第12网格"{words:文}"'))
def _(review: Reviewing, words: str) -> None:
    assert words in "\n".join(review.variables()["reconcile_lines"])


@step(sentence('公示栏的"{kind:文}"里有"{words:文}"'))
def _(review: Reviewing, kind: str, words: str) -> None:
    assert any(words in one.title + one.body for one in review.board(kind))


@step(sentence('结果公示到"{moment:文}"'))
def _(review: Reviewing, moment: str) -> None:
    assert read_instant(review.variables()["result_until"]) == local(moment)


@step(sentence('{who:人}收到的"{title:文}"里写着"{words:文}"'))
def _(review: Reviewing, who: str, title: str, words: str) -> None:
    (letter,) = review.letters(who, title)
    assert words in letter.body


@step(sentence('{who:人}收到 {count:d} 封"{title:文}"'))
def _(review: Reviewing, who: str, count: int, title: str) -> None:
    assert len(review.letters(who, title)) == count


@step(sentence('发出了消息"{name:文}"'))
def _(review: Reviewing, name: str) -> None:
    assert name in _sent(review)


@step(sentence('没有发出消息"{name:文}"'))
def _(review: Reviewing, name: str) -> None:
    assert name not in _sent(review)


def _sent(review: Reviewing) -> list[str]:
    return [one.data["name"] for one in review.timeline() if one.kind == "MESSAGE_PUBLISHED"]
