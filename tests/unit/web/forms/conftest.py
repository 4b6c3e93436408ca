"""Forms made on the spot, and POSTs to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from web.forms import Attachment, Errors, Form, FormState, Upload, Validated

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Noon in Shanghai."""


@dataclass
class Desk:
    """One form, one context; what a person sends and what comes of it."""

    form: Form
    context: Mapping[str, Any] = field(default_factory=dict)
    draft: Mapping[str, Any] = field(default_factory=dict)
    stored: list[Upload] = field(default_factory=list)
    now: datetime = NOW

    def post(
        self, *pairs: tuple[str, str], files: Iterable[tuple[str, FileStorage]] = (), do: str = "submit"
    ) -> FormState:
        return self.form.read(
            MultiDict([*pairs, ("_do", do)]),
            MultiDict(list(files)),
            self.context,
            now=self.now,
            draft=self.draft,
            uploads=self.store,
        )

    def store(self, upload: Upload) -> Attachment:
        self.stored.append(upload)
        number = f"f{len(self.stored)}"
        return Attachment(id=number, name=upload.name, size=upload.size, type=upload.type)

    def outcome(self, state: FormState) -> Validated | Errors:
        return self.form.validate(state, now=self.now)

    def errors(self, *pairs: tuple[str, str], **more: Any) -> dict[str, list[str]]:
        """What a submission is told, by path; empty when it is taken."""
        result = self.outcome(self.post(*pairs, **more))
        return result.errors if isinstance(result, Errors) else {}

    def data(self, *pairs: tuple[str, str], **more: Any) -> dict[str, Any]:
        """What a submission hands in."""
        result = self.outcome(self.post(*pairs, **more))
        assert isinstance(result, Validated), result
        return result.data


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def desk() -> Callable[..., Desk]:
    """Builds a form of these components; keyword arguments are the process's variables."""

    def build(*components: Mapping[str, Any], draft: Mapping[str, Any] | None = None, **context: Any) -> Desk:
        schema = {"id": "test.form", "schemaVersion": 19, "components": list(components)}
        return Desk(Form.compile(schema), context, draft or {})

    return build
