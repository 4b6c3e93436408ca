"""What is told of everything that belongs to a process instance: fields of answers, columns and joins of searches."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case

from engine.store import tables
from web.api.fields import Answer, Key, Text, tenant


class Belonging(Answer):
    """Something of a process instance."""

    processInstanceKey = Key()
    rootProcessInstanceKey = Key(allow_none=True)
    tenantId = tenant()


class OfInstance(Belonging):
    """The same with the process it is an instance of."""

    processDefinitionId = Text()
    processDefinitionKey = Key()


class OfElement(OfInstance):
    """The same for one element of it."""

    elementId = Text()
    elementInstanceKey = Key()


def belonging(instance: FromClause) -> list[ColumnElement[Any]]:
    """The columns of :class:`OfInstance`."""
    return [
        instance.c.process_id.label("processDefinitionId"),
        instance.c.definition_key.label("processDefinitionKey"),
        instance.c.key.label("processInstanceKey"),
        root_key(instance).label("rootProcessInstanceKey"),
    ]


def root_key(instance: FromClause) -> ColumnElement[Any]:
    """The outermost caller: known here for what nobody called."""
    return case((instance.c.parent_key.is_(None), instance.c.key), else_=None)


def of_instance(rows: FromClause) -> ColumnElement[bool]:
    """Joins rows with the instance they belong to."""
    instance = tables.instance
    return (instance.c.community == rows.c.community) & (instance.c.key == rows.c.instance_key)
