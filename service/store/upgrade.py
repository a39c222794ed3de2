"""Bring the database to the newest schema, once, however many processes start at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from service.store.sessions import Sessions

MIGRATIONS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 7_187_401
"""PostgreSQL advisory lock: any number, as long as it is always the same."""


def upgrade(sessions: Sessions) -> str:
    """Run the migrations that are missing and return the revision the database is at now."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    newest = ScriptDirectory.from_config(config).get_current_head() or ""
    if revision(sessions.engine) == newest:
        return newest
    with sessions.engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return newest


def revision(engine: Engine) -> str | None:
    """Return the revision the database is at, or None before the first migration."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
