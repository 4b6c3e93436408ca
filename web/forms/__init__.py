"""Forms: a form-js schema is checked at deployment, drawn by Jinja and judged by marshmallow.

One implementation for pages, API and specifications. The way of a page::

    state = form.open(variables, draft, now=now)                        # GET
    state = form.read(request.form, request.files, variables, now=now,  # POST
                      draft=draft, uploads=store)
    keep(state.draft())
    result = form.validate(state, now=now)                              # when state.intent == "submit"
    page(form.review(state, now=now))                                   # 422, or a refresh

``forms/fields.html`` draws a state: ``render_form(state, csrf, action, refresh)``.
"""

from __future__ import annotations

from web.forms.attachments import Attachment, Upload, Uploads
from web.forms.fields import Field, Problem
from web.forms.form import (
    Errors,
    Form,
    FormState,
    SchemaRefused,
    Validated,
    check,
    variables,
)

__all__ = [
    "Attachment",
    "Errors",
    "Field",
    "Form",
    "FormState",
    "Problem",
    "SchemaRefused",
    "Upload",
    "Uploads",
    "Validated",
    "check",
    "variables",
]
