from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import Babel

from web.pages import words

MONDAY_MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.fixture(autouse=True)
def _request():
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        yield


def weekdays(start: date, end: date) -> int:
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    ("ahead", "text", "tone", "group"),
    [
        (timedelta(days=-2, hours=-3), "已超期 2 天", "late", "late"),
        (timedelta(hours=-5), "已超期 5 小时", "late", "late"),
        (timedelta(minutes=-1), "刚刚超期", "late", "late"),
        (timedelta(0), "刚刚超期", "late", "late"),
        (timedelta(hours=8, minutes=30), "今天 17:30 前", "soon", "today"),
        (timedelta(hours=14, minutes=59), "今天 23:59 前", "soon", "today"),
        (timedelta(hours=15), "明天 00:00 前", "soon", "week"),
        (timedelta(days=2), "还剩 2 个工作日", "calm", "week"),
        (timedelta(days=6), "还剩 4 个工作日", "calm", "week"),
        (timedelta(days=7), "还剩 5 个工作日", "calm", "later"),
    ],
)
def test_a_deadline_is_told_in_working_days(ahead, text, tone, group):
    due = words.due(MONDAY_MORNING + ahead, MONDAY_MORNING, weekdays)
    assert (due.text, due.tone, due.group) == (text, tone, group)


def test_a_deadline_names_its_instant_unless_the_text_does():
    assert (
        words.due(MONDAY_MORNING + timedelta(days=2), MONDAY_MORNING, weekdays).until == "11月25日 09:00 截止"
    )
    assert words.due(MONDAY_MORNING - timedelta(hours=5), MONDAY_MORNING, weekdays).until == "今天 04:00 截止"
    assert words.due(MONDAY_MORNING + timedelta(hours=8), MONDAY_MORNING, weekdays).until == ""


def test_a_deadline_behind_a_holiday_is_told_in_days():
    friday = MONDAY_MORNING + timedelta(days=4)
    assert words.due(friday + timedelta(days=2), friday, weekdays).text == "还剩 2 天"


def test_no_deadline_says_nothing():
    assert words.due(None, MONDAY_MORNING, weekdays) == words.NO_DUE


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(hours=1), "今天 08:00"),
        (timedelta(hours=10), "昨天 23:00"),
        (timedelta(days=3), "11月20日 09:00"),
        (timedelta(days=365), "2025年11月23日 09:00"),
    ],
)
def test_a_moment_is_told_from_today(ago, said):
    assert words.moment(MONDAY_MORNING - ago, MONDAY_MORNING) == said


@pytest.mark.parametrize(
    ("ahead", "said"),
    [(timedelta(days=3), "还剩 3 天"), (timedelta(hours=1), "今天期满"), (timedelta(0), "公示期已满")],
)
def test_a_posted_notice_counts_natural_days(ahead, said):
    assert words.days_left(MONDAY_MORNING + ahead, MONDAY_MORNING) == said


def test_a_paper_is_dated_in_full():
    assert words.date_in_full(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == "2026年11月23日"
