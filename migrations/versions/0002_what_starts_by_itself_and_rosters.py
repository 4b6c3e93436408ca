"""what starts by itself, rosters, conditions

Revision: 0002
Follows: 0001
Written: 2026-11-22 19:14:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "start_timer",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("definition_key", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("community", "process_id", "element_id"),
    )
    op.create_index("ix_start_timer_due", "start_timer", ["due_at"], unique=False)
    op.create_table(
        "roster_member",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("task_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "task_key", "person"),
    )
    op.create_index(
        "ix_roster_person",
        "roster_member",
        ["community", "person", "answered_at", "task_key"],
        unique=False,
    )
    op.create_index("ix_instance_parent", "process_instance", ["community", "parent_key"], unique=False)
    op.add_column("event_subscription", sa.Column("satisfied", sa.Boolean(), nullable=True))
    op.add_column("incident", sa.Column("event_id", sa.String(length=255), nullable=True))
    op.add_column("incident", sa.Column("results", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_column("results")
        batch_op.drop_column("event_id")
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.drop_column("satisfied")
    op.drop_index("ix_instance_parent", table_name="process_instance")
    op.drop_index("ix_roster_person", table_name="roster_member")
    op.drop_table("roster_member")
    op.drop_index("ix_start_timer_due", table_name="start_timer")
    op.drop_table("start_timer")
