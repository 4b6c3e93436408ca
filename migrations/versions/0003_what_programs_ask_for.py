"""what programs ask for: ended elements, keys of variables, tokens

Revision: 0003
Follows: 0002
Written: 2026-11-22 19:40:00
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNKNOWN = "unknown"
"""The type of elements that were active before types were kept."""


def upgrade() -> None:
    op.create_table(
        "ended_element",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("scope_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    op.create_index("ix_ended_element_instance", "ended_element", ["community", "instance_key"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "id"),
    )
    op.create_index("ix_api_token_person", "api_token", ["community", "person"], unique=False)
    op.add_column("user_task", sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("element_instance") as batch:
        batch.add_column(sa.Column("type", sa.String(length=32), nullable=False, server_default=UNKNOWN))
    with op.batch_alter_table("element_instance") as batch:
        batch.alter_column("type", server_default=None)
    op.add_column("variable", sa.Column("key", sa.BigInteger(), nullable=True))
    _number_variables()
    with op.batch_alter_table("variable") as batch:
        batch.alter_column("key", existing_type=sa.BigInteger(), nullable=False)
    op.create_index("ix_variable_key", "variable", ["community", "key"], unique=False)


def _number_variables() -> None:
    """Small numbers, which no key of the generator can equal."""
    variable = sa.table(
        "variable", sa.column("community"), sa.column("scope_key"), sa.column("name"), sa.column("key")
    )
    identity = [variable.c.community, variable.c.scope_key, variable.c.name]
    connection = op.get_bind()
    numbered = [
        {"at": row.community, "scope": row.scope_key, "called": row.name, "number": number}
        for number, row in enumerate(connection.execute(sa.select(*identity)), 1)
    ]
    if numbered:
        names = ("at", "scope", "called")
        match = [column == sa.bindparam(name) for column, name in zip(identity, names, strict=True)]
        connection.execute(variable.update().where(*match).values(key=sa.bindparam("number")), numbered)


def downgrade() -> None:
    op.drop_index("ix_variable_key", table_name="variable")
    with op.batch_alter_table("variable") as batch:
        batch.drop_column("key")
    with op.batch_alter_table("element_instance") as batch:
        batch.drop_column("type")
    with op.batch_alter_table("user_task") as batch:
        batch.drop_column("follow_up_at")
    op.drop_index("ix_api_token_person", table_name="api_token")
    op.drop_table("api_token")
    op.drop_index("ix_ended_element_instance", table_name="ended_element")
    op.drop_table("ended_element")
