"""The ballot box on real databases: one seat one vote, and nothing that joins a person to a choice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, text

from engine.store.database import Store
from web import startup
from web.settings import Settings
from workflows.ballots import store as ballots
from workflows.ballots.errors import AlreadyVoted, BallotClosed, UnknownBox
from workflows.ballots.model import BallotBox, BallotMode, Choice, Count

NOW = datetime(2026, 10, 22, 12, tzinfo=UTC)
SEATS = [f"seat{n}" for n in range(7)]


def opened(connection: Connection, mode: BallotMode, id_: str = "YSH-2026-0018/1") -> BallotBox:
    box = BallotBox("jsjy", id_, "YSH-2026-0018", mode, "共享60个车位", 7, NOW, NOW + timedelta(minutes=30))
    ballots.open_box(connection, box)
    return box


def vote(connection: Connection, box: BallotBox, choices: str) -> dict[str, str]:
    """One letter a seat: 同, 反 or 弃. Gives the receipts by seat."""
    meaning = {choice.value[0]: choice for choice in Choice}
    return {
        seat: ballots.cast(
            connection, box.community, box.id, seat, f"u-{seat}", meaning[letter], f"{seat}的理由"
        )
        for seat, letter in zip(SEATS, choices, strict=False)
    }


@pytest.mark.parametrize("mode", BallotMode)
def test_what_was_put_in_is_counted(connection: Connection, mode: BallotMode) -> None:
    box = opened(connection, mode)
    vote(connection, box, "同同同同反反弃")
    assert ballots.count(connection, box) == Count(agree=4, disagree=2, abstain=1)
    assert ballots.participants(connection, box) == set(SEATS)


@pytest.mark.parametrize("mode", BallotMode)
def test_a_seat_votes_once_even_when_the_button_is_pressed_twice(
    connection: Connection, mode: BallotMode
) -> None:
    box = opened(connection, mode)
    vote(connection, box, "同")
    with pytest.raises(AlreadyVoted, match="一席一票"):
        vote(connection, box, "反")
    assert ballots.count(connection, box) == Count(agree=1)


@pytest.mark.parametrize("mode", BallotMode)
def test_a_closed_box_takes_nothing_and_keeps_its_count(connection: Connection, mode: BallotMode) -> None:
    box = opened(connection, mode)
    vote(connection, box, "同同反")
    ballots.close(connection, box, NOW)
    with pytest.raises(BallotClosed, match="截止"):
        ballots.cast(connection, "jsjy", box.id, "seat6", "u-seat6", Choice.AGREE)
    assert ballots.count(connection, box) == Count(agree=2, disagree=1)
    assert ballots.participants(connection, box) == {"seat0", "seat1", "seat2"}


def test_closing_again_does_not_move_the_time_of_closing(connection: Connection) -> None:
    box = opened(connection, BallotMode.SECRET)
    ballots.close(connection, box, NOW)
    ballots.close(connection, box, NOW + timedelta(hours=1))
    assert ballots.get(connection, "jsjy", box.id).closed_at == NOW


def test_an_open_vote_tells_the_choice_of_each_seat_a_secret_one_tells_none(connection: Connection) -> None:
    named, secret = (
        opened(connection, BallotMode.NAMED),
        opened(connection, BallotMode.SECRET, "YSH-2026-0018/2"),
    )
    vote(connection, named, "同反")
    vote(connection, secret, "同反")
    assert ballots.named_choices(connection, named) == {"seat0": Choice.AGREE, "seat1": Choice.DISAGREE}
    assert ballots.named_choices(connection, secret) == {}


def test_a_receipt_finds_its_paper_before_and_after_closing(connection: Connection) -> None:
    secret, named = (
        opened(connection, BallotMode.SECRET),
        opened(connection, BallotMode.NAMED, "YSH-2026-0018/2"),
    )
    hidden, shown = vote(connection, secret, "同")["seat0"], vote(connection, named, "反")["seat0"]
    ballots.close(connection, secret, NOW)
    found = ballots.look_up(connection, "jsjy", f" {hidden[:4]}-{hidden[4:].lower()} ")
    assert found is not None
    assert (found.box.id, found.choice) == (secret.id, None)
    found = ballots.look_up(connection, "jsjy", shown)
    assert found is not None
    assert (found.box.id, found.choice) == (named.id, Choice.DISAGREE)


def test_an_unknown_receipt_or_box_and_those_of_another_community_are_not_there(
    connection: Connection,
) -> None:
    box = opened(connection, BallotMode.SECRET)
    receipt = vote(connection, box, "同")["seat0"]
    assert ballots.look_up(connection, "jsjy", "Z" * 16) is None
    assert ballots.look_up(connection, "ygcs", receipt) is None
    with pytest.raises(UnknownBox):
        ballots.get(connection, "ygcs", box.id)


def test_no_column_can_join_who_voted_with_what_was_voted_in_secret(store: Store) -> None:
    schema = inspect(store.database)
    who = {c["name"]: c for c in schema.get_columns("ballot_participation")}
    what = {c["name"]: c for c in schema.get_columns("ballot_secret_paper")}
    assert set(who) == {"community", "box", "seat", "person"}
    assert set(what) == {"community", "box", "receipt", "choice"}
    assert set(who) & set(what) == {"community", "box"}
    targets = {key["referred_table"] for key in schema.get_foreign_keys("ballot_secret_paper")}
    assert targets == {"ballot_box"}


def test_every_natural_join_pairs_each_voter_with_every_paper(connection: Connection) -> None:
    box = opened(connection, BallotMode.SECRET)
    vote(connection, box, "同同反弃")
    pairs = connection.execute(
        text("SELECT seat, choice, receipt FROM ballot_participation NATURAL JOIN ballot_secret_paper")
    ).all()
    assert len(pairs) == 4 * 4
    assert {(seat, choice) for seat, choice, _ in pairs} == set(product(SEATS[:4], ["同意", "反对", "弃权"]))


def test_the_shipped_sqlite_schema_keeps_no_order_of_arrival(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'shipped.db'}")
    startup.migrate(settings)
    store = Store.open(settings.database_url)
    with store.snapshot() as connection:
        for table in ("ballot_participation", "ballot_secret_paper"):
            declaration = connection.scalar(
                text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
            )
            assert "WITHOUT ROWID" in declaration
    store.close()


def test_when_a_seat_votes_twice_at_once_one_paper_lies_in_the_box(store: Store) -> None:
    with store.transaction() as connection:
        box = opened(connection, BallotMode.SECRET)

    def press(choice: Choice) -> bool:
        try:
            with store.transaction() as connection:
                ballots.cast(connection, "jsjy", box.id, "seat0", "u-seat0", choice)
        except AlreadyVoted:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        accepted = list(pool.map(press, [Choice.AGREE, Choice.DISAGREE] * 4))
    assert accepted.count(True) == 1
    with store.snapshot() as connection:
        assert ballots.count(connection, box).returned == 1


def test_postgresql_forgets_which_transaction_wrote_a_paper_once_the_box_is_closed(store: Store) -> None:
    if store.is_sqlite:
        pytest.skip("xmin is PostgreSQL's")
    with store.transaction() as connection:
        box = opened(connection, BallotMode.SECRET)
    for number, seat in enumerate(SEATS):
        with store.transaction() as connection:
            ballots.cast(connection, "jsjy", box.id, seat, f"u{number}", Choice.AGREE)
    with store.transaction() as connection:
        ballots.close(connection, box, NOW)
    with store.snapshot() as connection:
        writers = set(connection.scalars(text("SELECT xmin::text FROM ballot_secret_paper")))
        voters = set(connection.scalars(text("SELECT xmin::text FROM ballot_participation")))
    assert len(writers) == 1
    assert not writers & voters
