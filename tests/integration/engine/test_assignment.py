"""Whose a task is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import user_tasks
from engine.runtime import Engine
from engine.user_tasks import UserTask
from tests.integration.engine.builders import CLERK, PLACE, flow, user_task
from tests.integration.engine.conformance import runs

Run = Callable[..., int]


def opened(engine: Engine, run: Run, assignment: str, variables: dict[str, Any]) -> UserTask:
    body = '<bpmn:startEvent id="s"/>' + user_task("t", f"<zeebe:assignmentDefinition {assignment}/>")
    key = run(body + '<bpmn:endEvent id="e"/>' + flow("s", "t") + flow("t", "e"), variables)
    with engine.look(CLERK, PLACE) as work:
        [task] = user_tasks.of_instance(work, key)
    return task


@runs("zeebe:assignmentDefinition candidateUsers")
def test_a_task_only_one_person_can_do_is_theirs_with_nothing_to_claim(engine: Engine, run: Run) -> None:
    task = opened(engine, run, 'candidateUsers="=people"', {"people": ["u1", "u1"]})
    assert (task.assignee, task.candidate_users) == ("u1", ())


@pytest.mark.parametrize("people", [["u1", "u2"], []])
def test_a_task_of_several_or_of_none_waits_for_somebody(engine: Engine, run: Run, people: list[str]) -> None:
    task = opened(engine, run, 'candidateUsers="=people"', {"people": people})
    assert task.assignee is None
    assert set(task.candidate_users) == set(people)


@runs("zeebe:assignmentDefinition assignee, candidateGroups")
def test_an_assignee_who_is_nobody_leaves_the_task_to_its_groups(engine: Engine, run: Run) -> None:
    task = opened(engine, run, 'assignee="=who" candidateGroups="clerk"', {"who": None})
    assert (task.assignee, task.candidate_groups) == (None, (f"clerk@{PLACE}",))
