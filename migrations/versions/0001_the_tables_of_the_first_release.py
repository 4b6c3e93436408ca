"""the tables of the first release

Revision: 0001
Follows:
Written: 2026-11-22 19:06:53.613961
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
