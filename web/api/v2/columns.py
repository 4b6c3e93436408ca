"""Columns and joins that several searches share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, case

from engine.store import tables


def root_key(instance: FromClause) -> ColumnElement[Any]:
    """The outermost caller: known here for what nobody called."""
    return case((instance.c.parent_key.is_(None), instance.c.key), else_=None)


def of_instance(rows: FromClause) -> ColumnElement[bool]:
    """Joins rows with the instance they belong to."""
    instance = tables.instance
    return (instance.c.community == rows.c.community) & (instance.c.key == rows.c.instance_key)
