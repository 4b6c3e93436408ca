"""The demonstration's ledger: entries in every state somebody may look for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from engine import timers
from engine.runtime import Work
from engine.store import tables
from tests.integration.workflows.demonstration import PRESENT, played
from workflows.ledger import store as ledger
from workflows.ledger.model import Entry, Filter, Level, Scope, State, Tally

ALL = Scope("u0129", everything=True, confidential=True)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with played(tmp_path_factory.mktemp("demo"), "ledger") as work:
        yield work


def entries(work: Work) -> dict[str, Entry]:
    found = ledger.find(work.connection, work.community, ALL, Filter(), work.now, limit=50)
    return {one.matter_no: one for one in found}


def test_the_entries_wait_at_different_states(work: Work) -> None:
    found = [(one.place, one.level, one.state) for one in entries(work).values()]
    assert sorted(found) == sorted(
        [
            ("12号楼地下车库", Level.GENERAL, State.CLOSED),
            ("5号院沿街商铺", Level.LARGER, State.RECTIFYING),
            ("社区日间照料中心后门", Level.GENERAL, State.CHECKING),
            ("21号楼北侧围挡", Level.GENERAL, State.DISMISSED),
            ("第四小学东门", Level.MAJOR, State.RECTIFYING),
            ("12号楼地下车库", Level.LARGER, State.RECTIFYING),
            ("东广场健身区", Level.GENERAL, State.REGISTERED),
        ]
    )


def test_one_is_overdue_and_under_supervision_and_one_has_come_back(work: Work) -> None:
    found = entries(work).values()
    (overdue,) = (
        one for one in found if one.due_at and one.due_at < PRESENT and one.state is State.RECTIFYING
    )
    assert overdue.place == "5号院沿街商铺"
    assert overdue.supervised_at is not None
    (again,) = (one for one in found if one.recurrence_of)
    assert entries(work)[again.recurrence_of or ""].state is State.CLOSED


def test_the_figures_of_the_demonstration_add_up(work: Work) -> None:
    tallies = ledger.tallies(work.connection, work.community, None, Filter(), work.now)
    assert Tally.sum(tallies.values()) == Tally(open=5, overdue=1, closed=1, on_time=1, recurred=1)


def test_nothing_is_due_and_nothing_went_wrong(work: Work) -> None:
    coming = timers.next_due(work.connection)
    assert coming is not None
    assert coming > PRESENT
    assert work.connection.execute(select(tables.incident)).all() == []
    assert work.connection.execute(select(tables.job)).all() == []
