"""The ledger in the database: who sees what, what is found by which filter, what is counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from workflows.ledger import store as ledger
from workflows.ledger.model import Entry, Filter, Level, Scope, State, Tally

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
ALL = Scope("overseer", everything=True)
EVERYTHING = Scope("clerk", everything=True, confidential=True)

BASE = Entry(
    community="jsjy",
    matter_no="TZ-2026-0001",
    instance_key=1,
    kind="安全隐患",
    title="车库充电",
    place_type="residence",
    place="12号楼地下车库",
    content="私拉电线给电动自行车充电，100% 危险。",
    risk=6,
    found_at=NOW,
    registered_at=NOW - timedelta(days=5),
    sensitive=False,
    grid="g12",
    finder="finder",
    level=Level.GENERAL,
)


def enter(connection: Connection, *entries: Entry) -> None:
    for one in entries:
        ledger.enter(connection, one)


def entry(number: int, **changes: object) -> Entry:
    return replace(BASE, matter_no=f"TZ-2026-{number:04}", instance_key=number, **changes)  # type: ignore[arg-type]


def numbers(found: Iterable[Entry]) -> list[int]:
    return [int(one.matter_no[-4:]) for one in found]


def find(
    connection: Connection, scope: Scope = EVERYTHING, *, limit: int = 50, offset: int = 0, **wanted: object
) -> list[int]:
    asked = Filter(**wanted)  # type: ignore[arg-type]
    return numbers(ledger.find(connection, "jsjy", scope, asked, NOW, limit=limit, offset=offset))


def test_a_line_comes_back_as_it_was_entered_and_changed(connection: Connection) -> None:
    enter(connection, BASE)
    ledger.change(connection, "jsjy", BASE.matter_no, state=str(State.CHECKING), due_at=NOW, late=True)
    found = ledger.by_number(connection, "jsjy", BASE.matter_no)
    assert found == replace(BASE, state=State.CHECKING, due_at=NOW, late=True)
    assert ledger.by_number(connection, "elsewhere", BASE.matter_no) is None


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (EVERYTHING, [1, 2, 3]),
        (ALL, [1, 2]),
        (Scope("worker", grids=frozenset({"g12"})), [1]),
        (Scope("member", organisations=frozenset({"property"})), [2]),
        (Scope("finder"), [1, 2]),
        (Scope("responsible"), [3]),
        (Scope("acceptor"), [2]),
        (Scope("neighbour"), []),
    ],
)
def test_everybody_finds_and_opens_just_what_concerns_them(
    connection: Connection, scope: Scope, sees: list[int]
) -> None:
    enter(
        connection,
        entry(1),
        entry(2, grid="g13", executor="property", acceptor="acceptor"),
        entry(3, grid="g12", sensitive=True, finder=None, responsible="responsible"),
        replace(entry(4), community="elsewhere"),
    )
    assert sorted(find(connection, scope)) == sees
    opened = (ledger.visible(connection, "jsjy", scope, f"TZ-2026-{n:04}") for n in range(1, 5))
    assert numbers(one for one in opened if one) == sees


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"level": Level.MAJOR}, [3]),
        ({"state": State.CLOSED}, [2]),
        ({"grid": "g13"}, [4]),
        ({"kind": "民生问题"}, [4]),
        ({"overdue": True}, [3]),
        ({"since": date(2026, 11, 19)}, [4, 3]),
        ({"until": date(2026, 11, 18)}, [2, 1]),
        ({"since": date(2026, 11, 18), "until": date(2026, 11, 18)}, [2]),
        ({"words": "滑梯"}, [4]),
        ({"words": "0002"}, [2]),
        ({"words": "100%"}, [3, 2, 1]),
        ({"words": "%"}, [3, 2, 1]),
        ({"words": "_"}, []),
        ({"words": "电", "level": Level.GENERAL}, [2, 1]),
    ],
)
def test_a_filter_asks_for_all_it_names(
    connection: Connection, wanted: dict[str, object], found: list[int]
) -> None:
    enter(
        connection,
        entry(1, registered_at=datetime(2026, 11, 17, 15, 59, tzinfo=UTC)),  # 23:59 of the 17th in Shanghai
        entry(2, registered_at=datetime(2026, 11, 17, 16, tzinfo=UTC), state=State.CLOSED, ended_at=NOW),
        entry(
            3,
            registered_at=NOW - timedelta(days=2),
            level=Level.MAJOR,
            state=State.RECTIFYING,
            due_at=NOW - timedelta(seconds=1),
        ),
        entry(
            4,
            registered_at=NOW - timedelta(days=1),
            grid="g13",
            kind="民生问题",
            title="滑梯螺丝",
            place="东广场",
            content="儿童滑梯螺丝脱落。",
            state=State.CHECKING,
            due_at=NOW - timedelta(days=1),
        ),
    )
    assert find(connection, **wanted) == found
    everything = ledger.every(connection, "jsjy", EVERYTHING, Filter(**wanted), NOW)  # type: ignore[arg-type]
    assert numbers(everything) == found


def test_pages_follow_each_other_newest_first(connection: Connection) -> None:
    enter(connection, *(entry(n, registered_at=NOW) for n in range(1, 6)))
    assert find(connection, limit=2) == [5, 4]
    assert find(connection, limit=2, offset=4) == [1]


def test_figures_count_by_grid_and_leave_out_what_was_no_trouble(connection: Connection) -> None:
    late = {"state": State.RECTIFYING, "due_at": NOW - timedelta(days=1)}
    closed = {"state": State.CLOSED, "ended_at": NOW}
    enter(
        connection,
        entry(1),
        entry(2, **late),
        entry(3, **closed),
        entry(4, **closed, late=True),
        entry(5, recurrence_of="TZ-2026-0003"),
        entry(6, state=State.DISMISSED),
        entry(7, state=State.MERGED),
        entry(8, state=State.TRANSFERRED),
        entry(9, grid=None, **closed),
        entry(10, sensitive=True),
    )
    found = ledger.tallies(connection, "jsjy", None, Filter(), NOW)
    assert found == {"g12": Tally(4, 1, 2, 1, 1), None: Tally(0, 0, 1, 1, 0)}
    assert ledger.tallies(connection, "jsjy", ALL, Filter(), NOW)["g12"].open == 3
    assert ledger.tallies(connection, "jsjy", Scope("neighbour"), Filter(), NOW) == {}


def test_the_same_thing_is_found_among_the_open_and_the_recent(connection: Connection) -> None:
    enter(
        connection,
        entry(1),
        entry(2, state=State.CLOSED, ended_at=NOW - timedelta(days=30)),
        entry(3, state=State.CLOSED, ended_at=NOW - timedelta(days=300)),
        entry(4, grid=None),
    )
    new = entry(9, registered_at=NOW)
    assert numbers(ledger.same_as(connection, new)) == [1]
    again = ledger.recurring(connection, new)
    assert again is not None
    assert numbers([again]) == [2]
    assert numbers(ledger.same_as(connection, replace(new, grid=None))) == [4]


def test_the_parts_of_an_entry_are_told_oldest_first(connection: Connection) -> None:
    part = {"state": State.MERGED, "merged_into": "TZ-2026-0001"}
    enter(connection, entry(1), entry(3, **part, registered_at=NOW), entry(2, **part))
    assert numbers(ledger.merged_into(connection, "jsjy", "TZ-2026-0001")) == [2, 3]
