"""A review with many reviewers is one activity and a roster, and comes out right."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from bench.review_figures import PANEL, Hall, measure
from engine.store import tables

GRIDS = 3
SEATS = sum(PANEL.values())


def test_hundreds_are_asked_by_two_tasks_and_not_by_one_each(tmp_path: Path) -> None:
    hall = Hall(f"sqlite:///{tmp_path / 'yishi.db'}", tmp_path, GRIDS)
    hall.opens()
    task, member = tables.user_task, tables.roster_member
    with hall.product.store.snapshot() as connection:
        by_step = select(task.c.element_id, func.count()).group_by(task.c.element_id)
        tasks = {row[0]: row[1] for row in connection.execute(by_step)}
        asked = connection.scalar(select(func.count()).where(member.c.answered_at.is_(None)))
    assert (tasks["evaluator_accept"], tasks["review_ballot"]) == (1, 1)
    assert asked == GRIDS * SEATS
    hall.product.store.close()


def test_every_form_is_counted_and_every_grid_is_graded(database_url: str, tmp_path: Path) -> None:
    figures = measure(database_url, tmp_path, GRIDS)
    assert set(figures) == {f"review_{part}cpu_s" for part in ("open_", "fill_", "close_", "")}
