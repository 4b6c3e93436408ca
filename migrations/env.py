"""Alembic's entry: one history for the tables of engine, workflows and web, on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from engine.store import tables
from engine.store.database import Store
from web import store as web_store
from workflows import store as workflows_store
from workflows.accounts import store as _accounts  # noqa: F401 - declares its tables
from workflows.ballots import store as _ballots  # noqa: F401
from workflows.calendar import store as _calendar  # noqa: F401
from workflows.issues import store as _issues  # noqa: F401
from workflows.ledger import store as _ledger  # noqa: F401
from workflows.matters import store as _matters  # noqa: F401
from workflows.meetings import store as _meetings  # noqa: F401
from workflows.notices import store as _notices  # noqa: F401
from workflows.organisation import store as _organisation  # noqa: F401
from workflows.parameters import store as _parameters  # noqa: F401
from workflows.reviews import store as _reviews  # noqa: F401
from workflows.workbench import store as _workbench  # noqa: F401

TARGETS = [tables.metadata, workflows_store.metadata, web_store.metadata]


def plain(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what the database keeps, so that old revisions need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, tables.Instant) else False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=TARGETS,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """With the connection the product hands over, or alone by ``sqlalchemy.url``."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    store = Store.open(context.config.get_main_option("sqlalchemy.url") or "sqlite:///var/yishi.db")
    with store.transaction() as connection:
        migrate(connection)
    store.close()


main()
