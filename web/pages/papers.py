"""The papers of a matter: what people handed in at each step, to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import user_tasks
from engine.runtime import Work
from engine.user_tasks import UserTask
from web.forms import FormState
from web.pages import context, words


@dataclass(frozen=True, slots=True)
class Paper:
    """A line in a list of papers; ``key`` is the task's."""

    key: int
    name: str
    by: str
    when: str


def readable(task: UserTask) -> bool:
    """Whether a done task left a paper: it has a form, and is no ballot."""
    return task.form_key is not None and not task.is_ballot


def of_matter(work: Work, instance_key: int) -> list[Paper]:
    """The papers handed in so far, in order."""
    return [
        Paper(task.key, task.name, task.completed_by_name or "", words.moment(task.completed_at, work.now))
        for task in user_tasks.of_instance(work, instance_key, state="COMPLETED")
        if readable(task) and task.completed_at is not None
    ]


def open_paper(work: Work, task: UserTask, variables: Mapping[str, Any]) -> FormState:
    """The form as it was handed in; what it offers to choose from is as it stands now."""
    product = context.product()
    submitted = user_tasks.submitted(work, task.key) or {}
    seen = {**product.offered(work.connection, variables), **variables, **submitted}
    return product.forms.of_task(work, task).open(seen, submitted, now=work.now)
