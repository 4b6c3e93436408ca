"""The engine's form port: one implementation for pages, programs and living specs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import deployments
from engine.errors import FormInvalid
from engine.ports import FormValidator
from engine.runtime import Work
from engine.user_tasks import UserTask
from web.forms import Errors, Form, FormState, check, variables
from workflows.organisation.options import NAMES as ORGANISATION_LISTS
from workflows.reviews.options import NAMES as REVIEW_LISTS

Variables = Mapping[str, Any]

LISTS = ORGANISATION_LISTS | REVIEW_LISTS

JUST_CONFIRM = Form.compile({"id": "confirm", "components": []})
"""The form of a task without one: nothing to fill in, only to be confirmed."""


def wants_lists(form: Form) -> bool:
    """Whether the form reads any of the option lists, which take a dozen queries to make."""
    return not form.reads.isdisjoint(LISTS)


class Forms(FormValidator):
    """Compiles each form version once.

    ``functions`` are the FEEL functions forms may use; ``offered`` gives the option lists that stand beside a
    matter's variables when a program hands in plain data.
    """

    def __init__(self, functions: Any, offered: Callable[[Variables], Variables]) -> None:
        self._functions = functions
        self._offered = offered
        self._compiled: dict[int, tuple[Variables, Form]] = {}

    def check(self, schema: Variables) -> list[tuple[str, str]]:
        return [(problem.field, problem.message) for problem in check(schema, functions=self._functions)]

    def writes(self, schema: Variables) -> Mapping[str, str]:
        return variables(schema, functions=self._functions)[0]

    def reads(self, schema: Variables) -> frozenset[str]:
        return variables(schema, functions=self._functions)[1] - LISTS

    def validate(
        self, schema: Variables, submission: Any, context: Variables, now: datetime
    ) -> dict[str, Any]:
        state = (
            submission if isinstance(submission, FormState) else self._given(schema, submission, context, now)
        )
        result = state.form.validate(state, now=now)
        if isinstance(result, Errors):
            raise FormInvalid(result.errors)
        return result.data

    def of_task(self, work: Work, task: UserTask) -> Form:
        """The form of the version the task was opened with."""
        if task.form_key is None:
            return JUST_CONFIRM
        return self.compiled(deployments.form(work, task.form_key))

    def _given(self, schema: Variables, data: Variables, context: Variables, now: datetime) -> FormState:
        form = self.compiled(schema)
        seen = {**self._offered(context), **context} if wants_lists(form) else context
        return form.given(data, seen, now=now)

    def compiled(self, schema: Variables) -> Form:
        """A schema compiled; each version once."""
        # The engine keeps each schema for good, so that its identity is its version; holding it here makes sure.
        if id(schema) not in self._compiled:
            self._compiled[id(schema)] = (schema, Form.compile(schema, functions=self._functions))
        return self._compiled[id(schema)][1]
