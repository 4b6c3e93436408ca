"""The demonstration, played by the whole product: every stage is there, and secrecy and publicity hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import web.store  # noqa: F401 (declares its tables on the shared metadata)
from engine import instances, messages, timers, user_tasks, worker
from engine.clock import VirtualClock
from engine.runtime import Actor, Work
from engine.store import tables
from web import startup, wiring
from web.settings import Settings
from web.wiring import Product
from workflows.ballots import store as ballots
from workflows.demo import loading
from workflows.meetings import store as archive
from workflows.notices import store as notices
from workflows.store import metadata

PRESENT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
PARKING, ELECTRIC = "3号院夜间错时共享停车位", "4号院供暖管道改造施工时段"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder: Path = tmp_path_factory.mktemp("demo")
    product = wiring.build(Settings(database_url=f"sqlite:///{folder / 'demo.db'}"), VirtualClock(PRESENT))
    with product.store.transaction() as connection:
        tables.metadata.create_all(connection)
        metadata.create_all(connection)
    startup.deploy(product, startup.models())
    assert loading.load(product.engine)
    yield product
    product.store.close()


@pytest.fixture
def work(product: Product) -> Iterator[Work]:
    """A look at everything, changing nothing."""
    with product.engine.look(Actor.system(), "jsjy") as work:
        yield work


def matter(work: Work, title: str) -> instances.ProcessInstance:
    return next(one for one in instances.find(work) if one.title == title and one.matter_no.startswith("YSH"))


def open_steps(work: Work, title: str) -> dict[str, int]:
    return dict(Counter(task.element_id for task in user_tasks.of_instance(work, matter(work, title).key)))


def holdings(work: Work, title: str) -> dict[str, Any]:
    return instances.variables(work, matter(work, title).key)


@pytest.mark.parametrize(
    ("title", "steps"),
    [
        ("12号楼旁增设电动自行车充电棚", {"topic_screening": 1}),
        ("电梯广告收益用于更换单元门", {"party_approval": 1}),
        ("8号楼西侧增设防抛物提示与监看", {"recusal_declaration": 8, "rsvp": 8}),
        ("12号楼前公共晾晒区改造", {"recusal_declaration": 5, "rsvp": 5}),
        ("物业收费与服务标准公开", {"deliberation_record": 1}),
        (ELECTRIC, {"ballot": 4}),
        ("东广场夜间广场舞音响管理", {"tie_resolution": 1}),
        ("开设社区老年助餐点", {"reconvene": 1}),
        ("东门早晚高峰人车分流", {}),
        (PARKING, {}),
    ],
)
def test_each_matter_waits_at_its_stage(work: Work, title: str, steps: dict[str, int]) -> None:
    assert open_steps(work, title) == steps


@pytest.mark.parametrize(
    ("title", "end"),
    [
        (PARKING, "决议已落实归档"),
        ("11号楼3单元加装电梯", "已转办：业主共同决定"),
        ("再次讨论快递柜迁移位置", "不予受理（已书面告知）"),
    ],
)
def test_ended_matters_say_how_they_ended(work: Work, title: str, end: str) -> None:
    assert matter(work, title).end_event_name == end


def test_nothing_fires_at_load_and_nothing_went_wrong(work: Work) -> None:
    coming = timers.next_due(work.connection)
    assert coming is not None
    assert coming > PRESENT
    assert work.connection.execute(select(tables.incident)).all() == []
    assert work.connection.execute(select(tables.job)).all() == []


def test_loading_again_changes_nothing(product: Product) -> None:
    assert not loading.load(product.engine)


def test_the_parking_vote_is_counted_among_five_of_seven(work: Work) -> None:
    held = holdings(work, PARKING)
    assert (held["present"], held["entitled"], held["base_count"]) == (7, 8, 5)
    assert set(held["recused_seats"]) == {"property", "partner_unit"}
    assert (held["agree"], held["disagree"], held["abstain"]) == (3, 1, 1)
    assert held["tally_lines"][1] == "同意 3 票 × 2 = 6 > 基数 5 票 × 1 = 5，达到“过半数”，通过。"


def test_the_failed_meeting_had_five_of_eight(work: Work) -> None:
    held = holdings(work, "开设社区老年助餐点")
    assert (held["present"], held["entitled"], held["quorum_met"]) == (5, 8, False)
    assert (held["failed_times"], held["reconvene_action"], held["wait_days"]) == (1, "reconvene", 7)


def test_the_publicity_was_prolonged_by_the_days_of_the_review(work: Work) -> None:
    held = holdings(work, PARKING)
    board = {str(one.id): one for one in notices.board(work.connection, "jsjy")}
    notice = board[held["notice_id"]]
    assert held["finding"] == "不成立"
    assert notice.until - notice.published_at > timedelta(days=8)


def test_an_archived_matter_has_its_number_and_digest(work: Work) -> None:
    held = holdings(work, PARKING)
    assert held["archive_no"] == "DA-2026-0001"
    number = matter(work, PARKING).matter_no
    assert archive.digest_of(work.connection, "jsjy", number) == held["archive_digest"]


def test_three_of_seven_have_voted_and_no_choice_is_in_variables_or_history(work: Work) -> None:
    running = matter(work, ELECTRIC)
    (box,) = ballots.of_matter(work.connection, "jsjy", running.matter_no)
    assert ballots.participants(work.connection, box) == {"party", "service_center", "social_org"}
    stored = [
        *work.connection.scalars(
            select(tables.variable.c.value).where(tables.variable.c.instance_key == running.key)
        ),
        *work.connection.scalars(
            select(tables.history.c.data).where(tables.history.c.instance_key == running.key)
        ),
        *work.connection.scalars(
            select(tables.history_value.c.value).where(tables.history_value.c.instance_key == running.key)
        ),
    ]
    assert stored
    assert not [text for text in stored if text and ('"choice"' in text or text.startswith('"同意"'))]


def test_the_rejected_proposer_was_told_why(work: Work) -> None:
    initiator = matter(work, "再次讨论快递柜迁移位置").started_by
    (letter,) = notices.letters(work.connection, initiator)
    assert "没有新情况和新理由" in letter.body


def rsvp_reminders(work: Work, person: str, title: str) -> int:
    found = notices.letters(work.connection, person)
    return sum(title in one.body and "回执" in one.title for one in found)


def test_a_reminder_reaches_once_and_only_those_who_have_not_answered(product: Product) -> None:
    title, quick, slow = "8号楼西侧增设防抛物提示与监看", "u0102", "u0104"
    actor = product.actor(quick)
    assert actor is not None
    with product.engine.work(actor, "jsjy") as work:
        running = matter(work, title)
        mine = [one for one in user_tasks.of_instance(work, running.key) if one.assignee == quick]
        user_tasks.complete(
            work, next(one.key for one in mine if one.element_id == "rsvp"), {"attend": "参加"}
        )
    clock = product.engine.clock
    assert isinstance(clock, VirtualClock)
    clock.set(PRESENT + timedelta(days=6))
    worker.run_due(product.engine)
    with product.engine.look(Actor.system(), "jsjy") as work:
        assert rsvp_reminders(work, slow, title) == 1
        assert rsvp_reminders(work, quick, title) == 0


def test_a_withdrawn_topic_tells_those_who_were_invited(product: Product) -> None:
    with product.engine.look(Actor.system(), "jsjy") as work:
        running = matter(work, "12号楼前公共晾晒区改造")
    actor = product.actor(running.started_by)
    assert actor is not None
    with product.engine.work(actor, "jsjy") as work:
        messages.publish(work, "msg_withdraw_topic", running.matter_no, {})
    with product.engine.look(Actor.system(), "jsjy") as work:
        assert instances.get(work, running.key).end_event_name == "提案人撤回"
        assert notices.letters(work.connection, "u0023")[0].title == "提案人已撤回议题"
