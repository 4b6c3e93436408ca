"""issues of residents: what is searched for duplicates, answers a query code, and is counted

Revision: 0005
Follows: 0004
Written: 2026-11-22 19:58:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issue",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("grid", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reporter", sa.String(length=64), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("query_code", sa.String(length=16), nullable=True),
        sa.Column("master", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("community", "matter_no", name=op.f("pk_issue")),
        sa.UniqueConstraint("community", "query_code", name=op.f("uq_issue_community_query_code")),
    )
    op.create_index("ix_issue_same", "issue", ["community", "grid", "category", "reported_at"], unique=False)
    op.create_table(
        "issue_closing",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("contacted_in_time", sa.Boolean(), nullable=True),
        sa.Column("solved", sa.String(length=16), nullable=True),
        sa.Column("counted_as", sa.String(length=16), nullable=False),
        sa.Column("redo_count", sa.Integer(), nullable=False),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("overdue_times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "matter_no", name=op.f("pk_issue_closing")),
    )
    op.create_index("ix_issue_closing_month", "issue_closing", ["community", "closed_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_issue_closing_month", table_name="issue_closing")
    op.drop_table("issue_closing")
    op.drop_index("ix_issue_same", table_name="issue")
    op.drop_table("issue")
