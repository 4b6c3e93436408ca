"""The council's service tasks in a real unit of work: what they write and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import web.store  # noqa: F401 (declares its tables on the shared metadata)
from engine import instances, messages, user_tasks
from engine.clock import VirtualClock
from engine.registry import JobContext
from engine.runtime import Actor, Work
from engine.store import tables
from engine.timing import read_instant
from web import startup, wiring
from web.settings import Settings
from web.wiring import Product
from workflows.ballots import store as ballots
from workflows.ballots.model import Choice
from workflows.demo import loading
from workflows.meetings import convening, deciding
from workflows.meetings.errors import UnbalancedSheets
from workflows.moments import SHANGHAI
from workflows.notices import store as notices
from workflows.store import metadata

NOW = datetime(2026, 10, 16, 2, 0, tzinfo=UTC)  # a Friday, 10:00 in China
Run = Callable[..., dict[str, Any]]

VOTERS = [{"seat": f"seat{n}", "person": f"u000{n}"} for n in range(1, 6)]
VOTE = {
    "ballot_round": 0,
    "ballot_mode": "open_named",
    "raise_to_secret": False,
    "meeting_mode": "现场",
    "motion_text": "共享60个车位",
    "voters": VOTERS,
    "pass_num": 1,
    "pass_den": 2,
    "strict_more": True,
}


@pytest.fixture
def product(database_url: str) -> Iterator[Product]:
    product = wiring.build(Settings(database_url=database_url), VirtualClock(NOW))
    with product.store.transaction() as connection:
        tables.metadata.create_all(connection)
        metadata.create_all(connection)
        loading.load_organisation(connection)
    yield product
    product.store.close()


@pytest.fixture
def work(product: Product) -> Iterator[Work]:
    with product.engine.work(Actor.system(), "jsjy") as work:
        yield work


@pytest.fixture
def run(work: Work) -> Run:
    """Calls a handler as the engine does."""

    def call(
        handler: Callable[[JobContext], Any], variables: Mapping[str, Any], **headers: str
    ) -> dict[str, Any]:
        return dict(handler(JobContext(work, variables, headers, 1, "step", "YSH-2026-0018")) or {})

    return call


def sheet(agree: int, disagree: int, *, issued: int = 3) -> dict[str, Any]:
    returned = agree + disagree
    said = {"agree": agree, "disagree": disagree, "abstain": 0, "invalid": 0}
    return {"issued": issued, "returned": returned, **said}


def test_an_open_vote_can_be_raised_to_a_secret_one_but_a_secret_one_stays_secret(run: Run) -> None:
    raised = run(deciding.open_ballot, {**VOTE, "raise_to_secret": True})
    kept = run(deciding.open_ballot, {**VOTE, "ballot_mode": "secret", "ballot_round": 1})
    assert (raised["ballot_mode"], kept["ballot_mode"]) == ("secret", "secret")
    assert (raised["ballot_box"], kept["ballot_box"]) == ("YSH-2026-0018/1", "YSH-2026-0018/2")


@pytest.mark.parametrize(
    ("mode", "closes"),
    [
        ("现场", datetime(2026, 10, 16, 10, 30, tzinfo=SHANGHAI)),
        ("线上", datetime(2026, 10, 19, 23, 59, 59, tzinfo=SHANGHAI)),
        ("混合", datetime(2026, 10, 19, 23, 59, 59, tzinfo=SHANGHAI)),
    ],
)
def test_a_vote_in_the_room_closes_in_half_an_hour_one_online_in_three_days(
    run: Run, mode: str, closes: datetime
) -> None:
    opened = run(deciding.open_ballot, {**VOTE, "meeting_mode": mode})
    assert read_instant(opened["vote_deadline_at"]) == closes


def test_a_model_may_set_how_long_a_vote_stays_open(run: Run) -> None:
    opened = run(deciding.open_ballot, VOTE, minutesOnSite="45")
    assert read_instant(opened["vote_deadline_at"]) == NOW + timedelta(minutes=45)


def test_papers_and_online_votes_are_counted_together(run: Run, work: Work) -> None:
    opened = {**VOTE, **run(deciding.open_ballot, VOTE), "paper_issued": True}
    for voter in VOTERS[:2]:
        ballots.cast(
            work.connection, "jsjy", opened["ballot_box"], voter["seat"], voter["person"], Choice.AGREE
        )
    sheets = {"paper_a": sheet(1, 2), "paper_b": sheet(1, 2)}
    assert run(deciding.check_paper, {**opened, **sheets}) == {"paper_match": True}
    counted = run(deciding.tally, {**opened, **sheets})
    assert (counted["agree"], counted["disagree"], counted["returned"], counted["base_count"]) == (3, 2, 5, 5)
    assert counted["tally_lines"][1].endswith("通过。")


def test_sheets_that_differ_or_do_not_balance_do_not_match(run: Run, work: Work) -> None:
    opened = {**VOTE, **run(deciding.open_ballot, VOTE)}
    differing = {"paper_a": sheet(1, 2), "paper_b": sheet(2, 1)}
    assert run(deciding.check_paper, {**opened, **differing}) == {"paper_match": False}
    for voter in VOTERS[:3]:
        ballots.cast(
            work.connection, "jsjy", opened["ballot_box"], voter["seat"], voter["person"], Choice.AGREE
        )
    too_many = {"paper_a": sheet(1, 2), "paper_b": sheet(1, 2)}
    assert run(deciding.check_paper, {**opened, **too_many}) == {"paper_match": False}
    with pytest.raises(UnbalancedSheets, match="一席一票"):
        run(deciding.tally, {**opened, **too_many, "paper_issued": True})


def test_a_resolution_is_published_redacted_for_seven_days_by_the_civil_code(run: Run, work: Work) -> None:
    published = run(
        deciding.publish_resolution,
        {
            "title": "错时停车",
            "outcome": "passed",
            "motion_text": "共享60个车位",
            "tally_lines": ["同意 3 票"],
            "public_version": "联系人电话13800138000。",
        },
    )
    assert read_instant(published["publicity_until"]) == datetime(2026, 10, 23, 23, 59, 59, tzinfo=SHANGHAI)
    notice = notices.get(work.connection, "jsjy", int(published["notice_id"]))
    assert notice is not None
    assert published["resolution_no"] in notice.body
    assert "13800138000" not in notice.body


def test_publicity_goes_on_for_the_days_that_were_left(run: Run, product: Product, work: Work) -> None:
    published = run(
        deciding.publish_resolution,
        {"title": "错", "outcome": "passed", "motion_text": "", "tally_lines": [], "public_version": ""},
    )
    work.now += timedelta(days=5)
    received = {"objection_received_at": "2026-10-18T20:00:00@Asia/Shanghai"}
    resumed = run(deciding.resume_publicity, {**published, **received})
    # Three days of review after 23 October are the 26th, a Monday.
    assert read_instant(resumed["publicity_until"]) == datetime(2026, 10, 26, 23, 59, 59, tzinfo=SHANGHAI)


def test_the_second_notice_has_its_number_and_interests_are_due_a_working_day_before(
    run: Run, work: Work
) -> None:
    given = {
        "title": "助餐点",
        "meeting_at": "2026-10-26T19:00:00",
        "place": "议事厅",
        "agenda": [{"no": 1, "topic": "助餐点", "minutes": 30}],
        "roster": [{"person": "u0102"}, {"person": "u0104"}],
        "failed_times": 1,
        "interested_parties": [{"name": "老人", "person": None}, {"name": "物业", "person": "u0110"}],
        "observers": ["u0201"],
    }
    sent = run(convening.send_notice, given)
    assert sent["meeting_no"] == "YSH-2026-0018-2"
    assert sent["recusal_due_at"] == "2026-10-23T17:30:00@Asia/Shanghai"
    told = [
        person
        for person in ("u0102", "u0104", "u0110", "u0201", "u0105")
        if notices.unread(work.connection, person)
    ]
    assert told == ["u0102", "u0104", "u0110", "u0201"]


def test_residents_are_drawn_from_the_matters_grids_without_those_who_take_part(run: Run) -> None:
    given = {
        "grid_ids": ["jsjy-g03", "jsjy-g12"],
        "resident_draw": 12,
        "roster": [{"person": "u0102"}],
        "initiator": "u0204",
        "interested_parties": [{"person": "u0201"}],
    }
    drawn = run(convening.draw_residents, given)
    persons = {one["person"] for one in drawn["resident_representatives"]}
    assert len(persons) == 12
    assert not persons & {"u0204", "u0201"}
    assert {one["grid"] for one in drawn["resident_representatives"]} == {"jsjy-g03", "jsjy-g12"}
    assert run(convening.draw_residents, given) == drawn


def test_a_new_representative_gets_the_open_tasks_and_is_on_the_roster(product: Product) -> None:
    startup.deploy(product, startup.models())
    with product.engine.work(Actor("u0102", "旧"), "jsjy") as work:
        messages.publish(
            work,
            "msg_issue_to_deliberation",
            "SX-2026-0005",
            {
                "source_no": "SX-2026-0005",
                "title": "错时停车",
                "facts": "夜间车位不足。",
                "body_id": "jsjy-council",
            },
        )
        (matter,) = instances.find(work)
        old = [one.assignee for one in user_tasks.of_instance(work, matter.key)]
    assert old == ["u0102"]
    with product.engine.work(Actor.system(), "jsjy") as work:
        rows = [
            {
                "seat": "party",
                "seat_name": "社区党组织",
                "core": True,
                "person": "u0102",
                "person_name": "旧",
            }
        ]
        job = JobContext(
            work,
            {"seat": "party", "person": "u0103", "roster": rows, "voters": rows},
            {},
            matter.key,
            "replace_member",
            matter.matter_no,
        )
        changed = convening.replace_member(job)
    assert [row["person_name"] for row in changed["roster"]] == ["彭宏图"]
    assert changed["voters"] == changed["roster"]
    with product.engine.look(Actor.system(), "jsjy") as work:
        assert work.connection.scalars(select(tables.user_task.c.assignee)).all() == ["u0103"]
