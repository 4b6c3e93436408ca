"""drafts of processes, publishing them as an act of two people, processes that are out of use

Revision: 0011
Follows: 0010
Written: 2026-11-22 21:51:44
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("draft_key", sa.BigInteger(), nullable=True),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_publication")),
    )
    op.create_index("ix_publication_state", "publication", ["state"])

    op.create_table(
        "publication_file",
        sa.Column("publication_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("publication_key", "name", name=op.f("pk_publication_file")),
    )
    op.create_table(
        "published_version",
        sa.Column("definition_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("publication_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("definition_key", name=op.f("pk_published_version")),
    )
    op.create_table(
        "workbench_draft",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_by", sa.String(length=64), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_workbench_draft")),
    )
    op.create_index("ix_workbench_draft_process", "workbench_draft", ["process_id"])

    op.create_table(
        "workbench_file",
        sa.Column("draft_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("draft_key", "name", name=op.f("pk_workbench_file")),
    )
    op.create_table(
        "workbench_presence",
        sa.Column("draft_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("draft_key", "person", name=op.f("pk_workbench_presence")),
    )
    op.create_table(
        "workbench_save",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("draft_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_workbench_save")),
    )
    op.create_index("ix_workbench_save_file", "workbench_save", ["draft_key", "name"])
    op.create_table(
        "retired_process",
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("retired_by", sa.String(length=255), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_retired_process")),
    )


def downgrade() -> None:
    op.drop_table("retired_process")
    op.drop_index("ix_workbench_save_file", table_name="workbench_save")
    for table in ("workbench_save", "workbench_presence", "workbench_file"):
        op.drop_table(table)
    op.drop_index("ix_workbench_draft_process", table_name="workbench_draft")
    for table in ("workbench_draft", "published_version", "publication_file"):
        op.drop_table(table)
    op.drop_index("ix_publication_state", table_name="publication")
    op.drop_table("publication")
