"""who has confirmed which parameter

Revision: 0014
Follows: 0013
Written: 2026-11-22 22:50:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parameter_confirmation",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parameter", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_parameter_confirmation")),
    )
    op.create_index(
        "ix_parameter_confirmation", "parameter_confirmation", ["community", "parameter"], unique=False
    )


def downgrade() -> None:
    op.drop_table("parameter_confirmation")
