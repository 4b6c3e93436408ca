"""Writing variables from outside: to one scope, or to wherever each lives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.errors import NotAllowed, NotFound
from engine.instances import GIVEN
from engine.store import tables

if TYPE_CHECKING:
    from engine.runtime import Work


def write(work: Work, scope_key: int, variables: Mapping[str, Any], *, local: bool = False) -> None:
    """Set variables at an active element instance, or at a matter by its own key.

    ``local`` creates them in just that scope; otherwise each goes where it already lives, looked for outwards,
    and new ones to the outermost scope in reach. Whoever calls decides first whether the actor may.
    """
    fixed = sorted(set(variables) & set(GIVEN))
    if fixed:
        raise NotAllowed(f"变量 {'、'.join(fixed)} 由系统给定，不能改写。")
    statement = select(tables.element.c.instance_key).filter_by(community=work.community, key=scope_key)
    instance_key = work.connection.execute(statement).scalar_one_or_none()
    if instance_key is None:
        raise NotFound("元素")
    execution = work.execution(instance_key)
    element = execution.elements.get(scope_key)
    if element is None:  # it ended while this waited for the matter
        raise NotFound("元素")
    if local:
        execution.scopes.set_local(element, variables)
    else:
        execution.scopes.propagate(element, variables)
    work.settle()
