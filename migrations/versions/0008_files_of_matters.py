"""files shared with all whom a matter concerns; requests of programs that are answered once

Revision: 0008
Follows: 0007
Written: 2026-11-22 22:05:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attachment", sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    with op.batch_alter_table("request_once") as table:
        table.alter_column("answer", existing_type=sa.String(length=255), type_=sa.Text())


def downgrade() -> None:
    with op.batch_alter_table("request_once") as table:
        table.alter_column("answer", existing_type=sa.Text(), type_=sa.String(length=255))
    with op.batch_alter_table("attachment") as table:
        table.drop_column("shared")
