"""What has to be read to go on where a row belongs to: its matter, the element, what that lies in, the variables.

Rows of tables like ``user_task`` or ``timer`` name the matter and the element they belong to. From the row's key
alone all of it can be asked in one exchange with the database, the matter being locked first.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Table, bindparam, select

from engine.interpreter.elements import outwards
from engine.store import tables
from engine.store.statements import Query


@cache
def around(table: Table, *, skip_locked: bool) -> tuple[Query, Query, Query]:
    """For a row of ``table``: its matter's row, locked; its element and what that lies in; the variables seen there.

    With ``skip_locked`` a matter others have in hand is not found.
    """
    here: BindParameter[str] = bindparam("community")
    instance, variable = tables.instance, tables.variable

    def of_row(name: str) -> Any:
        match = (table.c.community == here, table.c.key == bindparam("key"))
        return select(table.c[name]).where(*match).scalar_subquery()

    matter = select(instance).where(instance.c.community == here, instance.c.key == of_row("instance_key"))
    elements = outwards(of_row("element_key"))
    seen = (variable.c.community == here, variable.c.scope_key.in_(select(elements.c.key)))
    values = select(variable.c.scope_key, variable.c.name, variable.c.value).where(*seen)
    return (
        Query(matter.with_for_update(skip_locked=skip_locked)),
        Query(select(elements)),
        Query(values),
    )
