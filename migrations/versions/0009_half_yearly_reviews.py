"""the half-yearly review: its pool and lots, forms without names, results; gender and birth of persons

Revision: 0009
Follows: 0008
Written: 2026-11-22 22:02:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("meeting_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quota", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("pool_size", sa.Integer(), nullable=False),
        sa.Column("pool_sha256", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=128), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.Text(), nullable=True),
        sa.Column("report_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "matter_no", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_report", ["community", "report_at"], unique=False)

    op.create_table(
        "review_sheet",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "box", "receipt", name=op.f("pk_review_sheet")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_suggestion",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "box", "id", name=op.f("pk_review_suggestion")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review_candidate",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("grid", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("gender", sa.String(length=4), nullable=True),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("needs_paper", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["community", "matter_no"],
            ["review.community", "review.matter_no"],
            name=op.f("fk_review_candidate_community_matter_no"),
        ),
        sa.PrimaryKeyConstraint("community", "matter_no", "person", name=op.f("pk_review_candidate")),
    )
    with op.batch_alter_table("review_candidate", schema=None) as batch_op:
        batch_op.create_index(
            "ix_review_candidate_standing", ["community", "matter_no", "standing"], unique=False
        )

    op.create_table(
        "review_result",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("grid", sa.String(length=64), nullable=False),
        sa.Column("period", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.String(length=16), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "matter_no"],
            ["review.community", "review.matter_no"],
            name=op.f("fk_review_result_community_matter_no"),
        ),
        sa.PrimaryKeyConstraint("community", "matter_no", "grid", name=op.f("pk_review_result")),
    )
    with op.batch_alter_table("review_result", schema=None) as batch_op:
        batch_op.create_index("ix_review_result_grid", ["community", "grid", "period"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gender", sa.String(length=4), nullable=True))
        batch_op.add_column(sa.Column("born", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("born")
        batch_op.drop_column("gender")

    with op.batch_alter_table("review_result", schema=None) as batch_op:
        batch_op.drop_index("ix_review_result_grid")

    op.drop_table("review_result")
    with op.batch_alter_table("review_candidate", schema=None) as batch_op:
        batch_op.drop_index("ix_review_candidate_standing")

    op.drop_table("review_candidate")
    op.drop_table("review_suggestion")
    op.drop_table("review_sheet")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("ix_review_report")

    op.drop_table("review")
