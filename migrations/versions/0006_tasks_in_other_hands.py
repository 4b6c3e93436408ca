"""tasks in other hands: who delegated one, whose opinion it waits for; who was sent a matter to read

Revision: 0006
Follows: 0005
Written: 2026-11-22 21:55:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_task", sa.Column("owner", sa.String(length=255), nullable=True))
    op.add_column("user_task", sa.Column("signs_for", sa.BigInteger(), nullable=True))
    op.add_column("user_task", sa.Column("open_signers", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_task_signs_for", "user_task", ["community", "signs_for"], unique=False)
    op.create_table(
        "matter_copy",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("sent_by", sa.String(length=255), nullable=False),
        sa.Column("sent_by_name", sa.String(length=255), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "instance_key", "person"),
    )
    op.create_index("ix_matter_copy_person", "matter_copy", ["community", "person", "read_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_matter_copy_person", table_name="matter_copy")
    op.drop_table("matter_copy")
    op.drop_index("ix_task_signs_for", table_name="user_task")
    with op.batch_alter_table("user_task") as table:
        for column in ("open_signers", "signs_for", "owner"):
            table.drop_column(column)
