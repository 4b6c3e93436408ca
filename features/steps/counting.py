"""那么：到了几席，谁能投票，票怎么算，票箱里有什么。要紧的不只问产品，还翻数据库。"""

from __future__ import annotations

from hashlib import sha256

from pytest_bdd import then

from engine import user_tasks
from features.community import COMMUNITY, PEOPLE, RESIDENTS
from features.council import Council
from features.steps.words import BALLOT_MODES, OUTCOMES, sentence
from web import receipts
from workflows.ballots import store as ballots

# -- 抽选 ---------------------------------------------------------------------------------------------


@then(sentence("抽出的是 {count:d} 名不同的居民，其中没有{who:人}"))
def _(council: Council, count: int, who: str) -> None:
    drawn = {one["person"] for one in council.variables()["resident_representatives"]}
    assert len(drawn) == count
    assert drawn <= {PEOPLE[name] for name in RESIDENTS} - {PEOPLE[who]}


@then(sentence("抽出居民代表 {count:d} 名"))
def _(council: Council, count: int) -> None:
    found = council.variables()
    assert len(found.get("resident_representatives") or []) == count
    assert bool(found.get("draw_seed")) is (count > 0), "没有抽选就没有种子"


@then("任何人按公开的种子重算，抽出的还是这几位")
def _(council: Council) -> None:
    found = council.variables()
    pool = sorted(PEOPLE[name] for name in RESIDENTS if PEOPLE[name] != found["initiator"])
    assert found["draw_seed"].endswith(sha256("\n".join(pool).encode()).hexdigest())
    lots = sorted(pool, key=lambda person: sha256(f"{found['draw_seed']}|{person}".encode()).hexdigest())
    assert [one["person"] for one in found["resident_representatives"]] == lots[:3]


# -- 到会 ---------------------------------------------------------------------------------------------


@then(sentence('会议{verdict:词}，依据是"{rule:文}"'))
def _(council: Council, verdict: str, rule: str) -> None:
    found = council.variables()
    assert (found["quorum_met"], found["quorum_rule"]) == ({"有效": True, "无效": False}[verdict], rule)


@then(sentence('到会说明写着"{words:文}"'))
def _(council: Council, words: str) -> None:
    assert words in council.variables()["attendance_note"]


@then(sentence("签到表上还没有申报的有 {count:d} 席"))
def _(council: Council, count: int) -> None:
    (task,) = council.open_tasks("sign_in")
    assert len(council.visible_at(task)["undeclared"]) == count


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


@then("凭回执号查得到票在这个票箱里，查不到投的是什么")
def _(council: Council) -> None:
    code = receipts.take()
    assert code is not None
    with council.look() as work:
        receipt = ballots.look_up(work.connection, COMMUNITY, code)
    assert receipt is not None
    assert (receipt.box.id, receipt.choice) == (council.box().id, None)


@then("谁的理由也没有留下")
def _(council: Council) -> None:
    for name, rows in council.rows_of_all_tables().items():
        assert not any("这是我自己的理由" in str(value) for row in rows for value in row.values()), name
