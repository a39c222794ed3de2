"""Alembic's entry: runs the migrations on the connection that `upgrade` brings along."""

from __future__ import annotations

from alembic import context

from service.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
context.run_migrations()
