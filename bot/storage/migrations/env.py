"""Run by Alembic: migrates over the connection that `schema.migrate` hands in, inside its transaction."""

from __future__ import annotations

from alembic import context

from bot.storage.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can't alter columns in place; Alembic then copies the table.
    render_as_batch=True,
)
context.run_migrations()
