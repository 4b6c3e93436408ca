"""The tables of issues on each database the product runs on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from workflows.issues import store
from workflows.issues.model import Closing, Issue, Level

DAY = datetime(2026, 10, 19, 1, 0, tzinfo=UTC)
FIRST = Issue(
    community="jsjy",
    matter_no="SX-2026-0001",
    instance_key=1,
    grid="jsjy-g12",
    category="facility",
    title="12号楼2单元门前井盖松动",
    place="12号楼2单元门前",
    description="井盖边缘翘起约三厘米。",
    reported_at=DAY,
    reporter="u0201",
    sensitive=False,
)
SECOND = replace(FIRST, matter_no="SX-2026-0011", reported_at=DAY + timedelta(hours=1), reporter="u0202")
CODED = replace(SECOND, matter_no="SX-2026-0012", reporter=None, query_code="7K2MP-9QX3D", category="noise")
CLOSING = Closing("网格内办结", Level.GRID, True, "已解决", "satisfied", 0, 0, 0)


@pytest.fixture
def kept(connection: Connection) -> Connection:
    for one in (FIRST, SECOND, CODED):
        store.register(connection, one)
    return connection


def test_the_nearest_report_of_the_same_thing_comes_first(kept: Connection) -> None:
    third = replace(FIRST, matter_no="SX-2026-0013", reported_at=DAY + timedelta(hours=2))
    assert [one.matter_no for one in store.same_as(kept, third)] == [SECOND.matter_no, FIRST.matter_no]


def test_an_issue_is_no_duplicate_of_itself_nor_of_one_already_merged(kept: Connection) -> None:
    store.merge(kept, "jsjy", SECOND.matter_no, FIRST.matter_no)
    assert store.same_as(kept, FIRST) == []
    assert [one.matter_no for one in store.merged_into(kept, "jsjy", FIRST.matter_no)] == [SECOND.matter_no]


def test_a_code_opens_only_its_own_issue_in_its_own_community(kept: Connection) -> None:
    assert store.by_code(kept, "jsjy", "7k2mp 9qx3d") == CODED
    assert store.by_code(kept, "jsjy", "7K2MP-9QX3E") is None
    assert store.by_code(kept, "ygcs", "7K2MP-9QX3D") is None


def test_an_empty_code_opens_nothing(kept: Connection) -> None:
    assert store.by_code(kept, "jsjy", "") is None


def test_a_code_is_given_once(kept: Connection) -> None:
    with pytest.raises(IntegrityError), kept.begin_nested():
        store.register(kept, replace(CODED, matter_no="SX-2026-0099"))


def test_a_forgotten_reporter_is_gone(kept: Connection) -> None:
    store.forget_reporter(kept, "jsjy", FIRST.matter_no)
    found = store.by_number(kept, "jsjy", FIRST.matter_no)
    assert found is not None
    assert found.reporter is None


def test_a_month_counts_from_its_first_instant_to_before_the_next(kept: Connection) -> None:
    store.close(kept, "jsjy", FIRST.matter_no, CLOSING, DAY)
    assert list(store.closings(kept, "jsjy", DAY, DAY + timedelta(days=1))) == [CLOSING]
    assert list(store.closings(kept, "jsjy", DAY - timedelta(days=1), DAY)) == []
    assert list(store.closings(kept, "ygcs", DAY, DAY + timedelta(days=1))) == []
