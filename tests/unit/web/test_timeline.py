from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel

from engine.history import HistoryEvent
from web.pages import timeline

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
NAMES = {"rsvp": "填写回执", "recusal": "利害关系申报", "judge": "回避判定", "notice": "发会议通知"}


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_locale="zh_Hans_CN")
    with app.test_request_context():
        yield


class Story:
    """Events in the order they are told, a minute apart."""

    def __init__(self) -> None:
        self.events: list[HistoryEvent] = []

    def tell(self, kind: str, element: str = "meeting", who: str = "系统", **data: Any) -> None:
        at = START + timedelta(minutes=len(self.events))
        event = HistoryEvent(len(self.events), at, kind, element, NAMES.get(element, ""), who, who, data)
        self.events.append(event)

    def ask(self, element: str, *tasks: int) -> None:
        for task in tasks:
            self.tell("TASK_CREATED", element, task=str(task))

    def answer(self, element: str, task: int, who: str) -> None:
        self.tell("TASK_COMPLETED", element, who, task=str(task))

    def course(self, *readable: int) -> timeline.Course:
        return timeline.course(self.events, set(readable), START + timedelta(hours=1))

    def texts(self) -> list[str]:
        course = self.course()
        return [entry.text for entry in course.recent + course.earlier]


def test_what_several_people_do_in_one_step_is_one_entry():
    story = Story()
    story.ask("rsvp", 1, 2)
    story.ask("recusal", 3, 4)
    story.answer("rsvp", 1, "甲")
    story.answer("recusal", 3, "甲")
    story.answer("recusal", 4, "乙")
    story.answer("rsvp", 2, "乙")
    assert story.texts() == ["甲、乙办结“填写回执”", "甲、乙办结“利害关系申报”"]


def test_each_persons_part_can_be_read():
    story = Story()
    story.ask("rsvp", 1, 2)
    story.answer("rsvp", 1, "甲")
    story.answer("rsvp", 2, "乙")
    (entry,) = story.course(2).recent
    assert entry.paper is None
    assert [(part.who, part.when, part.paper) for part in entry.parts] == [
        ("甲", "今天 09:02", None),
        ("乙", "今天 09:03", 2),
    ]
    assert entry.when == "今天 09:02 至 今天 09:03"


def test_the_next_round_of_a_step_is_an_entry_of_its_own():
    story = Story()
    story.ask("rsvp", 1)
    story.answer("rsvp", 1, "甲")
    story.ask("rsvp", 2)
    story.answer("rsvp", 2, "甲")
    assert story.texts() == ["甲办结“填写回执”", "甲办结“填写回执”"]


def test_a_round_that_was_called_off_is_over():
    story = Story()
    story.ask("rsvp", 1)
    story.tell("TASK_CANCELED", "rsvp", task="1")
    story.ask("rsvp", 2)
    story.tell("TASK_CANCELED", "rsvp", task="2")
    assert story.texts() == ["“填写回执”不再需要办理"] * 2


def test_what_the_system_repeats_between_two_steps_is_counted():
    story = Story()
    story.ask("recusal", 1, 2)
    story.answer("recusal", 1, "甲")
    story.tell("DECISION_EVALUATED", "judge")
    story.answer("recusal", 2, "乙")
    story.tell("DECISION_EVALUATED", "judge")
    story.ask("notice", 3)
    story.tell("DECISION_EVALUATED", "judge")
    assert story.texts() == [
        "按规则判定：回避判定",
        "按规则判定：回避判定（2 次）",
        "甲、乙办结“利害关系申报”",
    ]


def test_a_person_keeps_one_name_however_often_they_acted():
    story = Story()
    story.ask("rsvp", 1, 2)
    story.answer("rsvp", 1, "甲")
    story.answer("rsvp", 2, "甲")
    assert story.texts() == ["甲办结“填写回执”"]


@pytest.mark.parametrize(("steps", "recent", "earlier"), [(3, 3, 0), (7, 7, 0), (8, 6, 2)])
def test_a_long_course_shows_the_last_entries_first(steps: int, recent: int, earlier: int):
    story = Story()
    for number in range(steps):
        story.ask("notice", number)
        story.answer("notice", number, f"第{number}位")
    course = story.course()
    assert (len(course.recent), len(course.earlier)) == (recent, earlier)
    assert course.recent[0].text.startswith(f"第{steps - 1}位")


def test_what_is_for_machines_is_not_told():
    story = Story()
    story.tell("FLOW_TAKEN", "notice")
    story.tell("TIMER_FIRED", "unnamed")
    story.tell("INSTANCE_STARTED", who="甲")
    assert story.texts() == ["甲发起了事项"]
