"""Changing open user tasks from outside: who has them, until when, how urgent.

Whoever calls decides first whether the actor may. Ballots and rosters are answered by those the model names and
nobody else, so their people cannot be changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine import rosters, values
from engine.errors import AlreadyCompleted, NotAllowed, NotFound, WrongState
from engine.store import tables
from engine.user_tasks import BALLOT

if TYPE_CHECKING:
    from engine.interpreter.execution import Execution
    from engine.runtime import Work

PEOPLE = {"candidate_groups": True, "candidate_users": False}
"""The two lists of candidates, and whether their members are groups."""


def assign(work: Work, key: int, person: str, *, override: bool = True, reason: str = "") -> None:
    """Give an open task to a person; without ``override`` only one that nobody has.

    The reason, if any, stands in the history.
    """
    row, execution = _open(work, key)
    _require_personal(row)
    if not override and row["assignee"] not in (None, person):
        raise WrongState("这项任务已有办理人，如需改派请允许覆盖。")
    why = {"reason": reason} if reason else {}
    _write(work, execution, row, "TASK_REASSIGNED", {"assignee": person, "owner": None}, why)


def unassign(work: Work, key: int) -> None:
    """Take an open task from its assignee; its candidates may claim it."""
    row, execution = _open(work, key)
    _require_personal(row)
    _write(work, execution, row, "TASK_RELEASED", {"assignee": None, "owner": None})


def update(
    work: Work,
    key: int,
    columns: Mapping[str, Any],
    candidates: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """New values for ``due_at``, ``follow_up_at`` and ``priority``; new lists for the two of :data:`PEOPLE`."""
    row, execution = _open(work, key)
    if candidates:
        _require_personal(row)
        for name, principals in candidates.items():
            _replace_candidates(work, key, PEOPLE[name], principals)
    if columns or candidates:
        _write(work, execution, row, "TASK_UPDATED", columns, candidates or {})


def _open(work: Work, key: int) -> tuple[Mapping[str, Any], Execution]:
    """The row of an open task, read after its matter was locked, and that matter."""
    row = _row(work, key)
    execution = work.execution(row["instance_key"])
    row = _row(work, key)
    if row["state"] == "COMPLETED":
        raise AlreadyCompleted(row["completed_by"] or "", row["completed_by_name"] or "他人", row["ended_at"])
    if row["state"] != "CREATED":
        raise WrongState("这项任务已因流程推进而撤销，不能再改动。")
    return row, execution


def _row(work: Work, key: int) -> Mapping[str, Any]:
    statement = select(tables.user_task).filter_by(community=work.community, key=key)
    row = work.connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound("任务")
    return dict(row)


def _require_personal(row: Mapping[str, Any]) -> None:
    headers = values.load(row["headers"])
    if headers.get(rosters.KIND) == BALLOT or rosters.is_roster(headers):
        raise NotAllowed("表决票和名册任务只能由本人办理，不能改派。")


def _replace_candidates(work: Work, key: int, is_group: bool, principals: Sequence[str]) -> None:
    table = tables.candidate
    own = {"community": work.community, "task_key": key}
    work.connection.execute(table.delete().filter_by(**own, is_group=is_group))
    taken = set(work.connection.execute(select(table.c.principal).filter_by(**own)).scalars())
    fresh = [name for name in dict.fromkeys(principals) if name not in taken]
    if fresh:
        rows = [{**own, "principal": name, "is_group": is_group, "open": True} for name in fresh]
        work.connection.execute(table.insert(), rows)


def _write(
    work: Work,
    execution: Execution,
    row: Mapping[str, Any],
    kind: str,
    columns: Mapping[str, Any],
    more: Mapping[str, Any] | None = None,
) -> None:
    identity = {"community": work.community, "key": row["key"]}
    if columns:
        work.changes.update(tables.user_task, identity, dict(columns))
    told = {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in columns.items()
    }
    execution.record(kind, row["element_id"], {"task": str(row["key"]), **told, **(more or {})})
    work.settle()
