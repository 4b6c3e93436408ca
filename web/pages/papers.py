"""The papers of a matter: what people handed in at each step, to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import history, user_tasks
from engine.runtime import Work
from engine.user_tasks import UserTask
from web.forms import FormState
from web.pages import context


@dataclass(frozen=True, slots=True)
class Paper:
    """What one person handed in; ``key`` is the task's."""

    key: int
    by: str


def readable(task: UserTask) -> bool:
    """Whether a done task left a paper: it has a form, is no ballot, and was not answered by many."""
    return task.form_key is not None and not task.is_ballot and not task.is_roster


def of_matter(work: Work, instance_key: int) -> list[tuple[str, list[Paper]]]:
    """The papers handed in so far by the name of the step, in the order of the steps."""
    bundles: dict[str, list[Paper]] = {}
    for task in user_tasks.of_instance(work, instance_key, state="COMPLETED"):
        if readable(task):
            bundles.setdefault(task.name, []).append(Paper(task.key, task.completed_by_name or ""))
    return list(bundles.items())


def open_paper(work: Work, task: UserTask, variables: Mapping[str, Any]) -> FormState:
    """The form as it was handed in; what it offers to choose from is as it stands now.

    Whoever the matter concerns may read it (the caller has found the task through the matter), not only who
    handed it in.
    """
    product = context.product()
    submitted = history.values_of(work, task.instance_key, task.completed_seq) if task.completed_seq else {}
    seen = {**product.offered(work.connection, variables), **variables, **submitted}
    return product.forms.of_task(work, task).open(seen, submitted, now=work.now)
