"""Tables of the product's own door: attachments, which forms were acted on already, tokens of programs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, String, Table, Text, false

from engine.store.tables import Instant

MAX_MARK = 64

metadata = MetaData()

attachment = Table(
    "attachment",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("instance_key", BigInteger, nullable=False),
    Column("name", String(255), nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("sha256", String(64), nullable=False),
    Column("uploaded_by", String(255), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    Column("shared", Boolean, nullable=False, server_default=false()),  # with all whom the matter concerns
    Index("ix_attachment_instance", "community", "instance_key"),
)

request_once = Table(  # what a form was answered with when it was first sent
    "request_once",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("person", String(255), primary_key=True),
    Column("mark", String(MAX_MARK), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

api_token = Table(  # what programs show instead of a password
    "api_token",
    metadata,
    Column("community", String(64), primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("person", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("digest", String(64), nullable=False),  # of the secret half; the secret itself is kept nowhere
    Column("scopes", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Index("ix_api_token_person", "community", "person"),
)
