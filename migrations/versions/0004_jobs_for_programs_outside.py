"""jobs for programs outside

Revision: 0004
Follows: 0003
Written: 2026-11-22 19:55:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "external_job",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=255), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.String(length=255), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    op.create_index(
        "ix_external_job_available", "external_job", ["community", "type", "available_at"], unique=False
    )
    op.create_index("ix_external_job_element", "external_job", ["community", "element_key"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_external_job_element", table_name="external_job")
    op.drop_index("ix_external_job_available", table_name="external_job")
    op.drop_table("external_job")
