"""The engine's tables: rows instead of blobs, variables by scope.

``community`` is the distribution key: it leads the primary key of everything that belongs to a
matter, so that PostgreSQL can spread and partition by it. Definitions belong to everybody and carry none.
Instants are UTC. Keys come from :mod:`engine.keys`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC on every database (SQLite forgets time zones by itself)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _community() -> Column[str]:
    return Column("community", String(64), primary_key=True)


def _key(name: str = "key") -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


def _reference(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def _text(name: str, *, null: bool = False, size: int = 255) -> Column[str]:
    return Column(name, String(size), nullable=null)


def _instant(name: str, *, null: bool = False) -> Column[Any]:
    return Column(name, Instant, nullable=null)


def _held() -> Column[Any]:
    """Nobody takes the row up before this instant: a worker has claimed it (:mod:`engine.claims`)."""
    return _instant("held_until", null=True)


# ---- deployments -----------------------------------------------------------------------------

deployment = Table(
    "deployment",
    metadata,
    _key(),
    _instant("deployed_at"),
    _text("deployed_by"),
)

resource = Table(
    "deployed_resource",
    metadata,
    _key(),
    _reference("deployment_key"),
    _text("name"),
    _text("kind", size=16),  # bpmn | dmn | form
    _text("digest", size=64),
    Column("content", LargeBinary, nullable=False),
)

definition = Table(
    "process_definition",
    metadata,
    _key(),
    _reference("resource_key"),
    _text("process_id"),
    Column("version", Integer, nullable=False),
    _text("name"),
    _text("digest", size=64),
    _instant("deployed_at"),
    _text("deployed_by"),
    UniqueConstraint("process_id", "version"),
)

retired_process = Table(  # out of use: nothing new begins, what runs is finished
    "retired_process",
    metadata,
    Column("process_id", String(255), primary_key=True),
    _text("retired_by"),
    _instant("retired_at"),
)

decision = Table(
    "decision_definition",
    metadata,
    _key(),
    _reference("resource_key"),
    _text("decision_id"),
    Column("version", Integer, nullable=False),
    _text("name"),
    UniqueConstraint("decision_id", "version"),
)

form = Table(
    "form_definition",
    metadata,
    _key(),
    _reference("resource_key"),
    _text("form_id"),
    Column("version", Integer, nullable=False),
    _text("title"),
    UniqueConstraint("form_id", "version"),
)

binding = Table(  # which version of a form or table a process version runs with, fixed at deployment
    "definition_binding",
    metadata,
    Column("definition_key", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),  # form | decision
    Column("name", String(255), primary_key=True),
    _reference("target_key"),
)

start_subscription = Table(  # messages that start a new instance of the latest version
    "start_subscription",
    metadata,
    Column("message_name", String(255), primary_key=True),
    Column("process_id", String(255), primary_key=True),
    _reference("definition_key"),
    _text("element_id"),
)

start_timer = Table(  # when a process starts by itself in a community; of its newest version only
    "start_timer",
    metadata,
    _community(),
    Column("process_id", String(255), primary_key=True),
    Column("element_id", String(255), primary_key=True),
    _reference("definition_key"),
    _instant("due_at"),
    Column("repetitions", Integer, nullable=False),  # still to come after this one; -1 without end
    _text("cycle", null=True),  # ISO 8601 repetition, to compute the next from
    _held(),
    Index("ix_start_timer_due", "due_at", "process_id", "element_id"),
)

# ---- running matters ---------------------------------------------------------------------------

instance = Table(
    "process_instance",
    metadata,
    _community(),
    _key(),
    _reference("definition_key"),
    _text("process_id"),
    _text("matter_no"),
    _text("title", size=500),
    _text("state", size=16),  # ACTIVE | COMPLETED | TERMINATED
    _text("started_by"),
    _text("started_by_name"),
    _instant("started_at"),
    _instant("ended_at", null=True),
    _instant("suspended_at", null=True),  # while it rests
    _text("end_event", null=True),
    _reference("parent_key", null=True),
    _reference("parent_element_key", null=True),
    Column("history_seq", Integer, nullable=False),
    _text("history_head", size=64),
    Column("row_version", Integer, nullable=False),
    UniqueConstraint("community", "matter_no"),
    Index("ix_instance_starter", "community", "started_by", "started_at"),
    Index("ix_instance_definition", "definition_key", "state"),
    Index("ix_instance_parent", "community", "parent_key"),
)

element = Table(  # one row for each active element instance (and the root scope); gone when it ends
    "element_instance",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("scope_key", null=True),
    _text("element_id"),
    _text("kind", size=16),  # PROCESS | ELEMENT | BODY | ITERATION
    _text("type", size=32),  # the BPMN tag; eventSubProcess where that is one
    _text("state", size=16),  # ACTIVE | JOINING | INCIDENT
    Column("tokens", Integer, nullable=False),  # active children, for scopes
    Column("loop_index", Integer),  # 1-based, for iterations
    Column("loop_total", Integer),
    Column("loop_done", Integer),
    _instant("entered_at"),
    Index("ix_element_scope", "community", "scope_key"),
    Index("ix_element_instance", "community", "instance_key"),
)

ended_element = Table(  # what element instances were once they have ended
    "ended_element",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("scope_key", null=True),
    _text("element_id"),
    _text("kind", size=16),
    _text("type", size=32),
    _text("state", size=16),  # COMPLETED | TERMINATED
    _instant("entered_at"),
    _instant("ended_at"),
    Index("ix_ended_element_instance", "community", "instance_key"),
)

arrival = Table(  # tokens that wait before a joining gateway
    "gateway_arrival",
    metadata,
    _community(),
    Column("scope_key", BigInteger, primary_key=True, autoincrement=False),
    Column("gateway_id", String(255), primary_key=True),
    Column("flow_id", String(255), primary_key=True),
    _reference("instance_key"),
    Column("tokens", Integer, nullable=False),
)

variable = Table(
    "variable",
    metadata,
    _community(),
    Column("scope_key", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(255), primary_key=True),
    _reference("key"),
    _reference("instance_key"),
    Column("value", Text, nullable=False),
    Index("ix_variable_key", "community", "key"),
    Index("ix_variable_instance", "community", "instance_key"),
)

loop_output = Table(  # what each iteration of a multi-instance body gave, gathered once at its end
    "loop_output",
    metadata,
    _community(),
    Column("body_key", BigInteger, primary_key=True, autoincrement=False),
    Column("loop_index", Integer, primary_key=True),
    _reference("instance_key"),
    Column("value", Text, nullable=False),
)

user_task = Table(
    "user_task",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("element_key"),
    _text("element_id"),
    _text("name"),
    _text("state", size=16),  # CREATED | COMPLETED | CANCELED
    _text("assignee", null=True),
    _text("owner", null=True),  # who gets it back from the assignee it was delegated to
    _reference("signs_for", null=True),  # the task whose doer asked for this opinion
    Column("open_signers", Integer, nullable=False, server_default="0"),  # opinions still missing
    _reference("form_key", null=True),
    _instant("due_at", null=True),
    _instant("follow_up_at", null=True),
    Column("priority", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    _instant("created_at"),
    _instant("ended_at", null=True),
    _text("completed_by", null=True),
    _text("completed_by_name", null=True),
    Column("completed_seq", Integer),  # the history event that holds what was submitted
    Index("ix_task_assignee", "community", "assignee", "state", "due_at", "key"),
    Index("ix_task_element", "community", "element_key"),
    Index("ix_task_instance", "community", "instance_key"),
    Index("ix_task_done", "community", "completed_by", "ended_at", "key"),
    Index("ix_task_signs_for", "community", "signs_for"),
)

candidate = Table(  # persons and concrete groups that may claim a task
    "task_candidate",
    metadata,
    _community(),
    Column("task_key", BigInteger, primary_key=True, autoincrement=False),
    Column("principal", String(255), primary_key=True),
    Column("is_group", Boolean, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("ix_candidate_principal", "community", "principal", "open", "task_key"),
)

roster_member = Table(  # who is asked by a roster task, and who has answered
    "roster_member",
    metadata,
    _community(),
    Column("task_key", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(255), primary_key=True),
    _instant("answered_at", null=True),
    Index("ix_roster_person", "community", "person", "answered_at", "task_key"),
)

draft = Table(
    "task_draft",
    metadata,
    _community(),
    Column("task_key", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(255), primary_key=True),
    Column("data", Text, nullable=False),
    _instant("saved_at"),
)

matter_copy = Table(  # who was sent a matter to read, and when they first did
    "matter_copy",
    metadata,
    _community(),
    Column("instance_key", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(255), primary_key=True),
    _text("sent_by"),
    _text("sent_by_name"),
    _text("note", size=500),
    _instant("sent_at"),
    _instant("read_at", null=True),
    Index("ix_matter_copy_person", "community", "person", "read_at"),
)

timer = Table(
    "timer",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("element_key"),  # the element instance that waits
    _text("event_id"),  # the event node that fires
    _instant("due_at"),
    Column("repetitions", Integer, nullable=False),  # still to come after this one; -1 without end
    _text("cycle", null=True),  # ISO 8601 duration between repetitions
    _held(),
    Index("ix_timer_due", "due_at", "key"),
    Index("ix_timer_element", "community", "element_key"),
)

subscription = Table(
    "event_subscription",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("element_key"),
    _text("event_id"),
    _text("kind", size=16),  # message | signal | conditional
    _text("name"),
    _text("correlation_key", size=500),
    Column("satisfied", Boolean),  # of a condition: whether it held when last looked at
    Index("ix_subscription_match", "community", "kind", "name", "correlation_key"),
    Index("ix_subscription_element", "community", "element_key"),
)

message = Table(  # published and kept until it expires: for who asks later, and against doubles
    "message",
    metadata,
    _community(),
    _key(),
    _text("name"),
    _text("correlation_key", size=500),
    _text("message_id", null=True),
    Column("variables", Text, nullable=False),
    Column("delivered", Boolean, nullable=False),
    _instant("published_at"),
    _instant("expires_at"),
    Index("ix_message_match", "community", "name", "correlation_key", "expires_at"),
    UniqueConstraint("community", "name", "correlation_key", "message_id"),
)

job = Table(  # service tasks whose handler has failed and is called again
    "job",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("element_key"),
    _text("type"),
    Column("tries", Integer, nullable=False),  # failed so far
    Column("retries", Integer, nullable=False),  # tries left
    _instant("due_at"),
    _held(),
    Column("error", Text),
    Index("ix_job_due", "due_at", "key"),
    Index("ix_job_element", "community", "element_key"),
)

external_job = Table(  # service tasks that programs outside do
    "external_job",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("element_key"),
    _text("element_id"),
    _text("type"),
    Column("retries", Integer, nullable=False),  # tries left
    _instant("available_at"),  # when a worker may have it: the end of a lease or of a pause
    _text("worker", null=True),
    _instant("deadline", null=True),  # the end of the lease
    Column("error", Text),
    _instant("created_at"),
    Index("ix_external_job_available", "community", "type", "available_at"),
    Index("ix_external_job_element", "community", "element_key"),
)

incident = Table(
    "incident",
    metadata,
    _community(),
    _key(),
    _reference("instance_key"),
    _reference("element_key"),
    _text("element_id"),
    _text("action", size=16),  # what is tried again on resolution: enter | complete | happen
    _text("event_id", null=True),  # the event that had come, for happen
    Column("results", Text),  # the variables that action was given
    _text("kind", size=32),
    Column("message", Text, nullable=False),
    _instant("raised_at"),
    _instant("resolved_at", null=True),
    _text("resolved_by", null=True),
    Index("ix_incident_open", "community", "resolved_at", "raised_at"),
    Index("ix_incident_element", "community", "element_key"),
)

# ---- history -------------------------------------------------------------------------------------

history = Table(  # append-only; each row's digest covers the one before it
    "history_event",
    metadata,
    _community(),
    Column("instance_key", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True),
    _instant("at"),
    _text("kind", size=32),
    _text("element_id"),
    _text("element_name"),
    _text("actor_id"),
    _text("actor_name"),
    Column("data", Text, nullable=False),
    _text("digest", size=64),
)

history_value = (
    Table(  # values that may be erased stand beside the chain; the chain holds their salted digest
        "history_value",
        metadata,
        _community(),
        Column("instance_key", BigInteger, primary_key=True, autoincrement=False),
        Column("seq", Integer, primary_key=True),
        Column("name", String(255), primary_key=True),
        _text("salt", size=32),
        Column("value", Text),
    )
)

outbox = Table(  # effects that leave the database, delivered at least once
    "outbox",
    metadata,
    _community(),
    _key(),
    _text("topic"),
    _text("idempotency_key"),
    Column("payload", Text, nullable=False),
    _instant("created_at"),
    _instant("due_at", null=True),  # none once it was delivered or given up
    _held(),
    _instant("delivered_at", null=True),
    Column("attempts", Integer, nullable=False),  # that have failed
    Column("error", Text),
    UniqueConstraint("community", "topic", "idempotency_key", name="uq_outbox"),
    Index("ix_outbox_due", "due_at", "key"),
)
