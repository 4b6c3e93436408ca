"""what comes due is claimed; letters that leave the database

Revision: 0007
Follows: 0006
Written: 2026-11-22 21:55:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DUE = {
    "timer": (["due_at"], ["due_at", "key"]),
    "start_timer": (["due_at"], ["due_at", "process_id", "element_id"]),
    "job": (["state", "due_at"], ["due_at", "key"]),
    "outbox": (["delivered_at", "due_at"], ["due_at", "key"]),
}
"""The columns of each index by which a worker finds what is due: before and after."""

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table, (before, after) in DUE.items():
        _index(table, after, replacing=before)
        op.add_column(table, sa.Column("held_until", INSTANT, nullable=True))
    with op.batch_alter_table("job") as job:
        job.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="1"))
        for name in ("state", "lease_by", "lease_until"):
            job.drop_column(name)
    with op.batch_alter_table("job") as job:
        job.alter_column("tries", server_default=None)
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("error", sa.Text(), nullable=True))
        outbox.alter_column("due_at", existing_type=INSTANT, nullable=True)
        outbox.create_unique_constraint("uq_outbox", ["community", "topic", "idempotency_key"])


def downgrade() -> None:
    op.execute("UPDATE outbox SET due_at = created_at WHERE due_at IS NULL")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint("uq_outbox", type_="unique")
        outbox.alter_column("due_at", existing_type=INSTANT, nullable=False)
        outbox.drop_column("error")
    with op.batch_alter_table("job") as job:
        job.drop_column("tries")
        job.add_column(sa.Column("state", sa.String(16), nullable=False, server_default="FAILED"))
        job.add_column(sa.Column("lease_by", sa.String(255), nullable=True))
        job.add_column(sa.Column("lease_until", INSTANT, nullable=True))
    with op.batch_alter_table("job") as job:
        job.alter_column("state", server_default=None)
    for table, (before, after) in DUE.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_column("held_until")
        _index(table, before, replacing=after)


def _index(table: str, columns: list[str], *, replacing: list[str]) -> None:
    name = f"ix_{table}_due"
    op.drop_index(name, table_name=table)
    op.create_index(name, table, columns, unique=False)
