"""The demonstration's issues wait at different stages, with the people who may do the next step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine import instances, timers, user_tasks
from engine.runtime import Work
from tests.integration.workflows.demonstration import PRESENT, played

STAGES = {
    "东门路边垃圾桶满溢": [],
    "12号楼2单元门前井盖松动翘起": [],
    "二楼平台渗水滴到晾衣杆": ["verify"],
    "26号楼顶层私搭阳光房": ["dept_handle"],
    "4号院暖气不热": ["callback"],
    "3号院夜间车位不足停到消防通道": ["community_handle"],
    "楼上卫生间渗漏引发两户争执": ["grid_handle"],
    "沿街饭店二楼住人、一楼用气": ["dispatch"],
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    with played(tmp_path_factory.mktemp("demo"), "issues") as work:
        yield work


def test_each_issue_waits_at_its_stage(work: Work) -> None:
    found = {
        one.title: [task.element_id for task in user_tasks.of_instance(work, one.key)]
        for one in instances.find(work)
    }
    assert found == STAGES


def test_the_closed_ones_ended_within_grid_and_community(work: Work) -> None:
    ends = {one.title: one.end_event_name for one in instances.find(work) if one.end_event_name}
    assert ends == {
        "东门路边垃圾桶满溢": "网格内办结",
        "12号楼2单元门前井盖松动翘起": "社区内办结",
    }


def test_nothing_is_due_when_the_demonstration_begins(work: Work) -> None:
    coming = timers.next_due(work.connection)
    assert coming is not None
    assert coming > PRESENT
