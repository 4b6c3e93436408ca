"""A review on its pages: the form of a reviewer, the draw anybody can repeat, progress, results and report."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from engine.clock import VirtualClock
from engine.timing import read_instant
from features.community import GRID, PEOPLE
from features.installation import install
from features.review import BEGINNING, ORGANISER, SECRETARY, Reviewing, Start, organisation
from tests.integration.web.browser import Browser
from web.app import create_app
from workflows.reviews import redraw
from workflows.reviews.model import Candidate, Standing

SEED = "407199261358"


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    product, database = install(tmp_path_factory.mktemp("reviews"), organisation(), VirtualClock(BEGINNING))
    yield Start(product, database)
    product.store.close()


@pytest.fixture
def review(start: Start) -> Reviewing:
    return start.restore()


@pytest.fixture
def browse(review: Reviewing) -> Callable[[str], Browser]:
    """The browser of somebody by their id, or of a stranger."""
    app = create_app(review.product)

    def open_as(person: str) -> Browser:
        client = app.test_client()
        if person:
            with client.session_transaction() as session:
                session["person"] = person
        return Browser(client)

    return open_as


def evaluating(review: Reviewing) -> list[Candidate]:
    """A review in which fourteen evaluate on their phones; these."""
    review.begin()
    review.plan()
    review.verify()
    review.publicity_passes()
    review.all_accept()
    review.report()
    review.to_the_meeting()
    review.sign_in({GRID: 14})
    return [one for one in review.pool() if one.way == "手机"]


def test_a_reviewer_fills_in_one_form_and_gets_a_receipt_once(
    review: Reviewing, browse: Callable[[str], Browser]
):
    reviewer = browse(evaluating(review)[0].person)
    reviewer.get("/tasks")
    assert "评议" in reviewer.text
    reviewer.follow("评议")
    assert "评议：金色嘉苑第12网格的网格工作" in reviewer.text
    assert "认领" not in reviewer.text
    form = reviewer.path
    reviewer.submit({"scores.*.rating": "满意", "overall": "基本满意"})
    assert reviewer.status == 200, reviewer.text
    assert "已提交：评议" in reviewer.text
    assert "您的回执码" in reviewer.text
    reviewer.get(form)
    assert "已提交：评议" in reviewer.text
    assert "您的回执码" not in reviewer.text
    reviewer.post(form, _do="submit", overall="不满意")
    assert reviewer.status == 403
    assert "已经答复过" in reviewer.text


def test_a_form_without_answers_says_what_is_missing_and_nothing_is_kept(
    review: Reviewing, browse: Callable[[str], Browser]
):
    reviewer = browse(evaluating(review)[0].person)
    reviewer.get("/tasks")
    reviewer.follow("评议")
    reviewer.submit({"overall": "满意"})
    assert reviewer.status == 422
    assert "请选择一项" in reviewer.text


def test_after_the_deadline_the_page_says_that_it_is_over(
    review: Reviewing, browse: Callable[[str], Browser]
):
    late = browse(evaluating(review)[0].person)
    late.get("/tasks")
    late.follow("评议")
    form = late.path
    review.let_pass(30)
    late.get(form)
    assert late.status == 409
    assert "已经截止，不能再提交" in late.text


def test_whoever_is_not_on_the_panel_finds_no_form(review: Reviewing, browse: Callable[[str], Browser]):
    evaluating(review)
    (task,) = review.open_tasks("review_ballot")
    other = browse(PEOPLE["沈玉兰"])
    other.get(f"/tasks/{task.key}")
    assert other.status == 404


def test_a_stranger_draws_the_panel_again_from_the_published_file(
    review: Reviewing, browse: Callable[[str], Browser]
):
    stranger = browse("")
    review.begin()
    number = review.instance().matter_no
    assert stranger.get(f"/reviews/{number}").status_code == 404
    review.plan()
    stranger.get(f"/reviews/{number}/draw")
    assert f"printf '%s' '{SEED}|" in stranger.text
    file = stranger.get(f"/reviews/{number}/draw.csv")
    lots = redraw.read(file.get_data(as_text=True))
    again, different = redraw.comparison(lots, SEED)
    assert different == []
    assert {one.person for one in again if one.verdict == "正式"} == {one.person for one in review.seated()}
    assert not any(one.name in file.get_data(as_text=True) for one in review.pool())


def test_somebody_objects_to_the_names_on_the_board(review: Reviewing, browse: Callable[[str], Browser]):
    review.begin()
    review.plan()
    review.verify()
    resident = browse(PEOPLE["何秀英"])
    resident.get("/notices")
    resident.follow("2026下半年居民评议代表名单公示")
    assert "对代表名单有异议？" in resident.text
    resident.submit({"content": "其中一位上个月已经搬走了，请核实。"})
    assert "再核验一次名单" in resident.text
    assert review.waiting() == ["名单核验"]
    assert "搬走" in review.variables()["objection"]


def test_those_concerned_see_numbers_and_nobody_else_does(
    review: Reviewing, browse: Callable[[str], Browser]
):
    people = evaluating(review)
    number = review.instance().matter_no
    review.vote("满意", "不满意")
    host = browse(PEOPLE[ORGANISER])
    host.get(f"/matters/{review.matter}")
    assert "共 14 人，已交 2 份" in host.text
    host.follow("评议进度")
    cells = [cell.text_content() for cell in host.html.xpath("//tbody//td")]
    assert cells == ["金色嘉苑第12网格", "21", "0", "21", "0", "14", "2"]
    assert "不满意" not in host.text
    assert people[0].name not in host.text
    assert browse(PEOPLE["沈玉兰"]).get(f"/reviews/{number}/progress").status_code == 404
    assert "登录" in browse("").get(f"/reviews/{number}/progress").text


def test_urging_reaches_those_whose_form_is_missing(review: Reviewing, browse: Callable[[str], Browser]):
    first, second, *_rest = evaluating(review)
    review.evaluate(first.person, "满意")
    host = browse(PEOPLE[ORGANISER])
    host.get(f"/matters/{review.matter}")
    host.press("催办")
    assert len(review.letters(second.name, "催办：评议")) == 1
    assert review.letters(first.name, "催办：评议") == []


def test_a_member_who_cannot_come_says_so_on_the_page(review: Reviewing, browse: Callable[[str], Browser]):
    review.begin()
    review.plan()
    review.verify()
    review.publicity_passes()
    review.all_accept()
    number = review.instance().matter_no
    out = review.pool(Standing.ACCEPTED)[-1]
    member = browse(out.person)
    member.get(f"/reviews/{number}")
    member.press("告知不能参加")
    assert "由候补顶上" in member.html.text_content()
    assert [one.person for one in review.pool(Standing.WITHDRAWN)] == [out.person]
    assert "告知不能参加" not in member.text
    other = browse(PEOPLE["沈玉兰"])
    other.get(f"/reviews/{number}")
    assert "告知不能参加" not in other.text
    other.post(f"/reviews/{number}/withdraw")
    assert other.status == 403


def test_the_results_show_their_arithmetic_and_the_report_is_found(
    review: Reviewing, browse: Callable[[str], Browser]
):
    evaluating(review)
    review.vote(*["满意"] * 12, *["不满意"] * 2)
    stranger = browse("")
    number = review.instance().matter_no
    review.certify()
    stranger.get(f"/reviews/{number}")
    assert "还没有公布" in stranger.text
    review.do(SECRETARY, "subject_statement", {"accept_result": "认可"})
    stranger.get(f"/reviews/{number}")
    assert "12 × 4 = 48 > 14 × 3 = 42" in stranger.text
    review.wait_until(read_instant(review.variables()["result_until"]))
    words = {"summary": "总体情况良好，继续努力。", "suggestions": "多走访。", "usage": ["表扬"]}
    review.do(ORGANISER, "review_report", words)
    stranger.get("/reviews")
    stranger.follow("2026下半年居民评议")
    assert "总体情况良好" in stranger.text
    assert "到会率（实到 ÷ 应到）：14 ÷ 21" in stranger.text
