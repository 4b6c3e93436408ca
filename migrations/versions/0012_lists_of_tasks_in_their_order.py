"""the indexes of work lists hold the whole order of the list

Revision: 0012
Follows: 0011
Written: 2026-11-22 22:10:00
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ORDERS = {
    "ix_task_assignee": ["community", "assignee", "state", "due_at"],
    "ix_task_done": ["community", "completed_by", "ended_at"],
}


def upgrade() -> None:
    for name, columns in ORDERS.items():
        _replace(name, [*columns, "key"])


def downgrade() -> None:
    for name, columns in ORDERS.items():
        _replace(name, columns)


def _replace(name: str, columns: list[str]) -> None:
    op.drop_index(name, table_name="user_task")
    op.create_index(name, "user_task", columns, unique=False)
