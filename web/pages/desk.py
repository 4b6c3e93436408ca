"""A task with its form on the desk: with which variables it is filled in, from which draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request

from engine import user_tasks
from engine.runtime import Work
from engine.user_tasks import UserTask
from web.form_port import wants_lists
from web.forms import Attachment, Form, FormState, Upload
from web.pages import context


@dataclass(frozen=True)
class Desk:
    """An open task inside one transaction."""

    work: Work
    task: UserTask
    form: Form
    variables: Mapping[str, Any]

    @classmethod
    def of(cls, work: Work, task: UserTask) -> Desk:
        product = context.product()
        variables = user_tasks.visible(work, task)
        form = product.forms.of_task(work, task)
        if wants_lists(form):
            variables = {**product.offered(work.connection, variables), **variables}
        return cls(work, task, form, variables)

    @cached_property
    def draft(self) -> Mapping[str, Any] | None:
        """What the reader has filled in before."""
        return user_tasks.draft(self.work, self.task.key) if self.task.keeps_draft else None

    def open(self) -> FormState:
        """The form as it was left."""
        return self.form.open(self.variables, self.draft, now=self.work.now)

    def read(self) -> FormState:
        """The form as it was sent."""
        return self.form.read(
            request.form,
            request.files,
            self.variables,
            now=self.work.now,
            draft=self.draft if self.form.takes_files else None,
            uploads=self._store,
        )

    def keep(self, state: FormState) -> None:
        """Keep what was sent as the draft."""
        if self.task.keeps_draft:
            user_tasks.keep_draft(self.work, self.task, state.draft())

    def _store(self, upload: Upload) -> Attachment:
        return context.product().attachments.keep(self.work, self.task.instance_key, upload)
