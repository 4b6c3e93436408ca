"""Forms as they were deployed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.runtime import Work
from engine.store import tables
from web.api.fields import Answer, Key, Text, Whole, tenant
from web.api.operations import Area, Call

area = Area("表单")


class Form(Answer):
    """A form; its schema is the JSON text of the deployed file."""

    tenantId = tenant()
    formId = Text(attribute="form_id")
    schema = Text()
    version = Whole()
    formKey = Key(attribute="key")


def read(work: Work, key: int) -> dict[str, Any]:
    """A form version with the text of its file."""
    form, resource = tables.form, tables.resource
    statement = select(form, resource.c.content).join(resource, resource.c.key == form.c.resource_key)
    row = work.connection.execute(statement.where(form.c.key == key)).mappings().one_or_none()
    if row is None:
        raise NotFound("表单")
    return {**row, "schema": row["content"].decode("utf-8-sig")}


@area.get("/forms/<key:key>", "getFormByKey", "查看表单", answer=Form)
def show(call: Call, key: int) -> dict[str, Any]:
    return read(call.work, key)
