"""The form itself: compiled once, then opened, read and judged for each request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from engine import feel
from web.forms import validation
from web.forms.attachments import Uploads
from web.forms.compiler import compile_schema
from web.forms.defaults import answers
from web.forms.fields import Field, Problem, everything, level
from web.forms.level import Level
from web.forms.nodes import Node, grow, walk
from web.forms.reading import TRIED, Intent, MultiDict, Posted, known_attachments, read_level
from web.forms.validation import Messages


class SchemaRefused(ValueError):
    """The schema has problems: :func:`check` tells them at deployment, this meets whoever skips it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("；".join(f"{one.field}：{one.message}" for one in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Validated:
    """A form that may be handed in: ``data`` is JSON-ready, by field name."""

    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Errors:
    """What has to be put right, by dotted path."""

    errors: Messages


@dataclass(frozen=True)
class FormState:
    """A form with answers, as it stands on one page.

    ``raw`` are the answers as given (what a draft keeps), ``intent`` what the pressed button asks for,
    ``tried`` whether the person has tried to submit, ``refused`` why files were turned away
    (by input name), ``errors`` what the page shows.
    """

    form: Form
    variables: Mapping[str, Any]
    raw: Mapping[str, Any]
    now: datetime
    intent: Intent = "refresh"
    tried: bool = False
    refused: Messages = field(default_factory=dict)
    errors: Messages = field(default_factory=dict)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The tree the page is drawn from."""
        return grow(self.form.fields, self.raw, self.variables, self.now)

    @property
    def title(self) -> str:
        return self.form.title

    def draft(self) -> dict[str, Any]:
        """What to keep so that the person finds it again; JSON, to be given back to :meth:`Form.open`."""
        return dict(self.raw)

    def with_errors(self, errors: Messages) -> FormState:
        return replace(self, errors=errors)

    @property
    def refusals(self) -> Messages:
        """Why files were turned away, by path."""
        return {node.path: self.refused[node.name] for node in walk(self.nodes) if node.name in self.refused}

    @cached_property
    def said(self) -> Messages:
        """All sentences to show, by path; that a file was refused goes before that one is missing."""
        return {**self.errors, **self.refusals}

    def summary(self) -> Iterator[tuple[Node, str]]:
        """Each sentence with its field, from top to bottom."""
        for node in walk(self.nodes):
            if node.field.key:
                for sentence in self.said.get(node.path, ()):
                    yield node, sentence


@dataclass(frozen=True)
class Form:
    """A form of one version: immutable, safe to share between threads, meant to be kept."""

    id: str
    title: str
    fields: tuple[Field, ...]
    reads: frozenset[str]
    """Variables of the process its expressions look at: the process has to produce them before."""

    @classmethod
    def compile(cls, schema: Mapping[str, Any], *, functions: feel.FunctionRegistry | None = None) -> Form:
        """Compile a schema; raises :class:`SchemaRefused` when :func:`check` would find problems."""
        compiled = compile_schema(schema, functions)
        if compiled.problems:
            raise SchemaRefused(compiled.problems)
        name = str(schema.get("id") or "")
        title = str(schema.get("title") or schema.get("name") or name)
        return cls(name, title, compiled.fields, compiled.reads)

    def names(self) -> set[str]:
        """The keys the form can hand in: all but those that are always locked."""
        return set(_written(self.fields))

    @cached_property
    def takes_files(self) -> bool:
        """Whether files may come with it, so that those of earlier requests have to be known."""
        return any(one.type == "filepicker" for one in everything(self.fields))

    @cached_property
    def live(self) -> bool:
        """Whether answers change what is seen, so that the page has something to refresh."""
        return any(
            one.hide
            or one.readonly.expression
            or one.rules.required_when
            or one.type in ("expression", "dynamiclist")
            for one in everything(self.fields)
        )

    def open(
        self, context: Mapping[str, Any], draft: Mapping[str, Any] | None = None, *, now: datetime
    ) -> FormState:
        """The form as first shown: defaults, and a draft's answers over them. ``context``: JSON variables."""
        raw = answers(self.fields, Level.of(context, now))
        kept = {key: value for key, value in (draft or {}).items() if key in raw}
        return FormState(self, context, raw | kept, now)

    def read(
        self,
        multidict: MultiDict,
        files: MultiDict,
        context: Mapping[str, Any],
        *,
        now: datetime,
        draft: Mapping[str, Any] | None = None,
        uploads: Uploads | None = None,
    ) -> FormState:
        """A POST as answers, not judged yet.

        ``uploads`` stores arriving files. Files of earlier requests are kept only when ``draft`` (or a
        default) knows them, whatever id the POST names.
        """
        place = Level.of(context, now)
        untouched = answers(self.fields, place)
        known = known_attachments(draft or {}, untouched) if self.takes_files else {}
        posted = Posted(multidict, files, known, uploads)
        raw = read_level(self.fields, posted, place, untouched)
        tried = posted.intent == "submit" or TRIED in multidict
        return FormState(self, context, raw, now, posted.intent, tried, posted.refused)

    def given(self, data: Mapping[str, Any], context: Mapping[str, Any], *, now: datetime) -> FormState:
        """Plain JSON data as if a page had sent it, not judged yet.

        Fields that are left out are empty, not defaulted. Attachments come as references; whether they exist is
        the caller's to know.
        """
        return FormState(self, context, dict(data), now, "submit")

    def validate(self, state: FormState, *, now: datetime) -> Validated | Errors:
        """Judge the answers by the form's rules at that instant."""
        current = state if state.now == now else replace(state, now=now)
        data, errors = validation.judge(current.nodes)
        errors |= current.refusals
        return Errors(errors) if errors else Validated(data)

    def review(self, state: FormState, *, now: datetime) -> FormState:
        """The state with its errors, once the person has tried to submit; before that nobody is told off."""
        result = self.validate(state, now=now) if state.tried else None
        return state.with_errors(result.errors) if isinstance(result, Errors) else state


def check(schema: Mapping[str, Any], *, functions: feel.FunctionRegistry | None = None) -> list[Problem]:
    """Everything in a schema that would not be honoured: for deployment, which refuses it."""
    return compile_schema(schema, functions).problems


def variables(
    schema: Mapping[str, Any], *, functions: feel.FunctionRegistry | None = None
) -> tuple[dict[str, str], frozenset[str]]:
    """What a form hands in, with FEEL types, and what it reads, as far as its schema can be understood."""
    compiled = compile_schema(schema, functions)
    return _written(compiled.fields), compiled.reads


def _written(fields: tuple[Field, ...]) -> dict[str, str]:
    return {one.key: one.value_type for one in level(fields) if one.readonly.constant is not True}
