"""the ledger: one line for each thing that is to be put right

Revision: 0010
Follows: 0009
Written: 2026-11-22 21:58:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("place_type", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("grid", sa.String(length=64), nullable=True),
        sa.Column("source_no", sa.String(length=64), nullable=True),
        sa.Column("finder", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=True),
        sa.Column("executor", sa.String(length=64), nullable=True),
        sa.Column("responsible", sa.String(length=64), nullable=True),
        sa.Column("acceptor", sa.String(length=64), nullable=True),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("supervised_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recurrence_of", sa.String(length=64), nullable=True),
        sa.Column("merged_into", sa.String(length=64), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "matter_no", name=op.f("pk_ledger_entry")),
    )
    op.create_index("ix_ledger_entry_newest", "ledger_entry", ["community", "registered_at"], unique=False)
    op.create_index("ix_ledger_entry_state", "ledger_entry", ["community", "state", "due_at"], unique=False)
    op.create_index(
        "ix_ledger_entry_spot", "ledger_entry", ["community", "kind", "grid", "ended_at"], unique=False
    )
    op.create_index("ix_ledger_entry_merged", "ledger_entry", ["community", "merged_into"], unique=False)


def downgrade() -> None:
    op.drop_table("ledger_entry")
