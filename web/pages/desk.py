"""A task with its form on the desk: with which variables it is filled in, from which draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from engine import user_tasks
from engine.runtime import Work
from engine.user_tasks import UserTask
from web.form_port import wants_lists
from web.forms import Attachment, Form, FormState, Upload
from web.pages import context


@dataclass(frozen=True, slots=True)
class Desk:
    """An open task inside one transaction. A ``secret`` one (a ballot) leaves no draft."""

    work: Work
    task: UserTask
    form: Form
    variables: Mapping[str, Any]
    draft: Mapping[str, Any] | None

    @classmethod
    def of(cls, work: Work, task: UserTask) -> Desk:
        product = context.product()
        variables = user_tasks.context(work, task.key)
        form = product.forms.of_task(work, task)
        offered = product.offered(work.connection, variables) if wants_lists(form) else {}
        draft = None if task.is_ballot else user_tasks.draft(work, task.key)
        return cls(work, task, form, {**offered, **variables}, draft)

    @property
    def secret(self) -> bool:
        return self.task.is_ballot

    def open(self) -> FormState:
        """The form as it was left."""
        return self.form.open(self.variables, self.draft, now=self.work.now)

    def read(self) -> FormState:
        """The form as it was sent, kept as the draft."""
        state = self.form.read(
            request.form,
            request.files,
            self.variables,
            now=self.work.now,
            draft=self.draft,
            uploads=self._keep,
        )
        if not self.secret:
            user_tasks.save_draft(self.work, self.task.key, state.draft())
        return state

    def _keep(self, upload: Upload) -> Attachment:
        return context.product().attachments.keep(self.work, self.task.instance_key, upload)
