"""the tables of the first release

Revision: 0001
Follows: nothing
Written: 2026-11-22 19:07:36.468905
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_definition",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("decision_id", "version"),
    )
    op.create_table(
        "definition_binding",
        sa.Column("definition_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("target_key", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("definition_key", "kind", "name"),
    )
    op.create_table(
        "deployed_resource",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deployment_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "deployment",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "element_instance",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("scope_key", sa.BigInteger(), nullable=True),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("loop_index", sa.Integer(), nullable=True),
        sa.Column("loop_total", sa.Integer(), nullable=True),
        sa.Column("loop_done", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("element_instance", schema=None) as batch_op:
        batch_op.create_index("ix_element_instance", ["community", "instance_key"], unique=False)
        batch_op.create_index("ix_element_scope", ["community", "scope_key"], unique=False)

    op.create_table(
        "event_subscription",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("correlation_key", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.create_index("ix_subscription_element", ["community", "element_key"], unique=False)
        batch_op.create_index(
            "ix_subscription_match", ["community", "kind", "name", "correlation_key"], unique=False
        )

    op.create_table(
        "form_definition",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("form_id", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("form_id", "version"),
    )
    op.create_table(
        "gateway_arrival",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("scope_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("gateway_id", sa.String(length=255), nullable=False),
        sa.Column("flow_id", sa.String(length=255), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "scope_key", "gateway_id", "flow_id"),
    )
    op.create_table(
        "history_event",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("element_name", sa.String(length=255), nullable=False),
        sa.Column("actor_id", sa.String(length=255), nullable=False),
        sa.Column("actor_name", sa.String(length=255), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("community", "instance_key", "seq"),
    )
    op.create_table(
        "history_value",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("community", "instance_key", "seq", "name"),
    )
    op.create_table(
        "incident",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_element", ["community", "element_key"], unique=False)
        batch_op.create_index("ix_incident_open", ["community", "resolved_at", "raised_at"], unique=False)

    op.create_table(
        "job",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_by", sa.String(length=255), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_job_element", ["community", "element_key"], unique=False)

    op.create_table(
        "loop_output",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("body_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("loop_index", sa.Integer(), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "body_key", "loop_index"),
    )
    op.create_table(
        "message",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("correlation_key", sa.String(length=500), nullable=False),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("variables", sa.Text(), nullable=False),
        sa.Column("delivered", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
        sa.UniqueConstraint("community", "name", "correlation_key", "message_id"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_match", ["community", "name", "correlation_key", "expires_at"], unique=False
        )

    op.create_table(
        "outbox",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("idempotency_key", sa.String(length=255), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_due", ["delivered_at", "due_at"], unique=False)

    op.create_table(
        "process_definition",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("resource_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deployed_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("process_id", "version"),
    )
    op.create_table(
        "process_instance",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("definition_key", sa.BigInteger(), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("matter_no", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_by", sa.String(length=255), nullable=False),
        sa.Column("started_by_name", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_event", sa.String(length=255), nullable=True),
        sa.Column("parent_key", sa.BigInteger(), nullable=True),
        sa.Column("parent_element_key", sa.BigInteger(), nullable=True),
        sa.Column("history_seq", sa.Integer(), nullable=False),
        sa.Column("history_head", sa.String(length=64), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "key"),
        sa.UniqueConstraint("community", "matter_no"),
    )
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.create_index("ix_instance_definition", ["definition_key", "state"], unique=False)
        batch_op.create_index("ix_instance_starter", ["community", "started_by", "started_at"], unique=False)

    op.create_table(
        "start_subscription",
        sa.Column("message_name", sa.String(length=255), nullable=False),
        sa.Column("process_id", sa.String(length=255), nullable=False),
        sa.Column("definition_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("message_name", "process_id"),
    )
    op.create_table(
        "task_candidate",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("task_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("principal", sa.String(length=255), nullable=False),
        sa.Column("is_group", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community", "task_key", "principal"),
    )
    with op.batch_alter_table("task_candidate", schema=None) as batch_op:
        batch_op.create_index(
            "ix_candidate_principal", ["community", "principal", "open", "task_key"], unique=False
        )

    op.create_table(
        "task_draft",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("task_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "task_key", "person"),
    )
    op.create_table(
        "timer",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("repetitions", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.create_index("ix_timer_due", ["due_at"], unique=False)
        batch_op.create_index("ix_timer_element", ["community", "element_key"], unique=False)

    op.create_table(
        "user_task",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("element_key", sa.BigInteger(), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("assignee", sa.String(length=255), nullable=True),
        sa.Column("form_key", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_by", sa.String(length=255), nullable=True),
        sa.Column("completed_by_name", sa.String(length=255), nullable=True),
        sa.Column("completed_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("community", "key"),
    )
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.create_index("ix_task_assignee", ["community", "assignee", "state", "due_at"], unique=False)
        batch_op.create_index("ix_task_done", ["community", "completed_by", "ended_at"], unique=False)
        batch_op.create_index("ix_task_element", ["community", "element_key"], unique=False)
        batch_op.create_index("ix_task_instance", ["community", "instance_key"], unique=False)

    op.create_table(
        "variable",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("scope_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "scope_key", "name"),
    )
    with op.batch_alter_table("variable", schema=None) as batch_op:
        batch_op.create_index("ix_variable_instance", ["community", "instance_key"], unique=False)

    op.create_table(
        "account",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "archive",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("archive_no", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "archive_no", name=op.f("pk_archive")),
        sa.UniqueConstraint("community", "matter_no", name=op.f("uq_archive_community_matter_no")),
    )
    op.create_table(
        "ballot_box",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("motion_text", sa.Text(), nullable=False),
        sa.Column("base_count", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_ballot_box")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("region", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_revision",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_calendar_revision")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("region", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("region", "year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "notification",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_notification")),
    )
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index("ix_notification_person", ["person", "read_at", "created_at"], unique=False)

    op.create_table(
        "number_sequence",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "prefix", "year", name=op.f("pk_number_sequence")),
    )
    op.create_table(
        "place",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["place.id"], name=op.f("fk_place_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index("ix_place_parent", ["parent"], unique=False)

    op.create_table(
        "public_notice",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("matter_no", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_public_notice")),
    )
    with op.batch_alter_table("public_notice", schema=None) as batch_op:
        batch_op.create_index("ix_public_notice_board", ["community", "published_at"], unique=False)
        batch_op.create_index("ix_public_notice_matter", ["community", "matter_no"], unique=False)

    op.create_table(
        "ballot_named_paper",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "box"],
            ["ballot_box.community", "ballot_box.id"],
            name=op.f("fk_ballot_named_paper_community_box"),
        ),
        sa.PrimaryKeyConstraint("community", "box", "seat", name=op.f("pk_ballot_named_paper")),
        sa.UniqueConstraint(
            "community", "box", "receipt", name=op.f("uq_ballot_named_paper_community_box_receipt")
        ),
    )
    op.create_table(
        "ballot_participation",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "box"],
            ["ballot_box.community", "ballot_box.id"],
            name=op.f("fk_ballot_participation_community_box"),
        ),
        sa.PrimaryKeyConstraint("community", "box", "seat", name=op.f("pk_ballot_participation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_secret_paper",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("box", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("choice", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["community", "box"],
            ["ballot_box.community", "ballot_box.id"],
            name=op.f("fk_ballot_secret_paper_community_box"),
        ),
        sa.PrimaryKeyConstraint("community", "box", "receipt", name=op.f("pk_ballot_secret_paper")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "body",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["place.id"], name=op.f("fk_body_community")),
        sa.ForeignKeyConstraint(["place"], ["place.id"], name=op.f("fk_body_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body")),
    )
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.create_index("ix_body_community", ["community"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["community"], ["place.id"], name=op.f("fk_organisation_community")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_community", ["community"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("home", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["home"], ["place.id"], name=op.f("fk_person_home")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_home", ["home"], unique=False)

    op.create_table(
        "organisation_member",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_organisation_member_organisation")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_organisation_member_person")),
        sa.PrimaryKeyConstraint("organisation", "person", name=op.f("pk_organisation_member")),
    )
    with op.batch_alter_table("organisation_member", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_member_person", ["person"], unique=False)

    op.create_table(
        "post",
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_post_person")),
        sa.ForeignKeyConstraint(["place"], ["place.id"], name=op.f("fk_post_place")),
        sa.PrimaryKeyConstraint("place", "role", "person", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_person", ["person"], unique=False)

    op.create_table(
        "seat",
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("core", sa.Boolean(), nullable=False),
        sa.Column("titular", sa.String(length=64), nullable=True),
        sa.Column("alternate", sa.String(length=64), nullable=True),
        sa.Column("vacant_reason", sa.String(length=255), nullable=False),
        sa.Column("mandate_from", sa.Date(), nullable=True),
        sa.Column("mandate_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["alternate"], ["person.id"], name=op.f("fk_seat_alternate")),
        sa.ForeignKeyConstraint(["body"], ["body.id"], name=op.f("fk_seat_body")),
        sa.ForeignKeyConstraint(["titular"], ["person.id"], name=op.f("fk_seat_titular")),
        sa.PrimaryKeyConstraint("body", "seat", name=op.f("pk_seat")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index("ix_seat_alternate", ["alternate"], unique=False)
        batch_op.create_index("ix_seat_titular", ["titular"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("instance_key", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=128), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by", sa.String(length=255), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "id"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_instance", ["community", "instance_key"], unique=False)

    op.create_table(
        "request_once",
        sa.Column("community", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "person", "mark"),
    )


def downgrade() -> None:
    op.drop_table("request_once")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_instance")

    op.drop_table("attachment")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index("ix_seat_titular")
        batch_op.drop_index("ix_seat_alternate")

    op.drop_table("seat")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index("ix_post_person")

    op.drop_table("post")
    with op.batch_alter_table("organisation_member", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_member_person")

    op.drop_table("organisation_member")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_home")

    op.drop_table("person")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_community")

    op.drop_table("organisation")
    with op.batch_alter_table("body", schema=None) as batch_op:
        batch_op.drop_index("ix_body_community")

    op.drop_table("body")
    op.drop_table("ballot_secret_paper")
    op.drop_table("ballot_participation")
    op.drop_table("ballot_named_paper")
    with op.batch_alter_table("public_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_public_notice_matter")
        batch_op.drop_index("ix_public_notice_board")

    op.drop_table("public_notice")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index("ix_place_parent")

    op.drop_table("place")
    op.drop_table("number_sequence")
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index("ix_notification_person")

    op.drop_table("notification")
    op.drop_table("calendar_year")
    op.drop_table("calendar_revision")
    op.drop_table("calendar_day")
    op.drop_table("ballot_box")
    op.drop_table("archive")
    op.drop_table("account")
    with op.batch_alter_table("variable", schema=None) as batch_op:
        batch_op.drop_index("ix_variable_instance")

    op.drop_table("variable")
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_instance")
        batch_op.drop_index("ix_task_element")
        batch_op.drop_index("ix_task_done")
        batch_op.drop_index("ix_task_assignee")

    op.drop_table("user_task")
    with op.batch_alter_table("timer", schema=None) as batch_op:
        batch_op.drop_index("ix_timer_element")
        batch_op.drop_index("ix_timer_due")

    op.drop_table("timer")
    op.drop_table("task_draft")
    with op.batch_alter_table("task_candidate", schema=None) as batch_op:
        batch_op.drop_index("ix_candidate_principal")

    op.drop_table("task_candidate")
    op.drop_table("start_subscription")
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_instance_starter")
        batch_op.drop_index("ix_instance_definition")

    op.drop_table("process_instance")
    op.drop_table("process_definition")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")

    op.drop_table("outbox")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_match")

    op.drop_table("message")
    op.drop_table("loop_output")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_element")
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_open")
        batch_op.drop_index("ix_incident_element")

    op.drop_table("incident")
    op.drop_table("history_value")
    op.drop_table("history_event")
    op.drop_table("gateway_arrival")
    op.drop_table("form_definition")
    with op.batch_alter_table("event_subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_subscription_match")
        batch_op.drop_index("ix_subscription_element")

    op.drop_table("event_subscription")
    with op.batch_alter_table("element_instance", schema=None) as batch_op:
        batch_op.drop_index("ix_element_scope")
        batch_op.drop_index("ix_element_instance")

    op.drop_table("element_instance")
    op.drop_table("deployment")
    op.drop_table("deployed_resource")
    op.drop_table("definition_binding")
    op.drop_table("decision_definition")
