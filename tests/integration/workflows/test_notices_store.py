"""The notice board and the letter boxes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from workflows.notices import store as notices
from workflows.notices.model import NoticeKind, Notification, PublicNotice

NOW = datetime(2026, 10, 26, 1, tzinfo=UTC)


def notice(id_: int, body: str = "七席到会，方案通过。", community: str = "jsjy") -> PublicNotice:
    at = NOW + timedelta(hours=id_)
    title = f"决议公示{id_}"
    until = at + timedelta(days=7)
    return PublicNotice(community, id_, NoticeKind.RESOLUTION, title, body, "YSH-2026-0018", at, until)


def letter(id_: int, person: str = "u0102") -> Notification:
    return Notification(
        "jsjy", id_, person, "提醒", "请办理。", "YSH-2026-0018", NOW + timedelta(minutes=id_)
    )


def test_the_board_shows_the_communitys_notices_newest_first_page_by_page(connection: Connection) -> None:
    for id_ in (1, 2, 3):
        notices.publish(connection, notice(id_))
    notices.publish(connection, notice(9, community="ygcs"))
    first = notices.board(connection, "jsjy", limit=2)
    assert [one.id for one in first] == [3, 2]
    assert [one.id for one in notices.board(connection, "jsjy", before=first[-1].published_at)] == [1]


def test_what_reaches_the_board_is_redacted(connection: Connection) -> None:
    notices.publish(connection, notice(1, "联系人电话13800138000，身份证号370811199001011234。"))
    (shown,) = notices.board(connection, "jsjy")
    assert shown.body == "联系人电话（已隐去），身份证号（已隐去）。"


def test_a_notice_can_stay_longer(connection: Connection) -> None:
    notices.publish(connection, notice(1))
    notices.extend(connection, "jsjy", 1, NOW + timedelta(days=20))
    found = notices.get(connection, "jsjy", 1)
    assert found is not None
    assert found.until == NOW + timedelta(days=20)
    assert notices.get(connection, "ygcs", 1) is None


def test_a_person_sees_their_own_messages_and_reads_only_those(connection: Connection) -> None:
    notices.notify(connection, [letter(1), letter(2), letter(3, "u0104")])
    assert [one.id for one in notices.letters(connection, "u0102")] == [2, 1]
    notices.mark_read(connection, "u0102", [1, 3], NOW)
    assert notices.unread(connection, "u0102") == 1
    assert notices.unread(connection, "u0104") == 1


def test_reading_twice_keeps_the_first_time(connection: Connection) -> None:
    notices.notify(connection, [letter(1)])
    notices.mark_read(connection, "u0102", [1], NOW)
    notices.mark_read(connection, "u0102", [1], NOW + timedelta(hours=1))
    assert notices.letters(connection, "u0102")[0].read_at == NOW
